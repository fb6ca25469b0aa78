import type { Experiment, StrategyResult } from '../../shared/experiment.ts';
import { formatBytes, formatCpuSeconds, formatDuration } from '../../shared/format.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { adjustForDiscoveries } from './inference/false-discovery.ts';
import { groupShift } from './inference/hodges-lehmann.ts';
import { mannWhitney } from './inference/mann-whitney.ts';
import { measuredRuns, strategyName, type FinishedRun } from './runs.ts';
import { median } from './statistics.ts';
import { ratioDigits } from './wording.ts';

/** How one figure of one strategy stands to the same figure of an earlier experiment. */
export interface BaselineFinding {
  /** `processes × 4` */
  readonly subject: string;
  readonly metric: 'wall' | 'cpu' | 'peakPss';
  /** `undecidable` where there are too few runs for any difference to be told from noise. */
  readonly state: 'regression' | 'improvement' | 'same' | 'undecidable';
  /** Now / then. */
  readonly ratio: number;
  /** One sentence. */
  readonly sentence: string;
}

/**
 * A change that is smaller is none: two sessions on one machine differ by some percent (its temperature, its
 * neighbours, where memory came to lie), and runs within one session cannot show that. Lower finds smaller
 * regressions and cries wolf; higher is quiet and misses them.
 */
export const smallestChange = 0.05;

/** The share of false alarms among the regressions told, over all strategies and figures together. */
const falseDiscoveryRate = 0.05;

const figures = [
  {
    metric: 'wall',
    title: 'Wall time',
    read: (run: FinishedRun): number | null => run.wallMs,
    show: formatDuration,
  },
  {
    metric: 'cpu',
    title: 'CPU time',
    read: (run: FinishedRun): number | null => run.cpuSeconds,
    show: formatCpuSeconds,
  },
  {
    metric: 'peakPss',
    title: 'Peak memory (PSS)',
    read: (run: FinishedRun): number | null => run.peakPssBytes,
    show: formatBytes,
  },
] as const;

/** Fails where the two experiments did not do the same work, for then no difference would mean anything. */
export function checkBaseline(now: ComparableWork, baseline: Experiment, name: string): Result<Experiment> {
  const then = baseline.workload;
  const different = (what: string, was: string, is: string): Result<never> =>
    fail(
      'other-baseline',
      `--baseline ${name} is of ${what} ${was}, and this comparison of ${is}.`,
      'Give a baseline that the same command wrote with --json.',
    );
  if (then.id !== now.id) return different('workload', then.id, now.id);
  if (then.runtime !== now.runtime) return different('runtime', then.runtime, now.runtime);
  if (then.tasks !== now.tasks) return different('tasks', String(then.tasks), String(now.tasks));
  const [task, other] = [showTarget(then.target), showTarget(now.target)];
  if (task !== other) return different('work', task, other);
  const [was, is] = [showParams(then.params), showParams(now.params)];
  if (was !== is) return different('parameters', was, is);
  return succeed(baseline);
}

/** What has to be equal for two experiments to be compared. */
export type ComparableWork = Pick<Experiment['workload'], 'id' | 'runtime' | 'target' | 'params' | 'tasks'>;

/** Without its folder: a baseline may come from another checkout. */
function showTarget(target: ComparableWork['target']): string {
  if (target === null) return 'none';
  const baseName = (path: string): string => path.split(/[/\\]/).at(-1) ?? path;
  switch (target.kind) {
    case 'module':
      return baseName(target.path);
    case 'function':
      return `${baseName(target.path)}:${target.functionName}(${target.args.map((arg) => JSON.stringify(arg)).join(', ')})`;
    case 'command':
      return target.argv.map(baseName).join(' ');
  }
}

function showParams(params: ComparableWork['params']): string {
  const words = Object.entries(params)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  return words.length === 0 ? 'none' : words.join(' ');
}

/**
 * Every figure that both experiments have of a strategy with the same number of workers. A regression is a rise
 *
 * - that ranks tell from noise: Mann and Whitney's test over the runs of both, adjusted for the number of figures
 *   (Benjamini and Hochberg), at most 5 %; runs of two experiments have no blocks in common, so nothing is paired;
 * - of more than `smallestChange`: the Hodges-Lehmann shift of the logarithms, as a ratio.
 */
export function compareWithBaseline(now: Experiment, baseline: Experiment): readonly BaselineFinding[] {
  const pairs = now.strategies.flatMap((result) => {
    const earlier = baseline.strategies.find(
      (other) => other.strategy === result.strategy && other.workers === result.workers,
    );
    return earlier === undefined ? [] : figures.flatMap((figure) => pairUp(figure, result, earlier));
  });
  const adjusted = adjustForDiscoveries(pairs.map(({ p }) => p));
  return pairs.map((pair, index) => judgePair(pair, adjusted[index] ?? null));
}

interface Pair {
  readonly figure: (typeof figures)[number];
  readonly subject: string;
  readonly now: readonly number[];
  readonly then: readonly number[];
  readonly ratio: number;
  /** Null where there are too few runs for any p below the rate. */
  readonly p: number | null;
}

function pairUp(figure: Pair['figure'], result: StrategyResult, earlier: StrategyResult): Pair[] {
  const [now, then] = [readFigure(figure, result), readFigure(figure, earlier)];
  const shift = groupShift(now.map(Math.log), then.map(Math.log));
  const test = mannWhitney(now, then);
  if (shift === null || test === null) return [];
  const p = smallestP(now.length, then.length) > falseDiscoveryRate ? null : test.p;
  return [{ figure, subject: strategyName(result), now, then, ratio: Math.exp(shift.shift), p }];
}

/** Zero (a run too short for the CPU clock) has no logarithm, and tells nothing. */
function readFigure(figure: Pair['figure'], result: StrategyResult): number[] {
  return measuredRuns(result.runs)
    .map((run) => figure.read(run))
    .filter((value): value is number => value !== null && value > 0);
}

/** What the exact test gives where every value of one group is above every value of the other: 2 / (m + n over m). */
function smallestP(m: number, n: number): number {
  let ways = 1;
  for (let k = 1; k <= m; k += 1) ways = (ways * (n + k)) / k;
  return 2 / ways;
}

function judgePair(
  { figure, subject, now, then, ratio, p }: Pair,
  adjustedP: number | null,
): BaselineFinding {
  const values = `${figure.show(median(then))} then, ${figure.show(median(now))} now`;
  const opening = `${figure.title} of ${subject}: ${values}`;
  if (p === null || adjustedP === null) {
    return {
      subject,
      metric: figure.metric,
      state: 'undecidable',
      ratio,
      sentence: `${opening}; ${now.length} runs against ${then.length} are too few to tell a change from noise.`,
    };
  }
  const isBeyondNoise = adjustedP <= falseDiscoveryRate;
  const state =
    isBeyondNoise && ratio > 1 + smallestChange
      ? 'regression'
      : isBeyondNoise && ratio < 1 / (1 + smallestChange)
        ? 'improvement'
        : 'same';
  const words = {
    regression: 'outside the noise',
    improvement: 'better, outside the noise',
    same: 'no change',
  };
  return {
    subject,
    metric: figure.metric,
    state,
    ratio,
    sentence: `${opening} (${ratioDigits(ratio)} times, adjusted p = ${adjustedP.toPrecision(2)}): ${words[state]}.`,
  };
}
