import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bootstrapStandardError,
  estimateMedian,
  median,
  medianOfKnown,
  studentQuantile,
} from '../../../../src/engine/analysis/statistics.ts';
import { seededRandom } from '../../../../src/engine/random.ts';

describe('the median', () => {
  it('is the middle value, or the mean of the middle two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNull();
  });

  it('of known values leaves the unknown out and is unknown where all are', () => {
    expect(medianOfKnown([null, 5, Number.NaN, 7, 6])).toBe(6);
    expect(medianOfKnown([null, Number.NaN])).toBeNull();
  });
});

describe('the bootstrap standard error of a median', () => {
  it('agrees with the exact one of three values: weights 7/27, 13/27 and 7/27', () => {
    // All 27 resamples of (0, 1, 2): 7 have the median 0, 13 have 1, 7 have 2, so the variance is 14/27.
    expect(bootstrapStandardError([2, 0, 1], seededRandom(1))).toBeCloseTo(Math.sqrt(14 / 27), 2);
  });

  it('agrees with the exact one of two values, whose medians are their means', () => {
    // (0,0) (0,1) (1,0) (1,1): medians 0, ½, ½, 1; variance 1/8.
    expect(bootstrapStandardError([0, 1], seededRandom(1))).toBeCloseTo(Math.sqrt(1 / 8), 2);
  });

  it('agrees with Maritz and Jarrett for any odd number of values', () => {
    const values = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 9 });
    fc.assert(
      fc.property(
        values.filter((drawn) => drawn.length % 2 === 1),
        fc.integer(),
        (drawn, seed) => {
          const exact = maritzJarrett(drawn);
          const spread = Math.max(...drawn) - Math.min(...drawn);
          expect(
            Math.abs(bootstrapStandardError(drawn, seededRandom(seed), 4000) - exact),
          ).toBeLessThanOrEqual(0.05 * spread + 1e-9);
        },
      ),
      { numRuns: 30, seed: 1 },
    );
  });
});

describe('the estimate of a median', () => {
  it('is hand-computed for two values: half the distance over √2, times t(1), on logarithms', () => {
    const estimate = estimateMedian([100, 121], seededRandom(1));
    const halfWidth = 12.7062 * Math.sqrt(1 / 8) * Math.log(1.21);
    expect(estimate?.median).toBe(110.5);
    expect(Math.log((estimate?.ci95[1] ?? 0) / 110.5)).toBeCloseTo(halfWidth, 1);
    expect((estimate?.ci95[0] ?? 0) * (estimate?.ci95[1] ?? 0)).toBeCloseTo(110.5 ** 2, 6);
  });

  it('is null where one value cannot tell how much the next would differ', () => {
    expect(estimateMedian([], seededRandom(1))).toBeNull();
    expect(estimateMedian([100], seededRandom(1))).toBeNull();
  });

  it('has no width where all values are the same', () => {
    expect(estimateMedian([7, 7, 7], seededRandom(1))).toEqual({ median: 7, ci95: [7, 7] });
  });

  it('refuses times that cannot be', () => {
    expect(() => estimateMedian([1, 0, 2], seededRandom(1))).toThrow(RangeError);
    expect(() => estimateMedian([1, Number.NaN], seededRandom(1))).toThrow(RangeError);
  });

  it('holds the median, scales with the unit, and repeats with the seed', () => {
    const times = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 12 });
    fc.assert(
      fc.property(times, fc.integer(), (values, seed) => {
        const inMs = estimateMedian(values, seededRandom(seed), 200);
        const again = estimateMedian(values, seededRandom(seed), 200);
        const inSeconds = estimateMedian(
          values.map((value) => value / 1000),
          seededRandom(seed),
          200,
        );
        if (inMs === null || inSeconds === null) throw new Error('two values are enough');
        expect(again).toEqual(inMs);
        expect(inMs.ci95[0]).toBeLessThanOrEqual(inMs.median);
        expect(inMs.ci95[1]).toBeGreaterThanOrEqual(inMs.median);
        expect(Math.log((inSeconds.ci95[1] * 1000) / inMs.ci95[1])).toBeCloseTo(0, 8);
      }),
    );
  });
});

describe("Student's t", () => {
  it('is the printed table, and its expansion beyond', () => {
    expect([1, 4, 9, 30].map(studentQuantile)).toEqual([12.7062, 2.7764, 2.2622, 2.0423]);
    expect(studentQuantile(31)).toBeCloseTo(2.0395, 4);
    expect(studentQuantile(60)).toBeCloseTo(2.0003, 4);
    expect(studentQuantile(120)).toBeCloseTo(1.9799, 4);
    expect(() => studentQuantile(0)).toThrow(RangeError);
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
  const weights = sorted.map((_, i) => atLeastHalf((i + 1) / count) - atLeastHalf(i / count));
  const mean = sorted.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);
  return Math.sqrt(sorted.reduce((sum, value, i) => sum + (value - mean) ** 2 * (weights[i] ?? 0), 0));
}

function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i += 1) product *= (n - k + i) / i;
  return product;
}
