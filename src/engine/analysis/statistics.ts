import { medianSorted, sampleStandardDeviation } from 'simple-statistics';
import type { Estimate } from '../../shared/experiment.ts';
import type { Random } from '../random.ts';

/**
 * How often the bootstrap draws. More only costs time; at 10 000 the standard error is known to about 0.7 %, so the
 * seed moves an interval's end by less than its last printed digit.
 */
export const bootstrapResamples = 10_000;

/** An interval needs at least two values: from one nobody can tell how much the next would differ. */
export const fewestForInterval = 2;

/** The middle value, or the mean of the two in the middle; null of nothing. */
export function median(values: readonly number[]): number | null {
  return values.length === 0 ? null : medianSorted(ascending(values));
}

/** The median of those values that are known; null where none is. */
export function medianOfKnown(values: readonly (number | null)[]): number | null {
  return median(values.filter((value): value is number => value !== null && Number.isFinite(value)));
}

/**
 * The median of positive values with its 95 % interval; null for fewer than two values.
 *
 *     median · exp(± t(0.975, n − 1) · s),   s = bootstrap standard error of the median of the logarithms
 *
 * Logarithms, because times and ratios are skewed and stay positive. The standard error comes from resampling with
 * replacement (Efron 1979). Student's t makes up for the few values, as in Hesterberg 2015 ("What Teachers Should
 * Know About the Bootstrap", section 3.2), who shows that percentile intervals of small samples are too narrow: with
 * 3, 5 and 7 values the percentiles of the median hold the truth in 75, 93 and 88 % only.
 *
 * Measured (3 000 experiments for each of n = 3, 5, 6, 7, 8, 10, 20 and normal, lognormal, t(3), contaminated and
 * one-sided exponential noise): the interval holds the true median in 93.7 to 98.4 %; with t(2) noise, which has no
 * variance, in up to 98.6 %. The percentiles stretched by the same t fall to 92 % at n = 7 and are a fifth wider at
 * n = 5. `tests/unit/engine/analysis/coverage.test.ts` repeats a lighter form of it.
 *
 * Values must be positive and finite; anything else throws, for no run takes no time.
 */
export function estimateMedian(
  values: readonly number[],
  random: Random,
  resamples = bootstrapResamples,
): Estimate | null {
  const bad = values.find((value) => !(value > 0 && Number.isFinite(value)));
  if (bad !== undefined) throw new RangeError(`${bad} is not a positive number to take the median of`);
  const middle = median(values);
  if (middle === null || values.length < fewestForInterval) return null;
  const standardError = bootstrapStandardError(values.map(Math.log), random, resamples);
  const stretch = Math.exp(studentQuantile(values.length - 1) * standardError);
  return { median: middle, ci95: [middle / stretch, middle * stretch] };
}

/**
 * The standard error of the median of `values`: the standard deviation of the medians of `resamples` samples, each
 * drawn from `values` with replacement and as large as they are.
 */
export function bootstrapStandardError(
  values: readonly number[],
  random: Random,
  resamples = bootstrapResamples,
): number {
  const sorted = ascending(values);
  // Equal values have equal medians; the sum over the resamples would round to something just above nothing.
  if (sorted[0] === sorted.at(-1)) return 0;
  // A resample is a list of positions in the sorted values: its median is then found by counting, without sorting.
  const counts = new Uint32Array(sorted.length);
  const medians = new Array<number>(resamples);
  for (let resample = 0; resample < resamples; resample += 1) {
    counts.fill(0);
    for (let drawn = 0; drawn < sorted.length; drawn += 1) {
      const position = Math.floor(random() * sorted.length);
      counts[position] = (counts[position] ?? 0) + 1;
    }
    medians[resample] = countedMedian(sorted, counts);
  }
  return sampleStandardDeviation(medians);
}

/** The median of the multiset that holds `sorted[i]` `counts[i]` times, as many values in all as `sorted` has. */
function countedMedian(sorted: readonly number[], counts: Uint32Array): number {
  const lowerRank = Math.floor((sorted.length - 1) / 2);
  const upperRank = Math.floor(sorted.length / 2);
  let lower: number | null = null;
  let seen = 0;
  for (const [position, value] of sorted.entries()) {
    seen += counts[position] ?? 0;
    if (lower === null && seen > lowerRank) lower = value;
    if (lower !== null && seen > upperRank) return (lower + value) / 2;
  }
  throw new Error('a resample is as large as the sample');
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((left, right) => left - right);
}

/** Student's t for a two-sided 95 % interval; index 0 is one degree of freedom. Table as printed everywhere. */
// prettier-ignore
const studentTable = [
  12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
  2.2010, 2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
  2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423,
] as const;

/**
 * t(0.975) for that many degrees of freedom. Beyond 30 the first three terms of its expansion about the normal
 * quantile (Abramowitz and Stegun 26.7.5) are exact to four decimals.
 */
export function studentQuantile(degreesOfFreedom: number): number {
  const tabled = studentTable[degreesOfFreedom - 1];
  if (tabled !== undefined) return tabled;
  if (!(degreesOfFreedom > studentTable.length)) {
    throw new RangeError(`Student's t is not defined for ${degreesOfFreedom} degrees of freedom`);
  }
  const normal = 1.959964;
  const first = (normal ** 3 + normal) / 4;
  const second = (5 * normal ** 5 + 16 * normal ** 3 + 3 * normal) / 96;
  const third = (3 * normal ** 7 + 19 * normal ** 5 + 17 * normal ** 3 - 15 * normal) / 384;
  return normal + first / degreesOfFreedom + second / degreesOfFreedom ** 2 + third / degreesOfFreedom ** 3;
}
