import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  factorDigits,
  formatBytes,
  formatCores,
  formatCpuSeconds,
  formatDuration,
  formatExpectedDuration,
  formatFactor,
  formatInterval,
  formatPercent,
} from '../../../src/shared/format.ts';

describe('what nobody knows', () => {
  it.each([
    formatDuration,
    formatExpectedDuration,
    formatBytes,
    formatFactor,
    formatCores,
    formatCpuSeconds,
    formatPercent,
    factorDigits,
  ])('is n/a and never 0 (%o)', (format) => {
    expect([null, undefined, Number.NaN, Infinity].map((value) => format(value))).toEqual(
      new Array(4).fill('n/a'),
    );
  });
});

describe('a percentage', () => {
  it.each([
    [0, '0 %'],
    [0.000_04, '0.00 %'],
    [0.006_2, '0.62 %'],
    [0.009_96, '1.0 %'],
    [0.931, '93.1 %'],
    [0.999_6, '100 %'],
    [4.12, '412 %'],
  ])('of a share of %d reads %s', (share, text) => {
    expect(formatPercent(share)).toBe(text);
  });
});

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [0.0005, '0.500 µs'],
    [0.34, '340 µs'],
    [0.9996, '1.00 ms'],
    [12.34, '12.3 ms'],
    [845.4, '845 ms'],
    [999.6, '1.00 s'],
    [1234, '1.23 s'],
    [99_960, '100 s'],
    [119_400, '119 s'],
    [125_000, '2 min 5 s'],
    [7_169_400, '119 min 29 s'],
    [12_029_000, '3 h 20 min'],
    [-31.04, '-31.0 ms'],
  ])('of %d ms reads %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  it('is never off by more than half of its last digit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 119_000, noNaN: true }), (milliseconds) => {
        const [digits = '', unit = ''] = formatDuration(milliseconds).split(' ');
        const unitMs = { µs: 0.001, ms: 1, s: 1000 }[unit] ?? Number.NaN;
        expect(Math.abs((Number(digits) * unitMs) / milliseconds - 1)).toBeLessThanOrEqual(0.005_001);
      }),
    );
  });
});

describe('memory', () => {
  it.each([
    [0, '0 B'],
    [512, '512 B'],
    [999_600, '1.00 MB'],
    [24_100_000, '24.1 MB'],
    [1_500_000_000, '1.50 GB'],
    [3e15, '3000 TB'],
  ])('of %d bytes reads %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

describe('a factor', () => {
  it.each([
    [1.024, '1.02×'],
    [1.8649, '1.86×'],
    [9.996, '10.0×'],
    [12.34, '12.3×'],
    [0.05, '0.0500×'],
    [0.982, '0.98×'],
  ])('of %d reads %s', (factor, text) => {
    expect(formatFactor(factor)).toBe(text);
  });
});

describe('an interval', () => {
  const estimate = (low: number, high: number) => ({ ci95: [low, high] as const });

  it('names both ends, and a unit that they share only once', () => {
    expect(formatInterval(estimate(1.8, 1.93), formatFactor)).toBe('1.80× to 1.93×');
    expect(formatInterval(estimate(812, 845), formatDuration)).toBe('812 to 845 ms');
    expect(formatInterval(estimate(980, 1045), formatDuration)).toBe('980 ms to 1.04 s');
    expect(formatInterval(estimate(119_000, 130_000), formatDuration)).toBe('119 s to 2 min 10 s');
    expect(formatInterval(estimate(121_000, 130_000), formatDuration)).toBe('2 min 1 s to 2 min 10 s');
  });

  it('is n/a where there is no estimate', () => {
    expect(formatInterval(null, formatFactor)).toBe('n/a');
    expect(formatInterval(estimate(Number.NaN, 2), formatFactor)).toBe('n/a');
  });
});

it('cores kept busy read to the hundredth, processor time as a duration', () => {
  expect(formatCores(1.934)).toBe('1.93');
  expect(formatCores(0.004)).toBe('0.00');
  expect(formatCpuSeconds(0.84)).toBe('840 ms');
});

describe('an expected duration', () => {
  it.each([
    [0, '0 s'],
    [1, '1 s'],
    [6001, '7 s'],
    [119_000, '119 s'],
    [124_100, '2 min 5 s'],
  ])('of %d ms is %s', (milliseconds, text) => {
    expect(formatExpectedDuration(milliseconds)).toBe(text);
  });
});
