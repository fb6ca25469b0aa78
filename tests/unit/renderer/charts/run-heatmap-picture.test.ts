import { describe, expect, it } from 'vitest';
import {
  describeLoads,
  heatmapPixels,
  timeMarks,
} from '../../../../src/renderer/charts/run-heatmap-picture.ts';
import { busyRgb } from '../../../../src/shared/palette.ts';
import { mostLevel, unknownLevel, type RunHeatmap } from '../../../../src/shared/run-heatmap.ts';

function runWith(meanBusy: readonly number[]): RunHeatmap {
  return {
    strategy: 'threads',
    workers: 2,
    order: 1,
    block: 1,
    warmUp: false,
    isRepresentative: true,
    wallMs: 100,
    lengthMs: 120,
    workStartMs: 10,
    workEndMs: 110,
    coreCount: meanBusy.length,
    meanBusy,
    levels: new Uint8Array(),
  };
}

describe('the picture of a run', () => {
  it('has the colours of the timeline, and none for what is unknown', () => {
    expect([...heatmapPixels(Uint8Array.of(0, mostLevel, unknownLevel), 'dark')]).toEqual([
      ...busyRgb(0, 'dark'),
      255,
      ...busyRgb(1, 'dark'),
      255,
      ...[0, 0, 0, 0],
    ]);
  });

  it.each([
    [1000, 4, [0, 500, 1000]],
    [830, 4, [0, 500]],
    [61, 4, [0, 20, 40, 60]],
    [0, 4, []],
  ])('of %i ms has marks at round times', (spanMs, count, marks) => {
    expect(timeMarks(spanMs, count)).toEqual(marks);
  });

  it('is told in words, core by core where there are few', () => {
    expect(describeLoads(runWith([0.98, 0.03]))).toBe('mean load core 0 98 %, core 1 3 %');
    expect(describeLoads(runWith([Number.NaN, 0.5]))).toBe('no sample fell into the measured time');
    expect(describeLoads(runWith(Array.from({ length: 16 }, (_, core) => (core < 4 ? 0.9 : 0.1))))).toBe(
      '4 of 16 cores were busy more than half of the measured time',
    );
  });
});
