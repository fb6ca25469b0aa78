import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSessionClock } from '../../src/engine/clock.ts';
import { createSampler } from '../../src/engine/sampler/index.ts';
import { ownProgram, startChild } from '../support/child.ts';
import { drawTable, showNumber } from '../support/table.ts';
import { createAccount } from './account.ts';

/** `npm run bench:short-lived`: how much CPU of short-lived children the frames account for. */

const resultPath = join(import.meta.dirname, '..', '..', 'test-results', 'bench-short-lived.json');
const perSecond = 200;

const loads = [
  { name: 'sh that does nothing', script: ':' },
  { name: 'sh that counts to 2000', script: 'i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done' },
] as const;
/** How far the total of a tree may be from what rusage tells. */
const target = 0.03;
const rates = [100, 10] as const;

/** What the spawner says about itself, by the kernel's account. */
interface SpawnerReport {
  readonly children: number;
  readonly tookMs: number;
  readonly ownMs: number;
  readonly waitedForMs: number;
}

interface Outcome {
  readonly load: string;
  readonly everyMs: number;
  readonly children: number;
  readonly childrenPerSecond: number;
  readonly processesSeen: number;
  readonly truthMs: number;
  /** Of `truthMs`, what the children used. */
  readonly childrenMs: number;
  readonly framesMs: number;
  /** What the root's total rose by; NaN where frames have none. */
  readonly totalMs: number;
}

async function measure(load: (typeof loads)[number], everyMs: number, seconds: number): Promise<Outcome> {
  const spawner = startChild(ownProgram('spawner', perSecond, seconds, load.script));
  const account = createAccount();
  const sampler = createSampler({ clock: createSessionClock(), everyMs });
  try {
    await spawner.nextLine();
    sampler.watch({ pid: spawner.pid, owner: 'run' });
    sampler.subscribe((message) => {
      account.add(message);
    });
    // Our own program wrote it.
    const report = JSON.parse(await spawner.nextLine()) as SpawnerReport;
    return {
      load: load.name,
      everyMs,
      children: report.children,
      childrenPerSecond: (report.children * 1000) / report.tookMs,
      // The spawner itself is no child.
      processesSeen: account.processesSeen() - 1,
      truthMs: report.ownMs + report.waitedForMs,
      childrenMs: report.waitedForMs,
      framesMs: account.cpuMs(),
      totalMs: account.totalMs(),
    };
  } finally {
    await sampler.stop();
    await spawner.stop();
  }
}

function draw(outcomes: readonly Outcome[]): string {
  const percent = (share: number): string => `${showNumber(share * 100)} %`;
  const rows = outcomes.map((outcome) => {
    const { load, everyMs, truthMs, framesMs, totalMs, childrenMs, children, processesSeen } = outcome;
    return [
      load,
      `${1000 / everyMs} Hz`,
      showNumber(outcome.childrenPerSecond),
      percent(1 - processesSeen / children),
      `${truthMs.toFixed(0)} ms`,
      `${childrenMs.toFixed(0)} ms`,
      `${framesMs.toFixed(0)} ms`,
      percent(1 - framesMs / truthMs),
      percent(totalMs / truthMs - 1).replace('n/a %', 'n/a'),
      Number.isNaN(totalMs) ? 'not measured' : Math.abs(totalMs / truthMs - 1) <= target ? 'met' : 'missed',
    ];
  });
  const heads = [
    'children',
    'rate',
    'a second',
    'never seen',
    'CPU',
    'of children',
    'in frames',
    'missed',
    'total off by',
    '',
  ];
  return drawTable(heads, rows);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
  if (process.platform !== 'linux') {
    console.error('This benchmark reads /proc and runs on Linux only.');
    return 2;
  }
  const seconds = values.quick ? 3 : 10;
  const outcomes: Outcome[] = [];
  for (const load of loads) {
    for (const everyMs of rates) outcomes.push(await measure(load, everyMs, seconds));
  }
  console.log(
    `CPU of a process and its ${perSecond} short-lived children a second, by rusage and by frames\n`,
  );
  console.log(draw(outcomes));
  console.log(
    '\nThe CPU of the children is exact to 20 ms. Missed: the share of all CPU that no row of any frame has.',
  );
  mkdirSync(join(resultPath, '..'), { recursive: true });
  writeFileSync(resultPath, `${JSON.stringify({ seconds, outcomes }, null, 2)}\n`);
  console.log(`Written to ${resultPath}.`);
  return 0;
}

process.exitCode = await main();
