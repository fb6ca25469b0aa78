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
import { openOurs, type Timing } from './ours.ts';

/**
 * `npm run bench:runner`: what our run hosts add to the same work written by hand, and whether the headline of the
 * seeds is the one of the hand-written script. Needs `npm run build`. `--rounds N`, `--case TEXT` (`headline` is one),
 * `--check` (fails where a target is missed).
 */

const resultFolder = join(import.meta.dirname, '..', '..', 'test-results');
/** What may be added: the larger of the two. */
const target = { share: 0.01, ms: 5 } as const;
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

interface CaseResult {
  readonly name: string;
  readonly oursMs: readonly number[];
  readonly bareMs: readonly number[];
  readonly ratio: Estimate | null;
  /** Median of what each round added. */
  readonly addedMs: number;
  readonly allowedMs: number;
  readonly verdict: 'met' | 'missed' | 'unclear';
}

/** Each round runs both sides of every case, one right after the other, in an order of its own. */
async function compareCases(
  chosen: readonly RunnerCase[],
  rounds: number,
  ours: Ours,
): Promise<CaseResult[]> {
  const random = seededRandom(1);
  const times = new Map(
    chosen.map((each) => [each.name, { ours: new Array<number>(), bare: new Array<number>() }]),
  );
  // Round 0 warms files and caches.
  for (let round = 0; round <= rounds; round += 1) {
    for (const each of shuffle(chosen, random)) {
      const timings: Partial<Record<'ours' | 'bare', Timing>> = {};
      for (const side of shuffle(['ours', 'bare'] as const, random)) {
        timings[side] = side === 'ours' ? await ours.run(each) : runBare(ours, each);
      }
      const { ours: own, bare } = timings;
      if (own === undefined || bare === undefined) throw new Error('both sides were run');
      if (own.checksum !== bare.checksum) throw new Error(`${each.name}: the two sides did different work`);
      if (round === 0) continue;
      times.get(each.name)?.ours.push(own.wallMs);
      times.get(each.name)?.bare.push(bare.wallMs);
    }
    process.stderr.write(`round ${round} of ${rounds}\n`);
  }
  return [...times].map(([name, { ours: oursMs, bare: bareMs }]) => judge(name, oursMs, bareMs));
}

function judge(name: string, oursMs: readonly number[], bareMs: readonly number[]): CaseResult {
  const bareMedianMs = spreadOf(bareMs).median;
  const allowedMs = Math.max(target.share * bareMedianMs, target.ms);
  const addedMs = spreadOf(oursMs.map((ms, round) => ms - (bareMs[round] ?? Number.NaN))).median;
  const ratio = ratioOf(oursMs, bareMs);
  const leastAddedMs = ((ratio?.ci95[0] ?? Number.NaN) - 1) * bareMedianMs;
  // Noise may lift the middle above what is allowed, but not the whole interval.
  const verdict = addedMs <= allowedMs ? 'met' : leastAddedMs > allowedMs ? 'missed' : 'unclear';
  return { name, oursMs, bareMs, ratio, addedMs, allowedMs, verdict };
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
  const [low, high] = ratios.script?.ci95 ?? [Number.NaN, Number.NaN];
  const isWithin = ratios.ours !== null && ratios.ours.median >= low && ratios.ours.median <= high;
  return { own, theirs, ratios, verdict: isWithin ? ('met' as const) : ('missed' as const) };
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
      console.log(`Wall time of a run, ours beside bare code: medians of ${rounds} interleaved rounds\n`);
      console.log(
        drawTable(
          ['', 'ours, ms', 'bare, ms', 'ours/bare (95 %)', 'added, ms', 'at most', ''],
          results.map(({ name, oursMs, bareMs, ratio, addedMs, allowedMs, verdict }) => [
            name,
            showNumber(spreadOf(oursMs).median),
            showNumber(spreadOf(bareMs).median),
            showEstimate(ratio),
            showNumber(addedMs),
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
      console.log(`  ours within the script's interval: ${heading.verdict}`);
    }
    mkdirSync(resultFolder, { recursive: true });
    const path = join(resultFolder, 'bench-runner.json');
    writeFileSync(path, `${JSON.stringify({ results, headline: heading }, null, 2)}\n`);
    console.log(`\nWritten to ${path}.`);
    const isMissed = results.some(({ verdict }) => verdict === 'missed') || heading?.verdict === 'missed';
    return values.check && isMissed ? 1 : 0;
  } finally {
    await ours.stop();
  }
}

process.exitCode = await main();
