import type { Estimate, ScalingCurve, StrategyScaling } from '../../shared/experiment-analysis.ts';
import type { Experiment } from '../../shared/experiment.ts';
import { hasOneWorker, type StrategyId } from '../../shared/workload.ts';

/** How the strategies with workers fare with more of them: what the scaling chart and its table show. */
export interface ScalingLine {
  readonly strategy: StrategyId;
  /** By ascending workers. */
  readonly points: readonly ScalingPoint[];
  /** The fitted speed-up, where a curve was fitted; only where it holds. */
  readonly curve: readonly (readonly [workers: number, speedup: number])[];
  readonly scaling: StrategyScaling | null;
}

export interface ScalingPoint {
  readonly workers: number;
  readonly speedup: Estimate | null;
  readonly efficiency: Estimate | null;
  readonly serialFraction: Estimate | null;
}

/** Steps of a drawn curve: more than the pixels of a panel would be lost. */
const curveSteps = 60;

/** One line for each strategy that was run with at least two numbers of workers; empty where none was. */
export function scalingLines({ strategies, scaling }: Experiment): readonly ScalingLine[] {
  const serialMs = strategies.find(({ strategy }) => strategy === 'serial')?.wallMs?.median ?? null;
  const names = [...new Set(strategies.map(({ strategy }) => strategy))].filter((id) => !hasOneWorker(id));
  return names.flatMap((strategy): ScalingLine[] => {
    const points = strategies
      .filter((result) => result.strategy === strategy)
      .map(({ workers, speedup, analysis }) => ({
        workers,
        speedup,
        efficiency: analysis?.efficiency ?? null,
        serialFraction: analysis?.serialFraction ?? null,
      }))
      .sort((left, right) => left.workers - right.workers);
    if (points.length < 2) return [];
    const own = scaling.find((each) => each.strategy === strategy) ?? null;
    const curve = own?.fit.state === 'fitted' && serialMs !== null ? curveOf(own.fit, serialMs) : [];
    return [{ strategy, points, curve, scaling: own }];
  });
}

/** S(N) = serial wall / T(N), from the first to the last number of workers that the fit holds for. */
function curveOf(fit: ScalingCurve, serialMs: number): [number, number][] {
  const { fromWorkers, toWorkers, oneWorkerMs, contention, coherency } = fit;
  return Array.from({ length: curveSteps + 1 }, (_, step) => {
    const workers = fromWorkers + ((toWorkers - fromWorkers) * step) / curveSteps;
    const others = workers - 1;
    const wallMs = (oneWorkerMs * (1 + contention * others + coherency * workers * others)) / workers;
    return [workers, serialMs / wallMs];
  });
}

/** Where a limit of the machine may bend the curves: each number of workers once, with its reason. */
export function scalingKinks({
  scaling,
}: Experiment): readonly { readonly atWorkers: number; readonly reason: string }[] {
  const reasons = new Map(
    scaling.flatMap(({ kinks }) => kinks.map(({ atWorkers, reason }) => [atWorkers, reason] as const)),
  );
  return [...reasons].map(([atWorkers, reason]) => ({ atWorkers, reason }));
}
