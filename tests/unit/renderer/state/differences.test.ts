import { describe, expect, it } from 'vitest';
import {
  expectedHereMs,
  figuresBeyond,
  formatFigure,
} from '../../../../src/renderer/state/differences-figures.ts';

describe('the figures of a cell', () => {
  it('are written with their units', () => {
    const figures: readonly [number, string][] = [
      [12.345, 'ms'],
      [8_420_000, 'B'],
      [1.934, '×'],
      [0.981, 'cores'],
      [19_342, '1/s'],
      [519.4, 'MB/s'],
      [1, ''],
    ];
    expect(figures.map(([value, unit]) => formatFigure({ name: 'it', value, unit }))).toEqual([
      '12.3 ms',
      '8.42 MB',
      '1.93×',
      '0.98 cores',
      '19\u2009300 /s',
      '519 MB/s',
      '1',
    ]);
  });

  it('are left out where the cell says the same already', () => {
    const wall = { name: 'wall', value: 120, unit: 'ms' };
    expect(figuresBeyond({ text: '120 ms', figures: [wall], how: '' })).toEqual([]);
    expect(figuresBeyond({ text: '< 200 kB', figures: [wall], how: '' })).toEqual([wall]);
    expect(figuresBeyond({ text: '120 ms', figures: [wall, wall], how: '' })).toHaveLength(2);
  });
});

describe('what a measurement is expected to take', () => {
  const expected = { quick: 30_000, whole: 70_000 };

  it('is as on idle cores until one was measured here', () => {
    expect(expectedHereMs(expected, null, 'whole')).toBe(70_000);
    expect(expectedHereMs(null, null, 'whole')).toBeNull();
  });

  it('is as much slower as the last one was', () => {
    expect(expectedHereMs(expected, { rounds: 1, durationMs: 60_000 }, 'whole')).toBe(140_000);
    expect(expectedHereMs(expected, { rounds: 7, durationMs: 60_000 }, 'whole')).toBe(70_000);
  });
});
