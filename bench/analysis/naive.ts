import { median } from 'simple-statistics';
import type { MatrixInput } from '../../src/engine/analysis/matrix/analyze.ts';
import type { Cell } from '../../src/engine/analysis/measurements.ts';
import { seededRandom, type Random } from '../../src/engine/random.ts';

/**
 * The textbook way to two of the intervals of each cell, its wall time and its ratio to serial: draw the values, sort
 * them, take the median, 10 000 times, and then the percentiles. It leaves out all the rest that the analysis does.
 */
export function bootstrapNaively({ cells, resamples, seed }: MatrixInput): [number, number][] {
  const random = seededRandom(seed);
  const [serial] = cells;
  if (serial === undefined) throw new Error('there are cells');
  return cells.flatMap((cell) => [
    interval(wallsOf(cell), resamples, random),
    interval(
      wallsOf(cell).map((wall, index) => (wallsOf(serial)[index] ?? Number.NaN) / wall),
      resamples,
      random,
    ),
  ]);
}

function wallsOf({ runs }: Cell): number[] {
  return runs.map(({ wallMs }) => wallMs);
}

function interval(values: readonly number[], resamples: number, random: Random): [number, number] {
  const medians: number[] = [];
  for (let resample = 0; resample < resamples; resample += 1) {
    medians.push(median(values.map(() => values[Math.floor(random() * values.length)] ?? Number.NaN)));
  }
  medians.sort((left, right) => left - right);
  return [
    medians[Math.floor(0.025 * resamples)] ?? Number.NaN,
    medians[Math.floor(0.975 * resamples)] ?? Number.NaN,
  ];
}
