import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { busyRgb, heatAnchors, heatScales, scaleRgb } from '../../../src/shared/palette.ts';

/** Entries of matplotlib.colormaps, as 8-bit sRGB. */
const published = {
  inferno: [
    [0, 0, 0, 4],
    [1, 1, 0, 5],
    [37, 41, 11, 85],
    [64, 87, 16, 110],
    [127, 186, 54, 85],
    [128, 188, 55, 84],
    [191, 249, 140, 10],
    [213, 251, 182, 26],
    [255, 252, 255, 164],
  ],
  viridis: [
    [0, 68, 1, 84],
    [1, 68, 2, 86],
    [37, 70, 51, 127],
    [64, 59, 82, 139],
    [127, 33, 144, 141],
    [191, 92, 200, 99],
    [213, 144, 215, 67],
    [255, 253, 231, 37],
  ],
  cividis: [
    [0, 0, 34, 78],
    [1, 0, 35, 79],
    [37, 35, 60, 110],
    [64, 67, 78, 108],
    [127, 124, 123, 120],
    [191, 187, 173, 109],
    [213, 210, 192, 96],
    [255, 254, 232, 56],
  ],
} as const;

describe.each(heatScales)('the heatmap palette %s', (scale) => {
  it("is matplotlib's to within one step of a channel, between the anchors too", () => {
    for (const [entry, ...rgb] of published[scale]) {
      const ours = scaleRgb(entry / 255, scale);
      rgb.forEach((channel, index) =>
        expect(Math.abs((ours[index] ?? Number.NaN) - channel)).toBeLessThanOrEqual(1),
      );
    }
    expect(heatAnchors[scale]).toHaveLength(52);
  });

  it('gets brighter with every step, so that order can be seen without colour', () => {
    const luminance = ([red, green, blue]: readonly [number, number, number]): number =>
      0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    for (let entry = 4; entry < 256; entry += 1) {
      expect(luminance(scaleRgb(entry / 255, scale))).toBeGreaterThan(
        luminance(scaleRgb((entry - 4) / 255, scale)),
      );
    }
  });

  it('gives whole channels from 0 to 255 for any share, clamped at both ends', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (share) => {
        for (const channel of scaleRgb(share, scale)) {
          expect(Number.isInteger(channel) && channel >= 0 && channel <= 255).toBe(true);
        }
      }),
    );
    expect(scaleRgb(-1, scale)).toEqual(scaleRgb(0, scale));
    expect(scaleRgb(2, scale)).toEqual(scaleRgb(1, scale));
  });

  it('has no colour for what is unknown', () => {
    expect(() => scaleRgb(Number.NaN, scale)).toThrow(RangeError);
    expect(() => busyRgb(Number.NaN, 'dark', scale)).toThrow(RangeError);
  });

  it('lets idle recede into the page: dark on dark, pale on light', () => {
    expect(busyRgb(0, 'dark', scale)).toEqual(scaleRgb(0.06, scale));
    expect(busyRgb(1, 'dark', scale)).toEqual(scaleRgb(1, scale));
    expect(busyRgb(0, 'light', scale)).toEqual(scaleRgb(0.97, scale));
    expect(busyRgb(1, 'light', scale)).toEqual(scaleRgb(0.05, scale));
  });
});

it('what is not asked for a palette is drawn in inferno', () => {
  expect(busyRgb(0.5, 'dark')).toEqual(scaleRgb(0.53, 'inferno'));
});

/** sRGB to linear light (IEC 61966-2-1). */
function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
