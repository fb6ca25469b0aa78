import type { Estimate } from '../../shared/experiment-analysis.ts';
import type { StrategyResult } from '../../shared/experiment.ts';
import type { FigureId } from '../../shared/explain-figures.ts';
import {
  formatBytes,
  formatCores,
  formatCpuSeconds,
  formatDuration,
  formatFactor,
  formatInterval,
} from '../../shared/format.ts';
import { strategyName } from '../../shared/strategy-name.ts';

/** The columns of the table of strategies. A column is added here and nowhere else. */

export const resultColumnIds = [
  'strategy',
  'wall',
  'ratio',
  'speedup',
  'cores',
  'startup',
  'memory',
  'cpu',
] as const;
export type ResultColumnId = (typeof resultColumnIds)[number];

export interface ResultColumn {
  readonly title: string;
  readonly help: string;
  /** What is explained of it; null for the name. */
  readonly figure: FigureId | null;
  /** By what it is sorted; null is unknown. */
  readonly value: (result: StrategyResult) => number | null;
  readonly text: (result: StrategyResult) => string;
  /** Behind the figure, smaller: its interval. Empty where it has none. */
  readonly interval: (result: StrategyResult) => string;
}

/** The rows as they are to be shown; null: in the order of the plan. */
export interface ResultOrder {
  readonly by: ResultColumnId;
  readonly isDescending: boolean;
}

const none = (): string => '';

function intervalOf(estimate: Estimate | null | undefined, formatter: (value: number) => string): string {
  return formatInterval(estimate ?? null, formatter);
}

/** Where the figure is known and its interval is not, there is nothing to say of it. */
function ownInterval(estimate: Estimate | null | undefined, formatter: (value: number) => string): string {
  return estimate === null || estimate === undefined ? '' : formatInterval(estimate, formatter);
}

export const resultColumns: Readonly<Record<ResultColumnId, ResultColumn>> = {
  strategy: {
    title: 'Strategy',
    help: 'Sorted by name, and by the number of workers',
    figure: null,
    value: () => null,
    text: strategyName,
    interval: none,
  },
  wall: {
    title: 'Wall time',
    help: 'From asking for the first worker until the last has been joined',
    figure: 'wall',
    value: ({ wallMs }) => wallMs?.median ?? null,
    text: ({ wallMs }) => formatDuration(wallMs?.median),
    interval: ({ wallMs }) => intervalOf(wallMs, formatDuration),
  },
  ratio: {
    title: 'To fastest',
    help: 'Wall time divided by that of the fastest, paired by block',
    figure: 'ratioToFastest',
    value: ({ analysis }) => analysis?.ratioToFastest?.median ?? null,
    text: ({ analysis }) => formatFactor(analysis?.ratioToFastest?.median),
    interval: ({ analysis }) => {
      const ratio = analysis?.ratioToFastest ?? null;
      return ratio?.median === 1 && ratio.ci95[0] === 1 ? 'fastest' : intervalOf(ratio, formatFactor);
    },
  },
  speedup: {
    title: 'Speed-up',
    help: 'Serial wall time divided by this wall time, paired by block',
    figure: 'speedup',
    value: ({ speedup }) => speedup?.median ?? null,
    text: ({ speedup }) => formatFactor(speedup?.median),
    interval: ({ strategy, speedup }) =>
      strategy === 'serial' ? 'reference' : intervalOf(speedup, formatFactor),
  },
  cores: {
    title: 'Cores',
    help: 'Cores kept busy on average: CPU seconds divided by wall seconds',
    figure: 'effectiveCores',
    value: ({ effectiveCores }) => effectiveCores,
    text: ({ effectiveCores }) => formatCores(effectiveCores),
    interval: none,
  },
  startup: {
    title: 'Start-up',
    help: 'From asking for the first worker until the last is ready',
    figure: 'startup',
    value: ({ startupMs }) => startupMs,
    text: ({ startupMs }) => formatDuration(startupMs),
    interval: ({ analysis }) => ownInterval(analysis?.startupMs, formatDuration),
  },
  memory: {
    title: 'Peak PSS',
    help: "Largest sample of the run's tree, shared pages divided among their users",
    figure: 'peakPss',
    value: ({ peakPssBytes }) => peakPssBytes,
    text: ({ peakPssBytes }) => formatBytes(peakPssBytes),
    interval: none,
  },
  cpu: {
    title: 'CPU time',
    help: 'User and system time of all its processes',
    figure: 'cpuTime',
    value: ({ cpuSeconds }) => cpuSeconds,
    text: ({ cpuSeconds }) => formatCpuSeconds(cpuSeconds),
    interval: ({ analysis }) => ownInterval(analysis?.cpuSeconds, formatCpuSeconds),
  },
};

/** What is unknown comes last in either direction; equal ones stay in the order of the plan. */
export function orderResults(
  results: readonly StrategyResult[],
  order: ResultOrder | null,
): readonly StrategyResult[] {
  if (order === null) return results;
  const sign = order.isDescending ? -1 : 1;
  if (order.by === 'strategy') {
    return [...results].sort(
      (left, right) => sign * (left.strategy.localeCompare(right.strategy) || left.workers - right.workers),
    );
  }
  const { value } = resultColumns[order.by];
  return [...results].sort((left, right) => {
    const [first, second] = [value(left), value(right)];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    return sign * (first - second);
  });
}

/** Of how many runs a figure of this row is made, and what is odd about them. For the explanation of a figure. */
export function describeRuns(result: StrategyResult): string {
  const counted = result.runs.filter(({ warmUp }) => !warmUp);
  const finished = counted.filter((run) => run.state === 'finished');
  const disturbed = finished.filter((run) => run.disturbances.length > 0).length;
  const outliers = result.analysis?.outlierBlocks ?? [];
  return [
    `${finished.length} of ${counted.length} runs of ${strategyName(result)} finished`,
    disturbed === 0 ? '' : `${disturbed} were disturbed by other programs`,
    outliers.length === 0
      ? ''
      : `block ${outliers.join(', ')} ${outliers.length === 1 ? 'is an outlier' : 'are outliers'}, and ${outliers.length === 1 ? 'counts' : 'count'} all the same`,
  ]
    .filter((clause) => clause !== '')
    .join('; ');
}
