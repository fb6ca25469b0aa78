import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { logMedianInterval } from '../../src/engine/analysis/inference/median-interval.ts';
import { medianWeightsBySize } from '../../src/engine/analysis/inference/median-weights.ts';
import { seededRandom, shuffle } from '../../src/engine/random.ts';
import type { Estimate } from '../../src/shared/experiment-analysis.ts';
import { spreadOf } from '../support/statistics.ts';
import { drawTable, showNumber } from '../support/table.ts';
import { cases, headline, type RunnerCase } from './cases.ts';
import { type Added, isWithin, judgeAdded } from './judge.ts';
import { openOurs, type Timing } from './ours.ts';

/**
 * `npm run bench:runner`: what our run hosts add to the same work written by hand, and whether the headline of the
 * seeds is the one of the hand-written script. Needs `npm run build`. `--rounds N`, `--case TEXT` (`headline` is one),
 * `--check` (fails where a target is missed). What is unclear then has twice as many rounds more, once.
 */

const resultFolder = join(import.meta.dirname, '..', '..', 'test-results');
const weightsOf = medianWeightsBySize(1, 10_000);

type Ours = Awaited<ReturnType<typeof openOurs>>;

function runBare(ours: Ours, { runtime, strategy, workers, tasks, n, rounds }: RunnerCase): Timing {
  const program =
    runtime === 'node' ? resolve('out/bench/bare-work.js') : resolve('bench/programs/bare_work.py');
  const figures = [workers, tasks, n, rounds].map(String);
  const { stdout, stderr } = spawnSync(ours.interpreterPath(runtime), [program, strategy, ...figures], {
    encoding: 'utf8',
  });
  const [wallMs = Number.NaN, checksum] = stdout.trim().split(' ');
  if (checksum === undefined) throw new Error(`${program} has failed: ${stderr}`);
  return { wallMs: Number(wallMs), checksum };
}

interface CaseTimes {
  readonly oursMs: number[];
  readonly bareMs: number[];
}

interface CaseResult extends CaseTimes, Added {
  readonly name: string;
  readonly ratio: Estimate | null;
}

async function compareCases(
  chosen: readonly RunnerCase[],
  rounds: number,
  ours: Ours,
): Promise<CaseResult[]> {
  const random = seededRandom(1);
  const times = new Map<string, CaseTimes>(chosen.map(({ name }) => [name, { oursMs: [], bareMs: [] }]));
  const results = (): CaseResult[] =>
    [...times].map(([name, { oursMs, bareMs }]) => ({
      name,
      oursMs,
      bareMs,
      ratio: ratioOf(oursMs, bareMs),
      ...judgeAdded(oursMs, bareMs),
    }));
  // The first one warms files and caches.
  await runRounds(chosen, 1, ours, random, null);
  await runRounds(chosen, rounds, ours, random, times);
  const isUnclear = new Set(results().flatMap(({ name, verdict }) => (verdict === 'unclear' ? [name] : [])));
  const again = chosen.filter(({ name }) => isUnclear.has(name));
  if (again.length > 0) {
    process.stderr.write(`unclear: ${[...isUnclear].join(', ')}\n`);
    await runRounds(again, 2 * rounds, ours, random, times);
  }
  return results();
}

/** Each round runs both sides of every case, one right after the other, in an order of its own. */
async function runRounds(
  chosen: readonly RunnerCase[],
  rounds: number,
  ours: Ours,
  random: () => number,
  times: ReadonlyMap<string, CaseTimes> | null,
): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    for (const each of shuffle(chosen, random)) {
      const timings: Partial<Record<'ours' | 'bare', Timing>> = {};
      for (const side of shuffle(['ours', 'bare'] as const, random)) {
        timings[side] = side === 'ours' ? await ours.run(each) : runBare(ours, each);
      }
      const { ours: own, bare } = timings;
      if (own === undefined || bare === undefined) throw new Error('both sides were run');
      if (own.checksum !== bare.checksum) throw new Error(`${each.name}: the two sides did different work`);
      times?.get(each.name)?.oursMs.push(own.wallMs);
      times?.get(each.name)?.bareMs.push(bare.wallMs);
    }
    process.stderr.write(`${times === null ? 'warm-up: ' : ''}round ${round} of ${rounds}\n`);
  }
}

function ratioOf(above: readonly number[], below: readonly number[]): Estimate | null {
  return logMedianInterval(
    above.map((ms, round) => ms / (below[round] ?? Number.NaN)),
    weightsOf,
    'fixed',
  );
}

/** Threads / processes, ours and by the article's script, in the same rounds. */
async function compareHeadline(rounds: number, ours: Ours) {
  const script = resolve('tests/fixtures/seeds/heavy_calculation.py');
  const own = { threads: new Array<number>(), processes: new Array<number>() };
  const theirs = { threads: new Array<number>(), processes: new Array<number>() };
  for (let round = 0; round < rounds; round += 1) {
    for (const strategy of ['threads', 'processes'] as const) {
      own[strategy].push((await ours.run({ runtime: 'python', strategy, ...headline })).wallMs);
    }
    const { stdout } = spawnSync(ours.interpreterPath('python'), [script, String(headline.n)], {
      encoding: 'utf8',
    });
    for (const strategy of ['threads', 'processes'] as const) {
      const seconds = new RegExp(`two ${strategy} took ([\\d.]+) s`).exec(stdout)?.[1];
      theirs[strategy].push(Number(seconds ?? Number.NaN) * 1000);
    }
    process.stderr.write(`headline: round ${round + 1} of ${rounds}\n`);
  }
  const ratios = {
    ours: ratioOf(own.threads, own.processes),
    script: ratioOf(theirs.threads, theirs.processes),
  };
  return { own, theirs, ratios, isWithin: isWithin(ratios.ours?.median, ratios.script?.ci95) };
}

function showEstimate(estimate: Estimate | null): string {
  if (estimate === null) return 'n/a';
  return `${estimate.median.toFixed(3)} (${estimate.ci95.map((side) => side.toFixed(3)).join(' to ')})`;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '12' },
      case: { type: 'string', default: '' },
      check: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const chosen = cases.filter(({ name }) => name.includes(values.case));
  const withHeadline = 'headline'.includes(values.case);
  if (!Number.isInteger(rounds) || rounds < 2 || (chosen.length === 0 && !withHeadline)) {
    console.error(
      `--rounds wants 2 or more, --case a part of one of: headline, ${cases.map(({ name }) => name).join(', ')}`,
    );
    return 2;
  }
  const ours = await openOurs();
  try {
    const results = await compareCases(chosen, rounds, ours);
    const heading = withHeadline ? await compareHeadline(rounds, ours) : null;
    if (results.length > 0) {
      console.log(
        'Wall time of a run, ours beside bare code: medians of interleaved rounds; what is added, with its',
      );
      console.log('95 % interval, is the Hodges-Lehmann shift of the pairs\n');
      console.log(
        drawTable(
          ['', 'rounds', 'ours, ms', 'bare, ms', 'ours/bare (95 %)', 'added, ms', '95 %', 'at most', ''],
          results.map(({ name, oursMs, bareMs, ratio, addedMs, lowMs, highMs, allowedMs, verdict }) => [
            name,
            String(oursMs.length),
            showNumber(spreadOf(oursMs).median),
            showNumber(spreadOf(bareMs).median),
            showEstimate(ratio),
            showNumber(addedMs),
            `${showNumber(lowMs)} to ${showNumber(highMs)}`,
            showNumber(allowedMs),
            verdict,
          ]),
        ),
      );
    }
    if (heading !== null) {
      console.log('\nPython, 2 × 10 000 000: threads/processes (95 %)');
      console.log(`  ours                     ${showEstimate(heading.ratios.ours)}`);
      console.log(`  the hand-written script  ${showEstimate(heading.ratios.script)}`);
      console.log(`  ours within the script's interval: ${heading.isWithin ? 'yes' : 'no'}`);
    }
    mkdirSync(resultFolder, { recursive: true });
    const path = join(resultFolder, 'bench-runner.json');
    writeFileSync(path, `${JSON.stringify({ results, headline: heading }, null, 2)}\n`);
    console.log(`\nWritten to ${path}.`);
    const isMissed = results.some(({ verdict }) => verdict === 'missed') || heading?.isWithin === false;
    return values.check && isMissed ? 1 : 0;
  } finally {
    await ours.stop();
  }
}

process.exitCode = await main();
