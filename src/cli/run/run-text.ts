import type { Experiment, Metric, RunRecord } from '../../shared/experiment.ts';
import {
  formatBytes,
  formatCores,
  formatCpuSeconds,
  formatDuration,
  formatFactor,
  notAvailable,
} from '../../shared/format.ts';
import type { Problem } from '../../shared/result.ts';
import { describeWork, interpreterName } from '../../engine/export/describe.ts';
import { strategyName } from '../../engine/analysis/runs.ts';
import { alignColumns } from '../columns.ts';
import type { Colours } from '../terminal.ts';

/**
 * The runs of one strategy, a line for each figure and a column for each run (a line for each run where there are
 * many), then what the work measured and said itself.
 */
export function describeRuns(experiment: Experiment, colours: Colours): string {
  const [result] = experiment.strategies;
  if (result === undefined) throw new Error('an experiment has at least one strategy');
  const title = `${describeWork(experiment)}; ${interpreterName(experiment)}; ${strategyName(result)}`;
  const [first] = result.runs;
  const body =
    result.runs.length === 1 && first !== undefined
      ? describeOne(first, colours)
      : describeMany(result.runs, colours);
  return `${colours.bold(title)}\n\n${body}\n`;
}

type FinishedRun = Extract<RunRecord, { state: 'finished' }>;

function figures(run: FinishedRun): [string, string][] {
  const memory =
    run.peakPssBytes === null && run.peakRssBytes !== null
      ? `${formatBytes(run.peakRssBytes)} RSS`
      : formatBytes(run.peakPssBytes);
  return [
    ['wall', formatDuration(run.wallMs)],
    ['start-up', formatDuration(run.startupMs)],
    ['work', formatDuration(run.workMs)],
    ['tear-down', formatDuration(run.tearDownMs)],
    ['CPU', formatCpuSeconds(run.cpuSeconds)],
    ['cores', formatCores(run.effectiveCores)],
    ['memory', memory],
    ['checksum', run.checksum],
    ...(run.lostTasks > 0 ? [['lost tasks', String(run.lostTasks)] satisfies [string, string]] : []),
  ];
}

function describeOne(run: RunRecord, colours: Colours): string {
  if (run.state !== 'finished') return describeFailure(run, colours);
  const lines = figures(run).map(([name, value]) => `${colours.dim(name.padEnd(10))}  ${value}`);
  const said = [
    ...run.metrics.map((metric) => `${metric.name}${ofWorker(metric)}: ${formatMetric(metric)}`),
    ...run.notes.map((note) => `${note.text}${ofWorker(note)}`),
  ];
  return [...lines, ...(said.length === 0 ? [] : ['', ...said])].join('\n');
}

function describeMany(runs: readonly RunRecord[], colours: Colours): string {
  const head = ['run', 'wall', 'start-up', 'work', 'tear-down', 'CPU', 'cores', 'memory'];
  const rows = runs.map((run) =>
    run.state === 'finished'
      ? [
          String(run.order),
          ...figures(run)
            .slice(0, head.length - 1)
            .map(([, value]) => value),
        ]
      : [String(run.order), stateWord(run)],
  );
  const failures = runs
    .filter((run) => run.state === 'failed' || run.state === 'timed-out')
    .map((run) => `run ${run.order}: ${describeFailure(run, colours)}`);
  const checksums = new Set(runs.flatMap((run) => (run.state === 'finished' ? [run.checksum] : [])));
  const warning =
    checksums.size > 1 ? [`Results differ between runs: checksums ${[...checksums].join(', ')}.`] : [];
  const table = alignColumns([head.map((title) => colours.dim(title)), ...rows]);
  return [table, ...failures, ...warning].join('\n');
}

function stateWord({ state }: RunRecord): string {
  return state === 'timed-out' ? 'timed out' : state;
}

function describeFailure(run: RunRecord, colours: Colours): string {
  switch (run.state) {
    case 'failed':
      return `${colours.red(run.problem.message)}\n  ${run.problem.advice}`;
    case 'timed-out':
      return `${colours.red(`Timed out after ${formatDuration(run.afterMs)}.`)}\n  Allow more with --timeout.`;
    case 'cancelled':
    case 'finished':
      return stateWord(run);
  }
}

/** Of a metric: its unit says how it is written. */
function formatMetric({ value, unit }: Metric): string {
  if (!Number.isFinite(value)) return notAvailable;
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 's':
      return formatDuration(value * 1000);
    case 'B':
    case 'bytes':
      return formatBytes(value);
    case '×':
      return formatFactor(value);
    default:
      return `${Number(value.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;
  }
}

function ofWorker({ worker }: { readonly worker: number | null }): string {
  return worker === null ? '' : ` (worker ${worker})`;
}

/** What went wrong first, for whoever only reads problems; null where nothing did. */
export function firstProblem({ strategies }: Experiment): Problem | null {
  for (const run of strategies.flatMap(({ runs }) => runs)) {
    if (run.state === 'failed') return run.problem;
    if (run.state === 'timed-out') {
      return {
        kind: 'timed-out',
        message: `The run was ended after ${formatDuration(run.afterMs)}.`,
        advice: 'Allow more with --timeout.',
      };
    }
  }
  return null;
}
