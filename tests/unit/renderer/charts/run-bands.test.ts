import { describe, expect, it } from 'vitest';
import {
  bandAt,
  bandBoxes,
  isOfLastRun,
  isOverRun,
  type RunBand,
} from '../../../../src/renderer/charts/run-bands.ts';

const serial: RunBand = { label: 'serial', strategy: 'serial', startMs: 0, endMs: 1_000, warmUp: true };
const threads: RunBand = {
  label: 'threads × 2',
  strategy: 'threads',
  startMs: 1_200,
  endMs: 2_000,
  warmUp: false,
};
const running: RunBand = {
  label: 'processes × 2',
  strategy: 'processes',
  startMs: 2_000,
  endMs: null,
  warmUp: false,
};
const bands = [serial, threads, running];
const tenPerLetter = (text: string): number => text.length * 10;

describe('what a run has to do with', () => {
  it('is every stretch that it overlaps, and while it is on all that comes', () => {
    expect(isOverRun([serial, threads], 1_000, 1_200)).toBe(false);
    expect(isOverRun([serial, threads], 1_100, 1_201)).toBe(true);
    expect(isOverRun([serial, threads], 2_000, 9_000)).toBe(false);
    expect(isOverRun([serial, running], 8_000, 9_000)).toBe(true);
  });

  it('is a tree that was seen until its end or a moment later, and no tree that was seen after that', () => {
    expect(isOfLastRun([], 2_000)).toBe(false);
    expect(isOfLastRun([serial, threads], 2_500)).toBe(true);
    expect(isOfLastRun([serial, threads], 2_501)).toBe(false);
    expect(isOfLastRun([serial, running], 9_000)).toBe(true);
  });
});

describe('the band row', () => {
  it('places bands in the plot, one pixel apart, and lets a run that is on end now', () => {
    const boxes = bandBoxes(bands, { startMs: 0, spanMs: 4_000 }, 400, 20, 2_500, tenPerLetter);
    expect(boxes.map(({ x, width }) => [x, width])).toEqual([
      [0, 99],
      [120, 79],
      [200, 49],
    ]);
  });

  it('shows the label, else the strategy, else nothing', () => {
    const texts = (widthPx: number): string[] =>
      bandBoxes([threads], { startMs: 1_200, spanMs: 800 }, widthPx, 0, 0, tenPerLetter).map(
        ({ text }) => text,
      );
    expect([texts(121), texts(120), texts(81), texts(80)]).toEqual([
      ['threads × 2'],
      ['threads'],
      ['threads'],
      [''],
    ]);
  });

  it('cuts bands off at the plot and leaves out what is not in sight', () => {
    const boxes = bandBoxes(bands, { startMs: 500, spanMs: 1_000 }, 100, 10, 9_000, tenPerLetter);
    expect(boxes.map(({ band, x, width, textX }) => [band.strategy, x, width, textX])).toEqual([
      ['serial', 0, 49, 24.5],
      ['threads', 70, 39, 85],
    ]);
  });

  it('shows a run that is shorter than a pixel as one pixel', () => {
    const [box] = bandBoxes(bands, { startMs: 0, spanMs: 3_600_000 }, 400, 0, 2_500, tenPerLetter);
    expect(box?.width).toBe(1);
  });

  it('finds the run that was on', () => {
    expect(bandAt(bands, 1_500)).toBe(threads);
    expect(bandAt(bands, 1_100)).toBeNull();
    expect(bandAt(bands, 99_000)).toBe(running);
  });
});
