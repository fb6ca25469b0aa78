import type { Estimate } from '../../../shared/experiment-analysis.ts';
import { pairByBlock, type RunMeasurement } from '../measurements.ts';
import { logMedianInterval, type Stopping } from './median-interval.ts';
import type { WeightsBySize } from './median-weights.ts';

/**
 * The median over the blocks of wall / wall with its 95 % interval; null where fewer than two blocks hold both.
 * Blocks are what is resampled: within one, heat and neighbours are the same and cancel in the ratio.
 */
export function pairedRatio(
  numerator: readonly RunMeasurement[],
  denominator: readonly RunMeasurement[],
  weightsOf: WeightsBySize,
  stopping: Stopping = 'fixed',
): Estimate | null {
  const { first, second } = pairByBlock(numerator, denominator);
  return logMedianInterval(
    first.map((value, index) => value / (second[index] ?? Number.NaN)),
    weightsOf,
    stopping,
  );
}

/**
 * Whether `slower / faster` is a difference: the whole interval lies above what two runs of the same thing differ by
 * (`noiseRatio`, 1 where no A/A pair was run).
 */
export function isBeyondNoise(ratio: Estimate, noiseRatio = 1): boolean {
  return ratio.ci95[0] > 1 && ratio.median > noiseRatio;
}
