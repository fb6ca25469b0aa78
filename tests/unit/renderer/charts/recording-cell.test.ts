import { describe, expect, it } from 'vitest';
import { coreRows } from '../../../../src/renderer/charts/core-rows.ts';
import { cellStepMs, cellWords, moveCell } from '../../../../src/renderer/charts/recording-cell.ts';

const shown = { startMs: 1000, spanMs: 1200 };
const bounds = { fromMs: 0, toMs: 10_000 };

describe('the cell cursor of a recording', () => {
  it('begins in the middle of what is shown, and goes on by steps and rows', () => {
    const begun = moveCell(null, 1, 0, shown, bounds, 4);
    expect(begun).toEqual({ cell: { row: 0, atMs: 1600 }, panBy: 0 });
    expect(cellStepMs(shown)).toBe(10);
    expect(moveCell(begun.cell, 2, 1, shown, bounds, 4).cell).toEqual({ row: 1, atMs: 1620 });
    expect(moveCell({ row: 3, atMs: 1600 }, 0, 1, shown, bounds, 4).cell.row).toBe(3);
    expect(moveCell({ row: 0, atMs: 1600 }, 0, -1, shown, bounds, 4).cell.row).toBe(0);
  });

  it('takes the picture along at its borders, and stops where the recording does', () => {
    expect(moveCell({ row: 0, atMs: 2200 }, 1, 0, shown, bounds, 1)).toEqual({
      cell: { row: 0, atMs: 2210 },
      panBy: 0.5,
    });
    expect(moveCell({ row: 0, atMs: 0 }, -1, 0, { startMs: 0, spanMs: 1200 }, bounds, 1)).toEqual({
      cell: { row: 0, atMs: 0 },
      panBy: 0,
    });
  });

  it('begins anew where it is out of sight, in the row that it was in', () => {
    expect(moveCell({ row: 2, atMs: 9000 }, 1, 0, shown, bounds, 4).cell).toEqual({ row: 2, atMs: 1600 });
  });

  it('says core, time and load, with the extremes where there are several samples, and what is missing', () => {
    const picture = {
      startMs: 0,
      bucketMs: 100,
      bucketCount: 3,
      cores: 2,
      sampleCounts: Uint32Array.of(1, 2, 0),
      coreMin: Uint8Array.of(0, 0, 251, 125, 50, 251),
      coreMean: Uint8Array.of(0, 0, 251, 125, 100, 251),
      coreMax: Uint8Array.of(0, 0, 251, 125, 250, 251),
    };
    const [, row] = coreRows(null, 2);
    if (row === undefined) throw new Error('two cores have two rows');
    expect([0, 150, 250, 900].map((atMs) => cellWords(picture, row, atMs))).toEqual([
      `${row.label} at 0:00.0: 50.0 % busy`,
      `${row.label} at 0:00.1: 40.0 % busy, 20.0 % to 100 %`,
      `${row.label} at 0:00.2: no sample`,
      `${row.label} at 0:00.9: no sample`,
    ]);
  });
});
