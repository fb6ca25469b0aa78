import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { busyRgb } from '../../../../src/shared/palette.ts';
import { rasterizeCores, rasterToPng, type CoreRaster } from '../../../../src/engine/export/core-raster.ts';
import { traceFrom } from './sample-experiment.ts';

/** The raster as the picture that traceFrom reads, with `.` for no sample. */
function pictureOf({ cores, columns, shares }: CoreRaster): string[] {
  return Array.from({ length: cores }, (_, core) =>
    Array.from(shares.subarray(core * columns, (core + 1) * columns), (share) => {
      if (Number.isNaN(share)) return '.';
      return share > 0.95 ? '#' : String(Math.round(share * 10));
    }).join(''),
  );
}

describe('the raster of the cores', () => {
  it('is the samples where there is a column for each', () => {
    const trace = traceFrom(`
      |0159#|
      |#0000|`);
    expect(pictureOf(rasterizeCores(trace, 500, 5))).toEqual(['0159#', '#0000']);
  });

  it('spreads a sample over the columns of its time, and leaves the rest of a longer scale empty', () => {
    const trace = traceFrom('|05#|');
    expect(pictureOf(rasterizeCores(trace, 600, 12))).toEqual(['0055##......']);
  });

  it('takes the mean, weighted by time, where several samples share a column', () => {
    const trace = traceFrom('|0#0#48|');
    expect(pictureOf(rasterizeCores(trace, 600, 3))).toEqual(['556']);
  });

  it('shows a gap as a gap, not as the sample that ended it', () => {
    const trace = traceFrom('|99    99|');
    expect(pictureOf(rasterizeCores(trace, 800, 8))).toEqual(['99....99']);
  });

  it('bridges a sample that was merely late', () => {
    const trace = traceFrom('|99 999|');
    expect(pictureOf(rasterizeCores(trace, 600, 6))).toEqual(['999999']);
  });

  it('shows what was read as unknown as missing, core by core', () => {
    const trace = traceFrom(`
      |5?5|
      |555|`);
    expect(pictureOf(rasterizeCores(trace, 300, 3))).toEqual(['5.5', '555']);
  });
});

describe('its PNG', () => {
  it('has one pixel per core and column in the colour of the theme, transparent where nothing is known', () => {
    const raster = rasterizeCores(traceFrom('|0#?|'), 300, 3);
    for (const theme of ['dark', 'light'] as const) {
      const png = decode(rasterToPng(raster, theme));
      expect(png).toMatchObject({ width: 3, height: 1, channels: 4 });
      expect([...png.data]).toEqual([...busyRgb(0, theme), 255, ...busyRgb(1, theme), 255, 0, 0, 0, 0]);
    }
  });
});
