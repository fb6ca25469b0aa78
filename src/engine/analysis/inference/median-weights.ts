import { seededRandom, type Random } from '../../random.ts';

/**
 * How often a resample's median falls on which ranks of the sample. A resample draws positions; which of the sorted
 * values is its median depends on the positions alone, so one set of resamples serves every sample of that size, and
 * 10 000 of them shrink to the few dozen pairs of ranks that occur.
 */
export interface MedianWeights {
  readonly resamples: number;
  /** The two ranks in the middle, 0-based; the same twice where the size is odd. Parallel to `share`. */
  readonly lower: Uint32Array;
  readonly upper: Uint32Array;
  /** Share of the resamples; sums to 1. */
  readonly share: Float64Array;
}

export type WeightsBySize = (size: number) => MedianWeights;

/** Draws `resamples` resamples of `size` values with replacement and counts the ranks of their medians. */
export function drawMedianWeights(size: number, resamples: number, random: Random): MedianWeights {
  const counts = new Uint32Array(size);
  const timesByPair = new Map<number, number>();
  const lowerRank = (size - 1) >>> 1;
  const upperRank = size >>> 1;
  for (let resample = 0; resample < resamples; resample += 1) {
    counts.fill(0);
    for (let drawn = 0; drawn < size; drawn += 1) {
      const position = Math.floor(random() * size);
      counts[position] = (counts[position] ?? 0) + 1;
    }
    let seen = 0;
    let lower = -1;
    let position = -1;
    while (seen <= upperRank) {
      position += 1;
      seen += counts[position] ?? 0;
      if (lower < 0 && seen > lowerRank) lower = position;
    }
    const pair = lower * size + position;
    timesByPair.set(pair, (timesByPair.get(pair) ?? 0) + 1);
  }
  const pairs = [...timesByPair].sort(([left], [right]) => left - right);
  return {
    resamples,
    lower: Uint32Array.from(pairs, ([pair]) => Math.floor(pair / size)),
    upper: Uint32Array.from(pairs, ([pair]) => pair % size),
    share: Float64Array.from(pairs, ([, times]) => times / resamples),
  };
}

/** Weights for every size, drawn when a size is first asked for; from the same seed for each, whatever came before. */
export function medianWeightsBySize(seed: number, resamples: number): WeightsBySize {
  const known = new Map<number, MedianWeights>();
  return (size) => {
    const weights = known.get(size) ?? drawMedianWeights(size, resamples, seededRandom(seed));
    known.set(size, weights);
    return weights;
  };
}

/** The bootstrap standard error of the median of ascending values: the standard deviation of the resamples' medians. */
export function medianStandardError(sorted: ArrayLike<number>, weights: MedianWeights): number {
  // Equal values have equal medians; the sums would round to something just above nothing.
  const origin = sorted[0] ?? Number.NaN;
  if (origin === sorted[sorted.length - 1]) return 0;
  let mean = 0;
  let square = 0;
  for (let index = 0; index < weights.share.length; index += 1) {
    const lower = sorted[weights.lower[index] ?? 0] ?? Number.NaN;
    const upper = sorted[weights.upper[index] ?? 0] ?? Number.NaN;
    const share = weights.share[index] ?? 0;
    // From the smallest value on, so that nothing cancels where all values are large and close together.
    const value = (lower + upper) / 2 - origin;
    mean += share * value;
    square += share * value * value;
  }
  const { resamples } = weights;
  return Math.sqrt(Math.max(0, ((square - mean * mean) * resamples) / (resamples - 1)));
}
