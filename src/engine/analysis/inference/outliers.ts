import { medianOf } from './select.ts';

/** Iglewicz and Hoaglin's bound. Lower flags the tail of honest noise; higher overlooks runs that were disturbed. */
export const outlierScore = 3.5;

/**
 * Modified z-scores (Iglewicz and Hoaglin 1993, "How to Detect and Handle Outliers"):
 *
 *     0.6745 · (x − median) / MAD,   MAD = median of |x − median|
 *
 * Where more than half of the values are the same, the MAD is 0 and 1.2533 times the mean of |x − median| takes the
 * place of MAD / 0.6745; where all are the same, every score is 0.
 */
export function modifiedZScores(values: readonly number[]): number[] {
  const middle = medianOf(values);
  const deviations = values.map((value) => Math.abs(value - middle));
  const medianDeviation = medianOf(deviations);
  const meanDeviation = deviations.reduce((sum, deviation) => sum + deviation, 0) / values.length;
  const scale = medianDeviation > 0 ? medianDeviation / 0.6745 : 1.2533 * meanDeviation;
  return values.map((value) => (scale === 0 ? 0 : (value - middle) / scale));
}

/** Positions of the values whose score is beyond the bound, on either side. A run is flagged by it, never dropped. */
export function outlierPositions(values: readonly number[]): number[] {
  return modifiedZScores(values).flatMap((score, index) => (Math.abs(score) > outlierScore ? [index] : []));
}
