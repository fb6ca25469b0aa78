import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  medianInPlace,
  medianOf,
  quantileInPlace,
  selectInPlace,
} from '../../../../../src/engine/analysis/inference/select.ts';

const anyValues = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true })), {
  minLength: 1,
  maxLength: 60,
});

describe('selection', () => {
  it('finds the same value at every rank as sorting does', () => {
    fc.assert(
      fc.property(anyValues, fc.nat(), (values, draw) => {
        const rank = draw % values.length;
        const sorted = Float64Array.from(values).sort();
        // -0 and 0 are equal to the comparison, and which comes first says nothing.
        expect(selectInPlace(Float64Array.from(values), rank) + 0).toBe((sorted[rank] ?? Number.NaN) + 0);
      }),
    );
  });

  it('takes no longer than it should on values that are all the same or already in order', () => {
    const count = 20_000;
    expect(medianInPlace(new Float64Array(count).fill(7))).toBe(7);
    expect(medianInPlace(Float64Array.from({ length: count }, (_, index) => index))).toBe(count / 2 - 0.5);
    expect(medianInPlace(Float64Array.from({ length: count }, (_, index) => -index))).toBe(0.5 - count / 2);
  });

  it('refuses a rank that is not there', () => {
    expect(() => selectInPlace(Float64Array.of(1, 2), 2)).toThrow(RangeError);
    expect(() => selectInPlace(new Float64Array(0), 0)).toThrow(RangeError);
  });
});

describe('the median', () => {
  it('is the middle value, or the mean of the middle two, and unknown of nothing', () => {
    expect(medianOf([3, 1, 2])).toBe(2);
    expect(medianOf([4, 1, 2, 3])).toBe(2.5);
    expect(medianOf([])).toBeNaN();
  });

  it('leaves the values as they are', () => {
    const values = [3, 1, 2];
    medianOf(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('a quantile', () => {
  it('lies linearly between two ranks', () => {
    expect(quantileInPlace(Float64Array.of(40, 10, 30, 20), 0.5)).toBe(25);
    expect(quantileInPlace(Float64Array.of(40, 10, 30, 20), 0.1)).toBeCloseTo(13, 12);
    expect(quantileInPlace(Float64Array.of(40, 10, 30, 20), 1)).toBe(40);
    expect(quantileInPlace(new Float64Array(0), 0.5)).toBeNaN();
  });

  it('is infinite and not unknown between infinite ends', () => {
    expect(quantileInPlace(Float64Array.of(1, Infinity, Infinity, Infinity), 0.9)).toBe(Infinity);
  });
});
