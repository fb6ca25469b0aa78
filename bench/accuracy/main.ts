import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Child, ownProgram, startChild } from '../support/child.ts';
import { findProgram } from '../support/find-program.ts';
import { type Reading, type SamplingReport, samplingParameters } from '../support/reading.ts';
import { errorFigures, type ErrorFigures, spreadOf } from '../support/statistics.ts';
import { drawTable, showNumber } from '../support/table.ts';
import { startRecorder } from './recorder.ts';
import { errorOf, establishTruth, isExact, knowsOthers, truthErrors, wholeRunError } from './truth.ts';

/** `npm run bench:accuracy`: how far samplers are from the truth, on loads whose truth is known. */

const resultPath = join(import.meta.dirname, '..', '..', 'test-results', 'bench-accuracy.json');

interface Load {
  readonly name: string;
  readonly duty: number;
  readonly periodMs: number;
}

/** The tick of most distributions' kernels (HZ = 250); where it is 1 ms, this is still a multiple of it. */
const tickMs = 4;

const loads: readonly Load[] = [
  { name: '37 % of 7.3 ms', duty: 0.37, periodMs: 7.3 },
  { name: '100 %', duty: 1, periodMs: 1000 },
  { name: `37 % of ${tickMs} ms (the tick)`, duty: 0.37, periodMs: tickMs },
  // What stat counts in.
  { name: '37 % of 10 ms (USER_HZ)', duty: 0.37, periodMs: 10 },
];

/**
 * `readySeconds`: they need this long at most to get ready; the burner burns for so much longer. Ours is judged, so it
 * is watched for longer (`times`): of 15 readings the root mean square is known to 20 %.
 */
const samplers = [
  { name: 'ours', program: 'sample-ours', readySeconds: 14, times: 2 },
  { name: 'pidusage', program: 'sample-pidusage', readySeconds: 4, times: 1 },
  { name: 'systeminformation', program: 'sample-systeminformation', readySeconds: 4, times: 1 },
] as const;

const rates = [100, 1000] as const;

/** In points of one core, for ours. */
const targets = {
  process: {
    100: { rms: 1.5, bias: Number.POSITIVE_INFINITY },
    1000: { rms: 0.3, bias: Number.POSITIVE_INFINITY },
  },
  core: { 100: { rms: 4.6, bias: 1 }, 1000: { rms: 0.7, bias: 1 } },
} as const;

interface Score {
  readonly load: string;
  readonly sampler: string;
  readonly what: Reading['what'];
  readonly everyMs: (typeof rates)[number];
  /** The truth's own error in the same run, over windows as long. */
  readonly truthRms: number;
  /** How long a time a reading speaks of, by its own account. */
  readonly windowMs: number;
  readonly figures: ErrorFigures;
  /** Of each reading, in their order; null outside the run. */
  readonly errors: readonly number[];
}

interface TruthScore {
  readonly load: string;
  readonly overheadMs: number;
  readonly short: ErrorFigures;
  readonly long: ErrorFigures;
  readonly wholeRun: number;
  readonly knowsOthers: boolean;
  /** Whether the burner's time was known at any instant, or in its sleep only. */
  readonly isExact: boolean;
}

/** The last core for the burner and the others for everyone else, so that nobody takes its time away. */
function chooseCores(): { burner: number; others: string } | null {
  const count = os.cpus().length;
  if (findProgram('taskset') === null || count < 2) return null;
  return { burner: count - 1, others: count === 2 ? '0' : `0-${count - 2}` };
}

async function readReport(child: Child): Promise<SamplingReport> {
  const line = (await child.stop()).at(-1) ?? '';
  // Our own programs wrote it.
  return JSON.parse(line) as SamplingReport;
}

async function measure(
  load: Load,
  sampler: (typeof samplers)[number],
  core: number,
  baseSeconds: number,
): Promise<{ scores: Score[]; truthScore: TruthScore }> {
  // Without helper threads all of the burner's time is its main thread's, which is what schedstat tells.
  const seconds = baseSeconds * sampler.times;
  const burnFor = seconds + sampler.readySeconds;
  const [node = '', ...program] = ownProgram('burner', load.duty, load.periodMs, burnFor);
  const burner = startChild([node, '--single-threaded', ...program], { core });
  const children: Child[] = [burner];
  try {
    await burner.nextLine();
    const recorder = startRecorder(burner.pid, core);
    const watchers = rates.map((everyMs) => {
      const parameters = samplingParameters({ rootPid: burner.pid, everyMs, core });
      const child = startChild(ownProgram(sampler.program, ...parameters));
      children.push(child);
      return { everyMs, child };
    });
    await Promise.all(watchers.map(({ child }) => child.nextLine()));
    await delay(seconds * 1000);
    const reports = await Promise.all(
      watchers.map(async ({ everyMs, child }) => ({ everyMs, report: await readReport(child) })),
    );
    const edges = JSON.parse(await burner.nextLine()) as number[];
    const checkpoints = await recorder.stop();
    const sleeps = load.duty < 1;
    const truth = establishTruth(edges, checkpoints, sleeps);
    const short = errorFigures(truthErrors(edges, checkpoints, sleeps, 100));
    const long = errorFigures(truthErrors(edges, checkpoints, sleeps, 1000));
    const scores = reports.flatMap(({ everyMs, report }) =>
      (['process', 'core'] as const).map((what) => {
        const readings = report.readings.filter((reading) => reading.what === what);
        const errors = readings.map((reading) => errorOf(reading, truth, checkpoints));
        return {
          load: load.name,
          sampler: sampler.name,
          what,
          everyMs,
          truthRms: (everyMs === 100 ? short : long).rms,
          windowMs: spreadOf(readings.map(({ fromMs, toMs }) => toMs - fromMs)).median,
          figures: errorFigures(errors),
          errors,
        };
      }),
    );
    const truthScore = {
      load: load.name,
      overheadMs: truth.overheadMs,
      short,
      long,
      wholeRun: wholeRunError(truth, checkpoints),
      knowsOthers: knowsOthers(checkpoints),
      isExact: isExact(checkpoints),
    };
    return { scores, truthScore };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

/**
 * Errors of different origin add up in squares, so what the truth cannot tell is taken out in squares: where the truth
 * alone is off by more than the target, nothing can be said.
 */
function judge({ sampler, what, everyMs, figures, truthRms }: Score): string {
  if (sampler !== 'ours') return '';
  const { rms, bias } = targets[what][everyMs];
  if (Math.abs(figures.bias) <= bias && figures.rms <= rms) return 'met';
  if (truthRms >= rms) return 'truth too coarse';
  const ownRms = Math.sqrt(Math.max(0, figures.rms ** 2 - truthRms ** 2));
  return Math.abs(figures.bias) <= bias && ownRms <= rms ? 'met, less the truth’s' : 'missed';
}

function drawTarget({ sampler, what, everyMs }: Score): string {
  if (sampler !== 'ours') return '';
  const { rms, bias } = targets[what][everyMs];
  return bias === Number.POSITIVE_INFINITY ? `≤ ${rms}` : `≤ ${rms}, bias ≤ ${bias}`;
}

function drawScores(scores: readonly Score[]): string {
  const rows = scores
    .filter(({ figures }) => figures.count > 0)
    .map((score) => ({ ...score, target: drawTarget(score), verdict: judge(score) }))
    .map(({ load, sampler, what, everyMs, windowMs, figures, truthRms, target, verdict }) => [
      load,
      sampler,
      what,
      `${everyMs} ms`,
      `${windowMs.toFixed(0)} ms`,
      String(figures.count),
      showNumber(figures.rms),
      showNumber(figures.bias),
      showNumber(truthRms),
      target,
      verdict,
    ]);
  return drawTable(
    ['load', 'sampler', 'of', 'asked', 'window', 'readings', 'RMS', 'bias', 'truth RMS', 'target', ''],
    rows,
  );
}

function drawTruth(scores: readonly TruthScore[]): string {
  const rows = scores.map(({ load, overheadMs, short, long, wholeRun }) => [
    load,
    showNumber(overheadMs * 1000),
    `${showNumber(short.rms)} (${short.count})`,
    `${showNumber(long.rms)} (${long.count})`,
    showNumber(wholeRun),
  ]);
  return drawTable(['the truth itself', 'µs added', 'RMS 100 ms', 'RMS 1 s', 'whole run'], rows);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, load: { type: 'string' } },
  });
  const cores = chooseCores();
  if (process.platform !== 'linux' || cores === null) {
    console.error('This benchmark needs Linux, taskset (util-linux) and two cores at least.');
    return 2;
  }
  // Inherited by all that is started from here; the burner is then put on a core of its own.
  spawnSync('taskset', ['-a', '-p', '-c', cores.others, String(process.pid)], { stdio: 'ignore' });
  const seconds = values.quick ? 5 : 15;
  console.log(
    `Errors in points of one core, ${seconds} s each, ours twice that, burner on core ${cores.burner}\n`,
  );
  const scores: Score[] = [];
  const truthScores: TruthScore[] = [];
  const wanted = values.load ?? (values.quick ? loads[0]?.name : undefined) ?? '';
  for (const load of loads.filter(({ name }) => name.includes(wanted))) {
    for (const sampler of samplers) {
      const result = await measure(load, sampler, cores.burner, seconds);
      scores.push(...result.scores);
      truthScores.push(result.truthScore);
    }
  }
  console.log(drawScores(scores));
  console.log(`\n${drawTruth(truthScores)}\n`);
  if (truthScores.some((score) => !score.knowsOthers)) {
    console.log(
      'There is no cpuacct here, so the truth of a core is the burner alone: others on it look like error.',
    );
  }
  if (truthScores.some((score) => !score.isExact)) {
    console.log(
      'There are no perf events here, so the truth is the burner’s account, corrected in its sleep.',
    );
  }
  mkdirSync(join(resultPath, '..'), { recursive: true });
  writeFileSync(resultPath, `${JSON.stringify({ seconds, scores, truthScores }, null, 2)}\n`);
  console.log(`Written to ${resultPath}.`);
  return 0;
}

process.exitCode = await main();
