import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustForDiscoveries } from '../../../../../src/engine/analysis/inference/false-discovery.ts';
import { groupShift, pairedShift } from '../../../../../src/engine/analysis/inference/hodges-lehmann.ts';
import { mannWhitney } from '../../../../../src/engine/analysis/inference/mann-whitney.ts';
import {
  mannWhitneyCumulative,
  normalTail,
  signedRankCumulative,
} from '../../../../../src/engine/analysis/inference/rank-distributions.ts';

// Hollander and Wolfe 1999: table 3.1 (depression scores, paired) and table 4.1 (permeability, two groups).
const before = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];
const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const early = [1.15, 0.88, 0.9, 0.74, 1.21];

describe("Mann and Whitney's test", () => {
  it('is exact for small groups: the example in the documentation of scipy, p = 1/9', () => {
    const result = mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12]);
    expect(result).toMatchObject({ u: 17, method: 'exact' });
    expect(result?.p).toBeCloseTo(1 / 9, 12);
  });

  it('agrees with the book on permeability: U = 35, two-sided p = 0.2544', () => {
    expect(mannWhitney(atTerm, early)).toMatchObject({ u: 35, method: 'exact' });
    expect(mannWhitney(atTerm, early)?.p).toBeCloseTo(0.2544122544, 9);
  });

  it('agrees with scipy where there are ties: normal, corrected', () => {
    const result = mannWhitney([1, 2, 2, 3, 5], [2, 4, 4, 6, 7, 8]);
    expect(result).toMatchObject({ u: 5, method: 'normal' });
    expect(result?.p).toBeCloseTo(0.0793436832, 7);
  });

  it('agrees with scipy for 25 against 25 values, exactly', () => {
    const first = Array.from({ length: 25 }, (_, index) => index + 1);
    const second = first.map((value) => value + 6.5);
    expect(mannWhitney(first, second)?.p).toBeCloseTo(0.0054952144, 9);
  });

  it('says nothing of nothing and finds no difference among equals', () => {
    expect(mannWhitney([], [1])).toBeNull();
    expect(mannWhitney([5, 5, 5], [5, 5])).toMatchObject({ p: 1 });
  });

  it('does not care which group comes first, nor about the unit', () => {
    const group = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 9 });
    fc.assert(
      fc.property(group, group, (first, second) => {
        const forth = mannWhitney(first, second);
        const back = mannWhitney(second, first);
        expect((forth?.u ?? 0) + (back?.u ?? 0)).toBe(first.length * second.length);
        expect(back?.p).toBeCloseTo(forth?.p ?? Number.NaN, 12);
        expect(
          mannWhitney(
            first.map((value) => value * 8),
            second.map((value) => value * 8),
          ),
        ).toEqual(forth);
      }),
    );
  });
});

describe('rank distributions', () => {
  it('are those of all arrangements, counted one by one', () => {
    // Three and two: U of 0..6 occurs 1 1 2 2 2 1 1 times in 10.
    expect([...mannWhitneyCumulative(3, 2)].map((share) => Math.round(share * 10))).toEqual([
      1, 2, 4, 6, 8, 9, 10,
    ]);
    // Ranks 1 2 3 with signs: W of 0..6 occurs 1 1 1 2 1 1 1 times in 8.
    expect([...signedRankCumulative(3)].map((share) => share * 8)).toEqual([1, 2, 3, 5, 6, 7, 8]);
  });

  it('stay probabilities for fifty against fifty', () => {
    const cumulative = mannWhitneyCumulative(50, 50);
    expect(cumulative.at(-1)).toBeCloseTo(1, 12);
    expect(cumulative[1249]).toBeLessThan(0.5);
    expect(cumulative[1250]).toBeGreaterThan(0.5);
    expect(cumulative.every((value, index) => value >= (cumulative[index - 1] ?? 0))).toBe(true);
  });

  it('have the normal tail of the printed tables', () => {
    expect(normalTail(0)).toBeCloseTo(0.5, 7);
    expect(normalTail(1.96)).toBeCloseTo(0.0249978951, 7);
    expect(normalTail(-1.96)).toBeCloseTo(0.9750021049, 7);
    expect(normalTail(8) / 6.22096057e-16).toBeCloseTo(1, 6);
  });
});

describe("Hodges and Lehmann's shift", () => {
  it('agrees with the book on depression scores: 0.46, 0.010 to 0.786 with confidence 0.961', () => {
    const shift = pairedShift(before.map((value, index) => value - (after[index] ?? 0)));
    expect(shift?.shift).toBeCloseTo(0.46, 10);
    expect(shift?.low).toBeCloseTo(0.01, 10);
    expect(shift?.high).toBeCloseTo(0.786, 10);
    expect(shift?.confidence).toBeCloseTo(0.961, 3);
  });

  it('agrees with the book on permeability: 0.305, with the ninth difference from either end', () => {
    const shift = groupShift(atTerm, early);
    expect(shift?.shift).toBeCloseTo(0.305, 10);
    expect(shift?.low).toBeCloseTo(-0.15, 10);
    expect(shift?.high).toBeCloseTo(0.76, 10);
  });

  it('tells that five pairs reach 93.75 % and no more: all of them', () => {
    expect(pairedShift([1, 2, 3, 4, 10])).toEqual({ shift: 3, low: 1, high: 10, confidence: 0.9375 });
  });

  it('moves with the values', () => {
    const differences = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(differences, fc.integer({ min: -50, max: 50 }), (values, by) => {
        const still = pairedShift(values);
        const moved = pairedShift(values.map((value) => value + by));
        expect(moved?.shift).toBe((still?.shift ?? 0) + by);
        expect(moved?.low).toBe((still?.low ?? 0) + by);
        expect(moved?.high).toBe((still?.high ?? 0) + by);
      }),
    );
    expect(pairedShift([4])).toBeNull();
    expect(groupShift([], [1])).toBeNull();
  });
});

describe('p-values adjusted for many tests', () => {
  it('reject the first four of the fifteen of Benjamini and Hochberg 1995', () => {
    const published = [
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
      0.759, 1,
    ];
    const adjusted = adjustForDiscoveries(published);
    expect(adjusted.filter((p) => p !== null && p <= 0.05)).toHaveLength(4);
    expect(adjusted[0]).toBeCloseTo(0.0015, 12);
    // 0.0201, 0.0278 and 0.0298 share the least of what follows: 0.0344 · 15/8 is more than 0.0298 · 15/7.
    expect(adjusted[4]).toBeCloseTo((0.0201 * 15) / 5, 12);
    expect(adjusted[5]).toBeCloseTo((0.0298 * 15) / 7, 12);
    expect(adjusted[14]).toBe(1);
  });

  it('keep their places, and leave out the tests that could not be made', () => {
    expect(adjustForDiscoveries([0.04, null, 0.01])).toEqual([0.04, null, 0.02]);
    expect(adjustForDiscoveries([])).toEqual([]);
  });
});
