import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  drawMedianWeights,
  medianStandardError,
  medianWeightsBySize,
} from '../../../../../src/engine/analysis/inference/median-weights.ts';
import { seededRandom } from '../../../../../src/engine/random.ts';

const weightsOf = medianWeightsBySize(1, 10_000);

function standardError(values: readonly number[]): number {
  return medianStandardError(Float64Array.from(values).sort(), weightsOf(values.length));
}

describe('the bootstrap standard error of a median', () => {
  it('agrees with the exact one of three values: weights 7/27, 13/27 and 7/27', () => {
    // All 27 resamples of (0, 1, 2): 7 have the median 0, 13 have 1, 7 have 2, so the variance is 14/27.
    expect(standardError([2, 0, 1])).toBeCloseTo(Math.sqrt(14 / 27), 2);
  });

  it('agrees with the exact one of two values, whose medians are their means', () => {
    // (0,0) (0,1) (1,0) (1,1): medians 0, ½, ½, 1; variance 1/8.
    expect(standardError([0, 1])).toBeCloseTo(Math.sqrt(1 / 8), 2);
  });

  it('agrees with Maritz and Jarrett for any odd number of values', () => {
    const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(
        values.filter((drawn) => drawn.length % 2 === 1),
        (drawn) => {
          const spread = Math.max(...drawn) - Math.min(...drawn);
          expect(Math.abs(standardError(drawn) - maritzJarrett(drawn))).toBeLessThanOrEqual(
            0.02 * spread + 1e-9,
          );
        },
      ),
      { seed: 1 },
    );
  });

  it('is the one of resampling the values themselves, drawn from the same seed', () => {
    const values = [5, 9, 1, 4, 8, 2];
    const sorted = [...values].sort((left, right) => left - right);
    const random = seededRandom(3);
    const medians = Array.from({ length: 500 }, () => {
      const drawn = sorted.map(() => sorted[Math.floor(random() * 6)] ?? Number.NaN);
      drawn.sort((left, right) => left - right);
      return ((drawn[2] ?? Number.NaN) + (drawn[3] ?? Number.NaN)) / 2;
    });
    const mean = medians.reduce((sum, value) => sum + value, 0) / 500;
    const variance = medians.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 499;
    expect(medianStandardError(sorted, drawMedianWeights(6, 500, seededRandom(3)))).toBeCloseTo(
      Math.sqrt(variance),
      10,
    );
  });

  it('keeps its digits where all values are large and close together', () => {
    const near = [1e12, 1e12 + 1, 1e12 + 2];
    expect(standardError(near)).toBe(standardError([0, 1, 2]));
    expect(standardError([7, 7, 7])).toBe(0);
  });
});

describe('weights', () => {
  it('are whole, and the same whatever was asked for before', () => {
    const weights = weightsOf(8);
    expect(weights.share.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    const others = medianWeightsBySize(1, 10_000);
    others(5);
    expect(others(8)).toEqual(weights);
  });
});

/** The bootstrap's limit for infinitely many resamples (Maritz and Jarrett 1978), n odd: P(median = i-th value). */
function maritzJarrett(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  const atLeastHalf = (share: number): number => {
    let sum = 0;
    for (let k = (count + 1) / 2; k <= count; k += 1) {
      sum += choose(count, k) * share ** k * (1 - share) ** (count - k);
    }
    return sum;
  };
  const weights = sorted.map((_, index) => atLeastHalf((index + 1) / count) - atLeastHalf(index / count));
  const mean = sorted.reduce((sum, value, index) => sum + value * (weights[index] ?? 0), 0);
  return Math.sqrt(
    sorted.reduce((sum, value, index) => sum + (value - mean) ** 2 * (weights[index] ?? 0), 0),
  );
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i += 1) ways = (ways * (n - k + i)) / i;
  return ways;
}
