import type { Estimate } from '../../../shared/experiment-analysis.ts';
import { medianOf } from '../inference/select.ts';
import type { Stopping } from '../inference/median-interval.ts';
import type { WeightsBySize } from '../inference/median-weights.ts';
import { pairedRatio } from '../inference/paired-ratio.ts';
import type { Cell } from '../measurements.ts';

/** How one number of workers fares against serial work. */
export interface ScalingPoint {
  readonly workers: number;
  /** S = serial wall / wall, paired by block. */
  readonly speedup: Estimate | null;
  /** E = S / N: what each worker adds; 1 is perfect. */
  readonly efficiency: Estimate | null;
  /** Median of CPU time / wall time: cores kept busy on average. Null where CPU time is unknown. */
  readonly effectiveCores: number | null;
  /** See `serialFraction`; null for one worker. */
  readonly serialFraction: Estimate | null;
}

export function scalingPoint(
  serial: Cell,
  cell: Cell,
  weightsOf: WeightsBySize,
  stopping: Stopping = 'fixed',
): ScalingPoint {
  const speedup = pairedRatio(serial.runs, cell.runs, weightsOf, stopping);
  const { workers } = cell;
  return {
    workers,
    speedup,
    efficiency: speedup === null ? null : mapEstimate(speedup, (value) => value / workers),
    effectiveCores: effectiveCores(cell),
    serialFraction:
      speedup === null || workers < 2
        ? null
        : mapEstimate(speedup, (value) => serialFraction(value, workers)),
  };
}

/**
 * The experimentally determined serial fraction of Karp and Flatt (Comm. ACM 33, 1990):
 *
 *     e = (1/S − 1/N) / (1 − 1/N)
 *
 * 0 where S = N, 1 where S = 1. An e that grows with N is overhead and not serial work; below 0 is faster than N times
 * (caches), above 1 slower than serial.
 */
export function serialFraction(speedup: number, workers: number): number {
  if (workers < 2) throw new RangeError('one worker has no serial fraction');
  return (1 / speedup - 1 / workers) / (1 - 1 / workers);
}

/** CPU seconds over wall seconds, the median of the runs of which both are known; null where none is. */
export function effectiveCores(cell: Cell): number | null {
  const shares = cell.runs.flatMap(({ cpuSeconds, wallMs }) =>
    cpuSeconds === null ? [] : [(cpuSeconds * 1000) / wallMs],
  );
  return shares.length === 0 ? null : medianOf(shares);
}

/** The estimate of a monotone function of what was estimated; its ends change places where the function falls. */
export function mapEstimate(estimate: Estimate, map: (value: number) => number): Estimate {
  const [first, second] = estimate.ci95.map(map);
  if (first === undefined || second === undefined) throw new Error('an interval has two ends');
  return { median: map(estimate.median), ci95: first <= second ? [first, second] : [second, first] };
}
