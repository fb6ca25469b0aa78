import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  criticalValue,
  linearMedianInterval,
  logMedianInterval,
  peekingStretch,
} from '../../../../../src/engine/analysis/inference/median-interval.ts';
import {
  medianStandardError,
  medianWeightsBySize,
} from '../../../../../src/engine/analysis/inference/median-weights.ts';
import { quantileInPlace } from '../../../../../src/engine/analysis/inference/select.ts';
import { seededRandom } from '../../../../../src/engine/random.ts';
import { normal } from '../simulate.ts';

const weightsOf = medianWeightsBySize(1, 10_000);

describe('the critical value', () => {
  it.each([5, 6, 11, 20])('of %i values is the 95.5 % quantile of the studentised median', (size) => {
    const random = seededRandom(size);
    const pivots = Float64Array.from({ length: 40_000 }, () => {
      const sorted = Float64Array.from({ length: size }, () => normal(random)).sort();
      const middle = ((sorted[(size - 1) >>> 1] ?? 0) + (sorted[size >>> 1] ?? 0)) / 2;
      return Math.abs(middle) / medianStandardError(sorted, weightsOf(size));
    });
    expect(quantileInPlace(pivots, 0.955) / criticalValue(size)).toBeCloseTo(1, 1);
  });

  it('is wider where the number of blocks was chosen by looking', () => {
    expect(criticalValue(5, 'adaptive')).toBe(criticalValue(5) * peekingStretch);
    expect(criticalValue(400)).toBe(2.16);
    expect(() => criticalValue(1)).toThrow(RangeError);
  });
});

describe('the interval of a median', () => {
  it('is hand-computed for two values: half the distance over √2, times c(2)', () => {
    const linear = linearMedianInterval([-1, 3], weightsOf);
    expect(linear?.median).toBe(1);
    expect((linear?.ci95[1] ?? 0) - 1).toBeCloseTo(20.04 * Math.sqrt(1 / 8) * 4, 0);
    const log = logMedianInterval([100, 121], weightsOf);
    expect(log?.median).toBe(110.5);
    expect(Math.log((log?.ci95[1] ?? 0) / 110.5)).toBeCloseTo(20.04 * Math.sqrt(1 / 8) * Math.log(1.21), 1);
  });

  it('is null where one value cannot tell how much the next would differ', () => {
    expect(logMedianInterval([], weightsOf)).toBeNull();
    expect(logMedianInterval([100], weightsOf)).toBeNull();
    expect(linearMedianInterval([100], weightsOf)).toBeNull();
  });

  it('has no width where all values are the same', () => {
    expect(logMedianInterval([7, 7, 7], weightsOf)).toEqual({ median: 7, ci95: [7, 7] });
    expect(linearMedianInterval([0, 0, 0], weightsOf)).toEqual({ median: 0, ci95: [0, 0] });
  });

  it('refuses times that cannot be', () => {
    expect(() => logMedianInterval([1, 0, 2], weightsOf)).toThrow(RangeError);
    expect(() => logMedianInterval([1, Number.NaN], weightsOf)).toThrow(RangeError);
    expect(() => logMedianInterval([1, Infinity], weightsOf)).toThrow(RangeError);
  });

  it('holds the median and scales with the unit', () => {
    const times = fc.array(fc.double({ min: 0.01, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(times, (values) => {
        const inMs = logMedianInterval(values, weightsOf);
        const inSeconds = logMedianInterval(
          values.map((value) => value / 1000),
          weightsOf,
        );
        if (inMs === null || inSeconds === null) throw new Error('two values are enough');
        expect(inMs.ci95[0]).toBeLessThanOrEqual(inMs.median);
        expect(inMs.ci95[1]).toBeGreaterThanOrEqual(inMs.median);
        expect(Math.log((inSeconds.ci95[1] * 1000) / inMs.ci95[1])).toBeCloseTo(0, 8);
      }),
    );
  });
});
