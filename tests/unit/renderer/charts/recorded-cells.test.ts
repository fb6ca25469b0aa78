import { expect, test } from 'vitest';
import { RecordedCells, type PictureColumns } from '../../../../src/renderer/charts/recorded-cells.ts';
import { rangeWithin, zoomWithin } from '../../../../src/renderer/state/recording-range.ts';
import { CellSummary } from '../../../../src/renderer/drawing/cell-summary.ts';

/** One core; a number is the code of a bucket with one sample, a point is a bucket without. */
function picture(startMs: number, bucketMs: number, drawn: readonly (number | '.')[]): PictureColumns {
  const codes = Uint8Array.from(drawn, (code) => (code === '.' ? 251 : code));
  const sampleCounts = Uint32Array.from(drawn, (code) => (code === '.' ? 0 : 1));
  const bucketCount = drawn.length;
  return {
    startMs,
    bucketMs,
    bucketCount,
    cores: 1,
    sampleCounts,
    coreMin: codes,
    coreMean: codes,
    coreMax: codes,
  };
}

function read(cells: RecordedCells, fromMs: number, toMs: number): string {
  const summary = new CellSummary(1);
  const state = cells.read(fromMs, toMs, summary);
  return state === 'measured' ? `max ${summary.code(0, 'max')}, mean ${summary.code(0, 'mean')}` : state;
}

const span = { fromMs: 0, toMs: 800 };

test('a stretch has the peak and the mean of the buckets that it touches', () => {
  const cells = new RecordedCells(span, [picture(0, 100, [0, 250, 0, 10, 20, 30, 40, 50])]);
  expect(read(cells, 0, 400)).toBe('max 250, mean 65');
  expect(read(cells, 150, 160)).toBe('max 250, mean 250');
  expect(read(cells, 900, 1000)).toBe('outside');
});

test('one empty bucket is told by the sample that follows it, a longer silence is missing', () => {
  const cells = new RecordedCells(span, [picture(0, 100, [10, '.', 30, '.', '.', '.', 70, 80])]);
  expect(read(cells, 100, 200)).toBe('max 30, mean 30');
  expect(read(cells, 300, 400)).toBe('missing');
});

test('the finer picture is used where it reaches, the coarse one elsewhere', () => {
  const coarse = picture(0, 400, [200, 100]);
  const fine = picture(0, 100, [1, 2, 3, 4]);
  const cells = new RecordedCells(span, [fine, coarse]);
  expect(read(cells, 100, 200)).toBe('max 2, mean 2');
  expect(read(cells, 600, 700)).toBe('max 100, mean 100');
});

test('a range stays within the recording, and a zoom leaves the time at the pointer in place', () => {
  const whole = { fromMs: 1000, toMs: 5000 };
  expect(rangeWithin({ startMs: -50, spanMs: 9000 }, whole)).toEqual({ startMs: 1000, spanMs: 4000 });
  expect(zoomWithin({ startMs: 1000, spanMs: 4000 }, 0.25, 0.5, whole)).toEqual({
    startMs: 1500,
    spanMs: 2000,
  });
});
