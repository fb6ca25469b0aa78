import type { StrategyResult } from '../../shared/experiment.ts';
import { formatCores } from '../../shared/format.ts';
import type { WorkloadKind } from '../../shared/workload.ts';
import type { MachineLimits } from './measurements.ts';
import { measuredRuns, strategyName } from './runs.ts';
import { ratioDigits } from './wording.ts';

/** Facts that bound what could have been measured, as sentences. */

/** Serial work that computes and gets less of a core than this had to share it. */
const computesFreely = 0.8;

/** How many cores each field kept busy, for those of which it is known; empty where it is known of none. */
export function describeCores(results: readonly StrategyResult[]): string[] {
  const known = results.filter((result) => result.effectiveCores !== null);
  if (known.length === 0) return [];
  const parts = known.map((result) => `${strategyName(result)} ${formatCores(result.effectiveCores)}`);
  return [`Cores kept busy on average: ${parts.join(', ')}.`];
}

export function describeConditions(
  results: readonly StrategyResult[],
  context: {
    readonly tasks: number;
    readonly limits: MachineLimits;
    readonly workloadKind: WorkloadKind;
  },
): string[] {
  const { tasks, limits, workloadKind } = context;
  const counts = [...new Set(results.map(({ workers }) => workers))].sort((left, right) => left - right);
  const uneven = counts.filter((workers) => tasks % workers !== 0);
  const [most] = uneven.slice(-1);
  const serialCores = results.find((result) => result.strategy === 'serial')?.effectiveCores ?? null;
  const usable = Math.floor(limits.usableCores);
  const [tooMany] = counts.filter((workers) => workers > usable).slice(-1);
  return [
    ...(most === undefined
      ? []
      : [
          `${tasks} tasks cannot be shared out evenly among ${most} workers: ` +
            `${ratioDigits(tasks / Math.ceil(tasks / most))} times as fast as serial is the most there can be.`,
        ]),
    ...(tooMany !== undefined && workloadKind === 'cpu'
      ? [`${tooMany} workers share ${usable} usable cores, so not all of them can run at once.`]
      : []),
    ...(workloadKind === 'cpu' && serialCores !== null && serialCores < computesFreely
      ? [
          `The work wants a whole core, yet serial got ${formatCores(serialCores)} of one: the machine was busy ` +
            'with something else, which widens every interval.',
        ]
      : []),
  ];
}

/** One line for each kind of disturbance: how many counted runs it befell, and the first of them. */
export function describeDisturbances(results: readonly StrategyResult[]): string[] {
  const runs = results.flatMap((result) => measuredRuns(result.runs));
  const kinds = new Set(runs.flatMap(({ disturbances }) => disturbances.map(({ kind }) => kind)));
  return [...kinds].flatMap((kind) => {
    const disturbed = runs.filter((run) => run.disturbances.some((found) => found.kind === kind));
    const [first] = disturbed;
    const detail = first?.disturbances.find((found) => found.kind === kind)?.detail;
    if (first === undefined || detail === undefined) return [];
    const example = disturbed.length === 1 ? '' : `, for example run ${first.order}`;
    const verb = disturbed.length === 1 ? 'was' : 'were';
    return [`${disturbed.length} of ${runs.length} runs ${verb} disturbed${example}: ${detail}`];
  });
}

/** Whether other programs took so much that the answer is as much about them as about the work. */
export function isMostlyDisturbed(results: readonly StrategyResult[]): boolean {
  const runs = results.flatMap((result) => measuredRuns(result.runs));
  const disturbed = runs.filter(({ disturbances }) =>
    disturbances.some(({ kind }) => kind === 'background-load'),
  );
  return 2 * disturbed.length > runs.length;
}
