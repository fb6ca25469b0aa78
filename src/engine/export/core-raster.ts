import { encode } from 'fast-png';
import { busyRgb } from '../../shared/palette.ts';
import type { RunTrace } from '../analysis/trace.ts';

/** A gap longer than this many usual sample intervals is a gap, and not a late sample. */
const gapInIntervals = 2.5;

/** Busy shares by core and column of time; NaN where no sample fell. Row-major: `shares[core * columns + column]`. */
export interface CoreRaster {
  readonly cores: number;
  readonly columns: number;
  readonly shares: Float64Array;
}

/**
 * The loads of a run's cores in `columns` equal steps of a time scale that begins with the run and is `spanMs` long.
 * A sample counts for the time since the one before; a column that several samples touch gets their mean, weighted
 * by how long each lasted in it. After a gap, or for the first sample, only the last usual interval is known.
 */
export function rasterizeCores(trace: RunTrace, spanMs: number, columns: number): CoreRaster {
  const cores = trace.coreCount;
  const sums = new Float64Array(cores * columns);
  const weights = new Float64Array(cores * columns);
  const usualMs = usualInterval(trace.sampleMs);
  trace.sampleMs.forEach((atMs, index) => {
    const beforeMs = trace.sampleMs[index - 1] ?? Number.NEGATIVE_INFINITY;
    const isGap = atMs - beforeMs > usualMs * gapInIntervals;
    const fromMs = isGap ? atMs - usualMs : beforeMs;
    const from = ((fromMs - trace.hostStartMs) / spanMs) * columns;
    const to = ((Math.min(atMs, trace.endMs) - trace.hostStartMs) / spanMs) * columns;
    const busy = trace.coreBusy[index];
    for (let column = Math.max(0, Math.floor(from)); column < Math.min(columns, to); column += 1) {
      const weight = Math.min(to, column + 1) - Math.max(from, column);
      for (let core = 0; core < cores; core += 1) {
        const share = busy?.[core] ?? Number.NaN;
        if (Number.isNaN(share) || weight <= 0) continue;
        const cell = core * columns + column;
        sums[cell] = (sums[cell] ?? 0) + share * weight;
        weights[cell] = (weights[cell] ?? 0) + weight;
      }
    }
  });
  // 0 / 0 is NaN: what no sample touched stays unknown.
  return { cores, columns, shares: sums.map((sum, cell) => sum / (weights[cell] ?? 0)) };
}

/** The raster as a PNG, one pixel per core and column; unknown is transparent, so that a texture shows through. */
export function rasterToPng(raster: CoreRaster, theme: 'dark' | 'light'): Uint8Array {
  const pixels = new Uint8Array(raster.shares.length * 4);
  raster.shares.forEach((share, cell) => {
    if (!Number.isNaN(share)) pixels.set([...busyRgb(share, theme), 255], cell * 4);
  });
  return encode({ width: raster.columns, height: raster.cores, data: pixels, channels: 4, depth: 8 });
}

/** Median distance of samples in milliseconds; 0 for fewer than two, so that a lone sample claims no time at all. */
function usualInterval(sampleMs: readonly number[]): number {
  const distances = sampleMs.slice(1).map((atMs, index) => atMs - (sampleMs[index] ?? atMs));
  return distances.sort((left, right) => left - right)[Math.floor(distances.length / 2)] ?? 0;
}
