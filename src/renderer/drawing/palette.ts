import { busyRgb } from '../../shared/palette.ts';
import { fullCode } from './heatmap-store.ts';
import type { ThemeName } from './protocol.ts';

/** The lines of the hatch that says "no sample": a texture, because any flat grey is close to some load. */
const hatchRgb = {
  dark: [112, 116, 124],
  light: [150, 154, 162],
} as const satisfies Record<ThemeName, readonly [number, number, number]>;

export interface Palette {
  /** Colour by code, as little-endian RGBA; every code that is not a load is transparent. */
  readonly colours: Uint32Array;
  readonly hatch: number;
}

/** Canvas pixels are RGBA bytes; every machine that Electron runs on is little-endian. */
export function packRgb([red, green, blue]: readonly [number, number, number]): number {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

export function paletteFor(theme: ThemeName): Palette {
  const colours = new Uint32Array(256);
  for (let code = 0; code <= fullCode; code += 1) colours[code] = packRgb(busyRgb(code / fullCode, theme));
  return { colours, hatch: packRgb(hatchRgb[theme]) };
}

/** Evenly spaced CSS colours from idle to fully busy, for the legend. */
export function legendColours(theme: ThemeName, steps: number): string[] {
  return Array.from({ length: steps }, (_, step) => {
    return `rgb(${busyRgb(step / (steps - 1), theme).join(' ')})`;
  });
}

/** The hatch's line colour in CSS, for the legend. */
export function hatchColour(theme: ThemeName): string {
  return `rgb(${hatchRgb[theme].join(' ')})`;
}
