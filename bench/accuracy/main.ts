import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Child, ownProgram, startChild } from '../support/child.ts';
import { type Reading, type SamplingReport, samplingParameters } from '../support/reading.ts';
import { errorFigures, type ErrorFigures, spreadOf } from '../support/statistics.ts';
import { monotonicMs } from '../support/monotonic.ts';
import { drawTable, showNumber } from '../support/table.ts';
import { type Cores, chooseCores, readStolenMs } from './cores.ts';
import { startRecorder } from './recorder.ts';
import { isWhole } from './switch-log.ts';
import { startSwitchTrace } from './switch-trace.ts';
import { type Charge, chargeBeyond, witnessErrors } from './traced-truth.ts';
import {
  errorOf,
  establishAccount,
  establishTruth,
  knowsOthers,
  type Truth,
  truthErrors,
  wholeRunError,
} from './truth.ts';

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
  readonly by: Truth['by'];
  /** The truth's own error in the same run, over windows as long; of a trace, how far the second witness is off. */
  readonly truthRms: number;
  /** How long a time a reading speaks of, by its own account. */
  readonly windowMs: number;
  readonly figures: ErrorFigures;
  /** A process against the kernel's own exact account of it; NaN of a core. */
  readonly accountRms: number;
  /** Of each reading, in their order; null outside the run. */
  readonly errors: readonly number[];
}

interface TruthScore {
  readonly load: string;
  readonly by: Truth['by'];
  readonly overheadMs: number;
  /** Of a trace: the second witness less the first. Of the others: a truth made from half against the other half. */
  readonly short: ErrorFigures;
  readonly long: ErrorFigures;
  /** The truth less schedstat. */
  readonly wholeRun: number;
  readonly knowsOthers: boolean;
  /** Null without a trace. */
  readonly charge: Charge | null;
  /** Switches that must have been and are not in the trace, of all. */
  readonly missingShare: number;
  /** Points of the core that a hypervisor took: the truth counts them as the burner's, the kernel's account does not. */
  readonly stolen: number;
}

async function readReport(child: Child): Promise<SamplingReport> {
  const line = (await child.stop()).at(-1) ?? '';
  // Our own programs wrote it.
  return JSON.parse(line) as SamplingReport;
}

async function measure(
  load: Load,
  sampler: (typeof samplers)[number],
  { burner: core, isTraced }: Cores,
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
    const stolenBeforeMs = readStolenMs(core);
    const startMs = monotonicMs();
    const trace = isTraced ? startSwitchTrace(burner.pid, core) : null;
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
    const stolen = ((readStolenMs(core) - stolenBeforeMs) / (monotonicMs() - startMs)) * 100;
    const traced = trace?.stop(edges) ?? null;
    const switches = traced !== null && isWhole(traced, 'truth') ? traced : null;
    const sleeps = load.duty < 1;
    const truth = establishTruth(edges, checkpoints, sleeps, switches);
    const account = establishAccount(edges, checkpoints, sleeps);
    const ownErrors = (windowMs: number): ErrorFigures =>
      errorFigures(
        switches === null
          ? truthErrors(edges, checkpoints, sleeps, windowMs)
          : witnessErrors(truth, checkpoints, windowMs),
      );
    const short = ownErrors(100);
    const long = ownErrors(1000);
    const scores = reports.flatMap(({ everyMs, report }) =>
      (['process', 'core'] as const).map((what) => {
        const readings = report.readings.filter((reading) => reading.what === what);
        const errors = readings.map((reading) => errorOf(reading, truth, checkpoints));
        const accountErrors = readings.map((reading) => errorOf(reading, account, checkpoints));
        return {
          load: load.name,
          sampler: sampler.name,
          what,
          everyMs,
          by: truth.by,
          truthRms: (everyMs === 100 ? short : long).rms,
          windowMs: spreadOf(readings.map(({ fromMs, toMs }) => toMs - fromMs)).median,
          figures: errorFigures(errors),
          accountRms: what === 'process' ? errorFigures(accountErrors).rms : Number.NaN,
          errors,
        };
      }),
    );
    const truthScore = {
      load: load.name,
      by: truth.by,
      overheadMs: truth.overheadMs,
      short,
      long,
      wholeRun: wholeRunError(truth, checkpoints),
      knowsOthers: truth.coreBusyBetween !== null || knowsOthers(checkpoints),
      charge: switches === null ? null : chargeBeyond(truth, switches, checkpoints),
      missingShare: traced === null ? Number.NaN : traced.missing / (traced.missing + traced.seen),
      stolen,
    };
    return { scores, truthScore };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

/**
 * Errors of different origin add up in squares, so what the truth cannot tell is taken out in squares: where the truth
 * alone is off by more than the target, nothing can be said. A trace is taken at its word; where it and the kernel's exact
 * account part, the verdict says by which of the two a reading is right.
 */
function judge({ sampler, what, everyMs, figures, by, truthRms, accountRms }: Score): string {
  if (sampler !== 'ours') return '';
  const { rms, bias } = targets[what][everyMs];
  if (Math.abs(figures.bias) <= bias && figures.rms <= rms) return 'met';
  if (by === 'trace') return accountRms <= rms ? 'met by the account' : 'missed';
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
    .map(({ load, sampler, what, everyMs, windowMs, figures, accountRms, truthRms, target, verdict }) => [
      load,
      sampler,
      what,
      `${everyMs} ms`,
      `${windowMs.toFixed(0)} ms`,
      String(figures.count),
      showNumber(figures.rms),
      showNumber(figures.bias),
      showNumber(accountRms),
      showNumber(truthRms),
      target,
      verdict,
    ]);
  return drawTable(
    [
      'load',
      'sampler',
      'of',
      'asked',
      'window',
      'readings',
      'RMS',
      'bias',
      'by account',
      'truth RMS',
      'target',
      '',
    ],
    rows,
  );
}

const truthNames = { trace: 'trace', clock: 'perf clock', account: 'own account' } as const;

function drawTruth(scores: readonly TruthScore[]): string {
  const rows = scores.map(({ load, by, overheadMs, short, long, wholeRun, charge, stolen }) => [
    load,
    truthNames[by],
    showNumber(overheadMs * 1000),
    `${showNumber(short.rms)} (${short.count})`,
    `${showNumber(long.rms)} (${long.count})`,
    showNumber(long.bias),
    showNumber(charge?.points ?? -wholeRun),
    showNumber(charge?.switchesPerSecond ?? Number.NaN),
    showNumber(charge?.perSwitchUs ?? Number.NaN),
    showNumber(stolen),
  ]);
  const header = [
    'the truth itself',
    'by',
    'µs added',
    'RMS 100 ms',
    'RMS 1 s',
    'bias',
    'charged beyond',
    'switches/s',
    'µs each',
    'stolen',
  ];
  return drawTable(header, rows);
}

function explainTruth(scores: readonly TruthScore[]): string[] {
  const words = {
    trace:
      'Truth: a trace of the scheduler’s switches; RMS and bias are those of the task clock of perf events against it.',
    clock:
      'Truth: the task clock of perf events, where switches cannot be traced (tracefs, root), or more than 1 % of them are missing.',
    account: 'Truth: the burner’s own account, corrected in its sleep, as there are no perf events here.',
  } as const;
  const lines: string[] = [...new Set(scores.map(({ by }) => words[by]))];
  lines.push(
    'Charged beyond: what the kernel’s account of the burner (schedstat, CPU clock, stat, rusage) has more than the truth, in points.',
  );
  lines.push('By account: RMS against that account, exact at every switch, which is what every tool reads.');
  if (scores.some((score) => !score.knowsOthers)) {
    lines.push(
      'There is no cpuacct here, so the truth of a core is the burner alone: others on it look like error.',
    );
  }
  return lines;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      load: { type: 'string' },
      sampler: { type: 'string', default: '' },
    },
  });
  const cores = process.platform === 'linux' ? await chooseCores() : null;
  if (cores === null) {
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
    for (const sampler of samplers.filter(({ name }) => name.includes(values.sampler))) {
      const result = await measure(load, sampler, cores, seconds);
      scores.push(...result.scores);
      truthScores.push(result.truthScore);
    }
  }
  console.log(drawScores(scores));
  console.log(`\n${drawTruth(truthScores)}\n`);
  for (const line of explainTruth(truthScores)) console.log(line);
  mkdirSync(join(resultPath, '..'), { recursive: true });
  writeFileSync(resultPath, `${JSON.stringify({ seconds, scores, truthScores }, null, 2)}\n`);
  console.log(`Written to ${resultPath}.`);
  return 0;
}

process.exitCode = await main();
