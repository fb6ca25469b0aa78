import { mannWhitneyCumulative, signedRankCumulative } from './rank-distributions.ts';
import { medianInPlace, selectInPlace } from './select.ts';

/** How far one group lies above another, in the unit of its values. */
export interface Shift {
  readonly shift: number;
  readonly low: number;
  readonly high: number;
  /**
   * The confidence that the interval really has: rank intervals come in steps. At least 0.95 where there are enough
   * values; with 5 blocks the widest there is has 0.9375.
   */
  readonly confidence: number;
}

/**
 * Hodges-Lehmann shift of paired values (Hodges and Lehmann 1963): the median of the means of all pairs of
 * differences, (dᵢ + dⱼ)/2 for i ≤ j. Its interval runs from the k-th smallest to the k-th largest of them, with the
 * largest k for which 2 · P(W ≤ k − 1) ≤ 0.05 under the signed-rank distribution (Hollander and Wolfe 1999, 3.2 and
 * 3.3). Null for fewer than two pairs.
 */
export function pairedShift(differences: readonly number[]): Shift | null {
  const count = differences.length;
  if (count < 2) return null;
  const means = new Float64Array((count * (count + 1)) / 2);
  let index = 0;
  for (const [position, first] of differences.entries()) {
    for (const second of differences.slice(position)) {
      means[index] = (first + second) / 2;
      index += 1;
    }
  }
  return shiftFrom(means, signedRankCumulative(count));
}

/**
 * Hodges-Lehmann shift of two groups that are not paired: the median of all x − y, with the interval by the
 * Mann-Whitney distribution in the same way (Hollander and Wolfe 1999, 4.2 and 4.3). Null where a group is empty.
 */
export function groupShift(first: readonly number[], second: readonly number[]): Shift | null {
  if (first.length === 0 || second.length === 0) return null;
  const differences = new Float64Array(first.length * second.length);
  let index = 0;
  for (const left of first) {
    for (const right of second) {
      differences[index] = left - right;
      index += 1;
    }
  }
  return shiftFrom(differences, mannWhitneyCumulative(first.length, second.length));
}

function shiftFrom(candidates: Float64Array, cumulative: Float64Array): Shift {
  const shift = medianInPlace(candidates);
  // findIndex is the number of ranks whose tail is light enough; at least one rank, the widest interval there is.
  const dropped = Math.max(
    1,
    cumulative.findIndex((probability) => 2 * probability > 0.05),
  );
  return {
    shift,
    low: selectInPlace(candidates, dropped - 1),
    high: selectInPlace(candidates, candidates.length - dropped),
    confidence: Math.max(0, 1 - 2 * (cumulative[dropped - 1] ?? Number.NaN)),
  };
}
