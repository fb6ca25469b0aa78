import type { Disturbance, Experiment } from '../../shared/experiment.ts';
import { strategyName } from '../../shared/strategy-name.ts';
import type { StrategyId } from '../../shared/workload.ts';

/** A run that something disturbed which was none of its doing. It counts all the same. */
export interface DisturbedRun {
  readonly run: string;
  readonly disturbances: readonly Disturbance[];
}

interface NamedRun {
  readonly order: number;
  readonly strategy: StrategyId;
  readonly workers: number;
  readonly warmUp: boolean;
}

/** As runs are called on screen: `Run 3 (threads × 2, warm-up)`. */
export function runName(run: NamedRun): string {
  return `Run ${run.order} (${strategyName(run)}${run.warmUp ? ', warm-up' : ''})`;
}

/** In the order in which they were made. */
export function disturbedRuns({ strategies }: Experiment): readonly DisturbedRun[] {
  return strategies
    .flatMap(({ strategy, workers, runs }) =>
      runs.flatMap((record) =>
        record.state === 'finished' && record.disturbances.length > 0
          ? [{ ...record, run: runName({ ...record, strategy, workers }) }]
          : [],
      ),
    )
    .sort((left, right) => left.order - right.order)
    .map(({ run, disturbances }) => ({ run, disturbances }));
}
