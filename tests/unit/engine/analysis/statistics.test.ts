import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateMedian, median, medianOfKnown } from '../../../../src/engine/analysis/statistics.ts';
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

describe('the estimate of a median', () => {
  it('is hand-computed for two values: half the distance over √2, times c(2), on logarithms', () => {
    const estimate = estimateMedian([100, 121], seededRandom(1));
    const halfWidth = 20.04 * Math.sqrt(1 / 8) * Math.log(1.21);
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
