import { busyRgb, type HeatScale } from '../../shared/palette.ts';
import { mostLevel, unknownLevel, type RunHeatmap } from '../../shared/run-heatmap.ts';
import type { ThemeName } from '../drawing/protocol.ts';

/** One pixel for each core and step of time, RGBA; what is unknown is transparent, so that a texture shows through. */
export function heatmapPixels(
  levels: Uint8Array,
  theme: ThemeName,
  scale: HeatScale = 'inferno',
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(levels.length * 4);
  const colours = Array.from({ length: mostLevel + 1 }, (_, level) =>
    busyRgb(level / mostLevel, theme, scale),
  );
  levels.forEach((level, cell) => {
    const colour = level === unknownLevel ? undefined : colours[level];
    if (colour !== undefined) pixels.set([...colour, 255], cell * 4);
  });
  return pixels;
}

/** Draws a run's loads over the whole canvas, every core as high as every other. */
export function paintHeatmap(
  canvas: HTMLCanvasElement,
  { levels, coreCount }: RunHeatmap,
  columns: number,
  theme: ThemeName,
  scale: HeatScale,
): void {
  // The canvas has as many pixels as there are points; the page stretches it without smoothing.
  canvas.width = columns;
  canvas.height = coreCount;
  canvas
    .getContext('2d')
    ?.putImageData(new ImageData(heatmapPixels(levels, theme, scale), columns, coreCount), 0, 0);
}

/** Where marks of time stand: at round steps, of which about `count` fit. */
export function timeMarks(spanMs: number, count: number): readonly number[] {
  if (!(spanMs > 0)) return [];
  const least = spanMs / count;
  const power = 10 ** Math.floor(Math.log10(least));
  const stepMs = ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
  return Array.from({ length: Math.floor(spanMs / stepMs) + 1 }, (_, index) => index * stepMs);
}

/** The loads in words, for those who do not see the picture. */
export function describeLoads({ meanBusy }: RunHeatmap): string {
  if (meanBusy.some(Number.isNaN)) return 'no sample fell into the measured time';
  if (meanBusy.length > 8) {
    const busy = meanBusy.filter((share) => share > 0.5).length;
    return `${busy} of ${meanBusy.length} cores were busy more than half of the measured time`;
  }
  return `mean load ${meanBusy.map((share, core) => `core ${core} ${Math.round(share * 100)} %`).join(', ')}`;
}
