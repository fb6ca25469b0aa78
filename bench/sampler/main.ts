import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ownProgram, startChild } from '../support/child.ts';
import { orderOfRound } from '../support/rounds.ts';
import { drawTable, showNumber, showRatio } from '../support/table.ts';
import { checkAgainstBaseline, readBaseline, renewBaseline } from './baseline.ts';
import { compareCosts, type Comparison } from './compare.ts';
import { findContestants, type Contestant } from './contestants.ts';
import { measureCost, type Cost } from './measure.ts';
import { type Cell, nameOfCell, planOf, plans, type Size } from './plan.ts';
import { judgeTargets, targetRatio } from './targets.ts';

/** `npm run bench:sampler`: what sampling costs, ours and its peers', interleaved in one run. */

const ours = 'ours';
const projectRoot = join(import.meta.dirname, '..', '..');
const baselinePath = join(projectRoot, 'bench', 'baseline.json');
const resultPath = join(projectRoot, 'test-results', 'bench-sampler.json');

interface CellResult {
  readonly cell: string;
  readonly comparisons: readonly Comparison[];
  readonly rounds: Readonly<Record<string, readonly (Cost | null)[]>>;
}

async function measureCell(
  cell: Cell,
  roundCount: number,
  field: readonly Contestant[],
): Promise<CellResult> {
  const tree = startChild(ownProgram('tree-host', cell.processes));
  try {
    await tree.nextLine();
    const costs = new Map<string, (Cost | null)[]>(field.map(({ name }) => [name, []]));
    for (let round = 0; round < roundCount; round += 1) {
      for (const contestant of orderOfRound(field, round)) {
        costs.get(contestant.name)?.push(await measureCost(contestant, tree.pid, cell));
      }
    }
    return {
      cell: nameOfCell(cell),
      comparisons: compareCosts(costs, ours),
      rounds: Object.fromEntries(costs),
    };
  } finally {
    await tree.stop();
  }
}

function drawCell({ cell, comparisons }: CellResult): string {
  const rows = comparisons.map(({ name, cost, heldHz, ratio }) => {
    if (Number.isNaN(cost.median)) return [name, 'cannot'];
    const percent = (share: number): string => showNumber(share * 100);
    const isOurs = name === ours;
    return [
      name,
      percent(cost.median),
      `${percent(cost.lowest)} to ${percent(cost.highest)}`,
      showNumber(heldHz),
      // Who cannot hold the rate looks cheaper than it is by the share alone.
      showNumber((cost.median * 1000) / heldHz),
      isOurs ? '' : showRatio(ratio.median),
      isOurs ? '' : `${showRatio(ratio.lowest)} to ${showRatio(ratio.highest)}`,
      showRatio(targetRatio(cell, name)).replace('n/a', ''),
    ];
  });
  const heads = ['', 'CPU %', 'lowest to highest', 'Hz held', 'ms/sample', 'ours/peer', 'range', 'target'];
  return `${cell}\n${drawTable(heads, rows)}\n`;
}

function parseSize(values: { quick: boolean; full: boolean }): Size {
  if (values.quick && values.full) throw new Error('--quick and --full exclude one another');
  return values.quick ? 'quick' : values.full ? 'full' : 'normal';
}

function check(measured: Parameters<typeof checkAgainstBaseline>[1]): number {
  const { worse, unchecked } = checkAgainstBaseline(readBaseline(baselinePath), measured);
  for (const line of unchecked) console.log(`Not checked: ${line}.`);
  for (const line of worse) console.log(`Worse than the baseline: ${line}.`);
  if (worse.length === 0) console.log('No ratio is worse than the baseline allows.');
  return worse.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const flag = { type: 'boolean', default: false } as const;
  const { values } = parseArgs({
    options: {
      quick: flag,
      full: flag,
      processes: { type: 'string' },
      'without-native': flag,
      check: flag,
      'update-baseline': flag,
    },
  });
  if (process.platform !== 'linux') {
    console.error('This benchmark reads /proc and runs on Linux only.');
    return 2;
  }
  const size = parseSize(values);
  const { cells, rounds } = values.processes === undefined ? plans[size] : planOf(Number(values.processes));
  const { contestants, absent } = findContestants(values['without-native']);
  const [cpu] = os.cpus();
  console.log(`CPU of sampling a tree, in % of one core: median of ${rounds} interleaved rounds (${size})`);
  console.log(
    `${os.availableParallelism()} cores of ${cpu?.model ?? 'an unknown kind'}, Linux, Node ${process.version}`,
  );
  for (const { name, note } of contestants) console.log(`  ${name}: ${note}`);
  for (const { name, reason } of absent) console.log(`Not measured: ${name} (${reason}).`);
  console.log();

  const results: CellResult[] = [];
  for (const cell of cells) {
    const result = await measureCell(cell, rounds, contestants);
    results.push(result);
    console.log(drawCell(result));
    // After each cell: a run that is broken off keeps what it has.
    mkdirSync(join(projectRoot, 'test-results'), { recursive: true });
    writeFileSync(resultPath, `${JSON.stringify({ size, absent, results }, null, 2)}\n`);
  }
  console.log(`Written to ${resultPath}.`);

  const measured = results.flatMap(({ cell, comparisons }) =>
    comparisons
      .filter(({ name }) => name !== ours)
      .map(({ name, ratio }) => ({ cell, peer: name, ratio: ratio.median })),
  );
  console.log(
    drawTable(
      ['target', 'of', 'at most', 'measured', ''],
      judgeTargets(measured).map(({ cell, peer, target, ratio, verdict }) => [
        cell,
        peer,
        showRatio(target),
        showRatio(ratio),
        verdict,
      ]),
    ),
  );
  if (values['update-baseline']) {
    const renewed = renewBaseline(readBaseline(baselinePath), measured);
    writeFileSync(baselinePath, `${JSON.stringify(renewed, null, 2)}\n`);
    console.log(`Renewed ${baselinePath}.`);
  }
  return values.check ? check(measured) : 0;
}

process.exitCode = await main();
