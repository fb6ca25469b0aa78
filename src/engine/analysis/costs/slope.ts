import type { Estimate } from '../../../shared/experiment-analysis.ts';
import { linearMedianInterval } from '../inference/median-interval.ts';
import type { WeightsBySize } from '../inference/median-weights.ts';
import { medianOf } from '../inference/select.ts';
import type { Cell, MeasuredColumn } from '../measurements.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/**
 * Theil and Sen's slope (Theil 1950, Sen 1968): the median of the slopes between all pairs of points of different x.
 * Up to 29 % of the points may lie anywhere without moving it far. Null where all x are the same.
 */
export function theilSenSlope(points: readonly Point[]): number | null {
  const slopes = points.flatMap((left, index) =>
    points
      .slice(index + 1)
      .filter((right) => right.x !== left.x)
      .map((right) => (right.y - left.y) / (right.x - left.x)),
  );
  return slopes.length === 0 ? null : medianOf(slopes);
}

/**
 * What one worker more adds to a column, with its 95 % interval: the slope over the numbers of workers within every
 * block, and the median of those over the blocks. Null where fewer than two blocks hold two numbers of workers.
 */
export function costPerWorker(
  cells: readonly Cell[],
  column: MeasuredColumn,
  weightsOf: WeightsBySize,
): Estimate | null {
  const pointsByBlock = new Map<number, Point[]>();
  for (const { workers, runs } of cells) {
    for (const run of runs) {
      const value = run[column];
      if (value === null || !Number.isFinite(value)) continue;
      const points = pointsByBlock.get(run.block) ?? [];
      points.push({ x: workers, y: value });
      pointsByBlock.set(run.block, points);
    }
  }
  const slopes = [...pointsByBlock.values()].map(theilSenSlope).filter((slope) => slope !== null);
  return linearMedianInterval(slopes, weightsOf);
}
