import type { Random } from '../../random.ts';
import { quantileInPlace } from '../inference/select.ts';
import { bestWorkersOf, fitCurve, type Law } from './curve.ts';

/** Walls of one number of workers; position i is the same block in every column. */
export interface WallColumn {
  readonly workers: number;
  readonly wallMs: Float64Array;
}

/** Whole numbers of workers. */
export interface WorkersInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * 95 % percentile interval of the number of workers at which the curve is lowest: whole blocks are drawn with
 * replacement, the median of every column taken over the drawn blocks, the curve fitted anew (Davison and Hinkley
 * 1997, section 6.2.4: resampling cases). It ends where the measurements end. Null where no resample can be fitted.
 */
export function bootstrapBestWorkers(
  columns: readonly WallColumn[],
  law: Law,
  resamples: number,
  random: Random,
): WorkersInterval | null {
  const blocks = columns[0]?.wallMs.length ?? 0;
  if (columns.some(({ wallMs }) => wallMs.length !== blocks)) throw new Error('every column has every block');
  if (blocks === 0) return null;
  const workers = Float64Array.from(columns, (column) => column.workers);
  const [fewest, most] = [Math.min(...workers), Math.max(...workers)];
  // Counting ranks finds a resample's median without moving a value.
  const ranked = columns.map(({ wallMs }) => rankValues(wallMs));
  const drawn = new Uint32Array(blocks);
  const counts = new Uint32Array(blocks);
  const medians = new Float64Array(columns.length);
  const best = new Float64Array(resamples);
  let fitted = 0;
  for (let resample = 0; resample < resamples; resample += 1) {
    for (let index = 0; index < blocks; index += 1) drawn[index] = Math.floor(random() * blocks);
    for (const [column, { sorted, ranks }] of ranked.entries()) {
      medians[column] = resampledMedian(sorted, ranks, drawn, counts);
    }
    const curve = fitCurve(workers, medians, law);
    if (curve === null) continue;
    best[fitted] = bestWorkersOf(curve, fewest, most);
    fitted += 1;
  }
  if (fitted === 0) return null;
  const found = best.subarray(0, fitted);
  return {
    low: Math.floor(quantileInPlace(found, 0.025)),
    high: Math.ceil(quantileInPlace(found, 0.975)),
  };
}

interface Ranked {
  readonly sorted: Float64Array;
  /** Of the value at each position. */
  readonly ranks: Uint32Array;
}

function rankValues(values: Float64Array): Ranked {
  const order = [...values.keys()].sort((left, right) => (values[left] ?? 0) - (values[right] ?? 0));
  const ranks = new Uint32Array(values.length);
  for (const [rank, position] of order.entries()) ranks[position] = rank;
  return { sorted: Float64Array.from(values).sort(), ranks };
}

function resampledMedian(
  sorted: Float64Array,
  ranks: Uint32Array,
  drawn: Uint32Array,
  counts: Uint32Array,
): number {
  const size = drawn.length;
  counts.fill(0);
  for (let index = 0; index < size; index += 1) {
    const rank = ranks[drawn[index] ?? 0] ?? 0;
    counts[rank] = (counts[rank] ?? 0) + 1;
  }
  const lowerRank = (size - 1) >>> 1;
  const upperRank = size >>> 1;
  let seen = counts[0] ?? 0;
  let position = 0;
  while (seen <= lowerRank) {
    position += 1;
    seen += counts[position] ?? 0;
  }
  const lower = sorted[position] ?? Number.NaN;
  while (seen <= upperRank) {
    position += 1;
    seen += counts[position] ?? 0;
  }
  return (lower + (sorted[position] ?? Number.NaN)) / 2;
}
