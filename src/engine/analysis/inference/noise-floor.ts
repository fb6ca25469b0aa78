import type { Estimate } from '../../../shared/experiment-analysis.ts';
import type { RunMeasurement } from '../measurements.ts';
import type { Stopping } from './median-interval.ts';
import type { WeightsBySize } from './median-weights.ts';
import { pairedRatio } from './paired-ratio.ts';

export interface NoiseFloor {
  /** One strategy over itself: 1, but for noise. */
  readonly ratio: Estimate;
  /** Two strategies whose ratio is no larger than this cannot be told apart. At least 1. */
  readonly noiseRatio: number;
  /** The interval leaves 1 out: the place in the block alone makes a difference, so the set-up has to be looked at. */
  readonly isBiased: boolean;
}

/**
 * How far two strategies that are the same lie apart when measured like all others: the farther end of the 95 %
 * interval of the A/A pair's ratio, as a factor,
 *
 *     max(1/low, high)
 *
 * Null where fewer than two blocks hold both.
 */
export function noiseFloor(
  first: readonly RunMeasurement[],
  second: readonly RunMeasurement[],
  weightsOf: WeightsBySize,
  stopping: Stopping = 'fixed',
): NoiseFloor | null {
  const ratio = pairedRatio(first, second, weightsOf, stopping);
  if (ratio === null) return null;
  const [low, high] = ratio.ci95;
  return { ratio, noiseRatio: Math.max(1 / low, high), isBiased: low > 1 || high < 1 };
}
