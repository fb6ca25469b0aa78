import { busyRgb, type HeatScale } from '../../shared/palette.ts';
import { fullCode } from './cell-summary.ts';
import type { ThemeName } from './protocol.ts';

type Rgb = readonly [red: number, green: number, blue: number];

/** The lines of the hatch that says "no sample": a texture, because any flat grey is close to some load. */
const hatchRgb = {
  dark: [112, 116, 124],
  light: [150, 154, 162],
  'high-contrast': [226, 230, 236],
} as const satisfies Record<ThemeName, Rgb>;

/** Where no worker was seen, from idle to busy: others at work, told apart from workers by having no hue. */
const othersRgb = {
  dark: { idle: [23, 26, 32], busy: [112, 118, 130] },
  light: { idle: [250, 250, 251], busy: [166, 171, 180] },
  'high-contrast': { idle: [0, 0, 0], busy: [150, 156, 168] },
} as const satisfies Record<ThemeName, { readonly idle: Rgb; readonly busy: Rgb }>;

/** One hue per worker; with more workers than hues they repeat. */
const workersRgb: Readonly<Record<ThemeName, readonly Rgb[]>> = {
  dark: [
    [86, 156, 255],
    [255, 165, 66],
    [78, 201, 128],
    [255, 112, 146],
    [182, 146, 255],
    [232, 214, 84],
    [64, 204, 218],
    [214, 128, 86],
    [168, 214, 92],
    [232, 140, 216],
  ],
  light: [
    [31, 102, 214],
    [217, 119, 6],
    [22, 138, 74],
    [207, 38, 84],
    [124, 77, 214],
    [156, 134, 0],
    [0, 138, 156],
    [148, 72, 32],
    [92, 136, 16],
    [176, 54, 156],
  ],
  'high-contrast': [
    [82, 176, 255],
    [255, 176, 0],
    [92, 240, 160],
    [255, 120, 160],
    [200, 170, 255],
    [255, 240, 90],
    [80, 235, 250],
    [255, 160, 110],
    [190, 245, 100],
    [255, 165, 240],
  ],
};

/** The lanes under the heatmap. The same greys as the charts' lines; the wait has the colour of waiting. */
const laneRgb = {
  dark: { line: [199, 206, 219], quiet: [154, 163, 178], wait: [232, 163, 61] },
  light: { line: [60, 68, 80], quiet: [89, 97, 110], wait: [217, 130, 0] },
  'high-contrast': { line: [255, 255, 255], quiet: [226, 230, 236], wait: [255, 184, 77] },
} as const satisfies Record<ThemeName, Record<'line' | 'quiet' | 'wait', Rgb>>;
const areaAlpha = 38;

/** Codes from here on are workers: this plus the slot. */
export const firstWorkerCode = 256;

export interface LaneColours {
  readonly line: number;
  readonly area: number;
}

export interface Palette {
  /** Colour by code, as little-endian RGBA; every code that is not a load is transparent. */
  readonly colours: Uint32Array;
  /** The same for the picture of who ran where; from `firstWorkerCode` on, workers by slot. */
  readonly workers: Uint32Array;
  /** Transparent whatever the code. */
  readonly none: Uint32Array;
  readonly hatch: number;
  readonly quietLine: number;
  readonly plain: LaneColours;
  readonly wait: LaneColours;
}

/** Canvas pixels are RGBA bytes; every machine that Electron runs on is little-endian. */
export function packRgb([red, green, blue]: Rgb, alpha = 255): number {
  return ((alpha << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

function mixed(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
}

function workerRgb(slot: number, theme: ThemeName): Rgb {
  const colours = workersRgb[theme];
  return colours[(slot - 1) % colours.length] ?? [0, 0, 0];
}

export function paletteFor(theme: ThemeName, scale: HeatScale = 'inferno'): Palette {
  const colours = new Uint32Array(256);
  const workers = new Uint32Array(2 * firstWorkerCode);
  const others = othersRgb[theme];
  for (let code = 0; code <= fullCode; code += 1) {
    colours[code] = packRgb(busyRgb(code / fullCode, theme, scale));
    workers[code] = packRgb(mixed(others.idle, others.busy, code / fullCode));
  }
  for (let slot = 1; slot < 256; slot += 1) {
    workers[firstWorkerCode + slot] = packRgb(workerRgb(slot, theme));
  }
  const { line, quiet, wait } = laneRgb[theme];
  return {
    colours,
    workers,
    none: new Uint32Array(256),
    hatch: packRgb(hatchRgb[theme]),
    quietLine: packRgb(quiet),
    plain: { line: packRgb(line), area: packRgb(line, areaAlpha) },
    wait: { line: packRgb(wait), area: packRgb(wait, areaAlpha) },
  };
}

/** Evenly spaced CSS colours from idle to fully busy, for the legend. */
export function legendColours(theme: ThemeName, steps: number, scale: HeatScale = 'inferno'): string[] {
  return Array.from({ length: steps }, (_, step) => {
    return `rgb(${busyRgb(step / (steps - 1), theme, scale).join(' ')})`;
  });
}

/** The hatch's line colour in CSS, for the legend. */
export function hatchColour(theme: ThemeName): string {
  return `rgb(${hatchRgb[theme].join(' ')})`;
}

export function workerColour(slot: number, theme: ThemeName): string {
  return `rgb(${workerRgb(slot, theme).join(' ')})`;
}

/** What others at work look like in the picture of who ran where. */
export function othersColour(theme: ThemeName): string {
  return `rgb(${othersRgb[theme].busy.join(' ')})`;
}
