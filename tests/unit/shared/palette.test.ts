import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { busyRgb, infernoAnchors, infernoRgb } from '../../../src/shared/palette.ts';

describe('the heatmap palette', () => {
  it("is matplotlib's inferno to within one step of a channel, between the anchors too", () => {
    // Entries 1, 37, 64, 127, 128, 191 and 213 of matplotlib.colormaps['inferno'], as 8-bit sRGB.
    const published: readonly (readonly [entry: number, red: number, green: number, blue: number])[] = [
      [0, 0, 0, 4],
      [1, 1, 0, 5],
      [37, 41, 11, 85],
      [64, 87, 16, 110],
      [127, 186, 54, 85],
      [128, 188, 55, 84],
      [191, 249, 140, 10],
      [213, 251, 182, 26],
      [255, 252, 255, 164],
    ];
    for (const [entry, ...rgb] of published) {
      const ours = infernoRgb(entry / 255);
      rgb.forEach((channel, index) =>
        expect(Math.abs((ours[index] ?? Number.NaN) - channel)).toBeLessThanOrEqual(1),
      );
    }
    expect(infernoAnchors).toHaveLength(52);
  });

  it('gets brighter with every step, so that order can be seen without colour', () => {
    const luminance = ([red, green, blue]: readonly [number, number, number]): number =>
      0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    for (let entry = 4; entry < 256; entry += 1) {
      expect(luminance(infernoRgb(entry / 255))).toBeGreaterThan(luminance(infernoRgb((entry - 4) / 255)));
    }
  });

  it('gives whole channels from 0 to 255 for any share, clamped at both ends', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (share) => {
        for (const channel of infernoRgb(share)) {
          expect(Number.isInteger(channel) && channel >= 0 && channel <= 255).toBe(true);
        }
      }),
    );
    expect(infernoRgb(-1)).toEqual(infernoRgb(0));
    expect(infernoRgb(2)).toEqual(infernoRgb(1));
  });

  it('has no colour for what is unknown', () => {
    expect(() => infernoRgb(Number.NaN)).toThrow(RangeError);
    expect(() => busyRgb(Number.NaN, 'dark')).toThrow(RangeError);
  });

  it('lets idle recede into the page: dark on dark, pale on light', () => {
    expect(busyRgb(0, 'dark')).toEqual(infernoRgb(0.06));
    expect(busyRgb(1, 'dark')).toEqual(infernoRgb(1));
    expect(busyRgb(0, 'light')).toEqual(infernoRgb(0.97));
    expect(busyRgb(1, 'light')).toEqual(infernoRgb(0.05));
  });
});

/** sRGB to linear light (IEC 61966-2-1). */
function linear(channel: number): number {
  const value = channel / 255;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
