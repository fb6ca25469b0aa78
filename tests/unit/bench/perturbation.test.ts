import { describe, expect, it } from 'vitest';
import { describeShift, judgeCost } from '../../../bench/perturbation/judge.ts';
import { shiftBetween } from '../../../bench/support/statistics.ts';

describe('the shift between two samples', () => {
  it('is the median of all differences, between the 24th from either end of two tens', () => {
    // The critical value of the Mann-Whitney test for 10 and 10 at 5 % is 23 in every printed table.
    const control = Array.from({ length: 10 }, (_, index) => index / 100);
    const sample = Array.from({ length: 10 }, (_, index) => 1 + index ** 2 / 10);
    const differences = sample
      .flatMap((value) => control.map((other) => value - other))
      .sort((a, b) => a - b);
    expect(shiftBetween(sample, control)).toEqual({
      shift: ((differences[49] ?? 0) + (differences[50] ?? 0)) / 2,
      from: differences[23],
      to: differences[76],
    });
  });

  it('is little moved by one value that was disturbed', () => {
    const control = Array.from({ length: 30 }, (_, index) => 1 + index / 1000);
    const sample = control.map((value, index) => (index === 7 ? 5 : value));
    expect(Math.abs(shiftBetween(sample, control).shift)).toBeLessThan(0.001);
  });

  it('is not known of nothing', () => {
    expect(shiftBetween([], [1])).toEqual({ shift: Number.NaN, from: Number.NaN, to: Number.NaN });
  });
});

describe('what sampling costs', () => {
  it.each([
    [-0.002, 0.003, 'met'],
    [-0.004, -0.001, 'met'],
    [0.0005, 0.003, 'missed'],
    [-0.01, 0.02, 'within the noise'],
    [Number.NaN, Number.NaN, 'n/a'],
  ])('between %d and %d is %s', (from, to, judgement) => {
    expect(judgeCost({ shift: (from + to) / 2, from, to })).toBe(judgement);
  });

  it('is told in percent, with its sign', () => {
    expect(describeShift({ shift: 0.0012, from: -0.0005, to: 0.0031 })).toBe('+0.12 % [−0.05 to +0.31 %]');
    expect(describeShift({ shift: Number.NaN, from: Number.NaN, to: Number.NaN })).toBe(
      'n/a % [n/a to n/a %]',
    );
  });
});
