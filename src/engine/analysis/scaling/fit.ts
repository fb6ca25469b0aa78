import { formatDuration } from '../../../shared/format.ts';
import { fail, succeed, type Result } from '../../../shared/result.ts';
import { seededRandom } from '../../random.ts';
import { logMedianInterval } from '../inference/median-interval.ts';
import type { WeightsBySize } from '../inference/median-weights.ts';
import type { Cell, MachineLimits } from '../measurements.ts';
import { bootstrapBestWorkers, type WallColumn, type WorkersInterval } from './best-workers.ts';
import { bestWorkersOf, curveWallMs, fitCurve, type Curve, type Law } from './curve.ts';

/** Where a curve may bend, for that many workers meet a limit of the machine. */
export interface Kink {
  readonly atWorkers: number;
  readonly reason: string;
}

export interface ScalingFit {
  readonly law: Law;
  readonly curve: Curve;
  /** The curve stands for these numbers of workers and no others. */
  readonly fromWorkers: number;
  readonly toWorkers: number;
  /** Why the curve ends before the measurements do; null where it does not. */
  readonly endsAt: Kink | null;
  readonly bestWorkers: number;
  /** 95 % interval. */
  readonly bestWorkersInterval: WorkersInterval;
  /** The best lies at the last number of workers: more might be better still, and nobody has measured it. */
  readonly isBestAtEdge: boolean;
}

/** Three parameters need a fourth point that can contradict them. */
const fewestCounts = 4;
/** How far off the curve a median may lie beyond its own interval. Lower refuses what any scheduler does to a curve. */
const allowedMisfit = 0.05;
/** Amdahl's law has to be this much worse, in squares, before its extra term is believed to be needed. */
const fisherQuantile = 6;

export interface FitOptions {
  readonly limits: MachineLimits;
  readonly resamples: number;
  readonly seed: number;
  readonly weightsOf: WeightsBySize;
}

/**
 * The scaling curve of one strategy. `cells` are its numbers of workers, in any order.
 *
 * Refused below four numbers of workers, below two blocks in common, and where the points do not follow: where a
 * median lies farther from the curve than 5 % plus the half-width of its own interval. If the points up to a limit of
 * the machine follow, the curve ends there. Amdahl's law is taken where the law with one term more does not lower
 * the sum of squares by more than chance (F test, 6 standing for its 95 % quantile at few degrees of freedom).
 */
export function fitScaling(cells: readonly Cell[], options: FitOptions): Result<ScalingFit> {
  const columns = commonColumns(cells);
  const ends = [null, ...kinksOf(options.limits, columns.at(-1)?.workers ?? 0).reverse()];
  let first: Result<ScalingFit> | null = null;
  for (const end of ends) {
    const within = end === null ? columns : columns.filter(({ workers }) => workers <= end.atWorkers);
    const fit = fitColumns(within, end, options);
    if (fit.ok) return fit;
    first ??= fit;
  }
  if (first === null) throw new Error('the whole range is tried first');
  return first;
}

/** The machine's limits below `mostWorkers`, ascending; of two at one place the first that is named here. */
export function kinksOf(limits: MachineLimits, mostWorkers: number): Kink[] {
  const candidates: readonly (readonly [number | null, string])[] = [
    [limits.quotaCores === null ? null : Math.floor(limits.quotaCores), 'the CPU quota'],
    [limits.performanceCores, 'the number of performance cores'],
    [limits.physicalCores, 'the number of physical cores'],
    [Math.floor(limits.usableCores), 'the number of usable cores'],
  ];
  const reasons = new Map<number, string>();
  for (const [atWorkers, reason] of candidates) {
    if (atWorkers === null || atWorkers < 1 || atWorkers >= mostWorkers || reasons.has(atWorkers)) continue;
    reasons.set(atWorkers, reason);
  }
  return [...reasons]
    .map(([atWorkers, reason]) => ({ atWorkers, reason }))
    .sort((left, right) => left.atWorkers - right.atWorkers);
}

/** Columns by ascending workers, of the blocks in which every one of them has a run. */
function commonColumns(cells: readonly Cell[]): WallColumn[] {
  const ordered = [...cells].sort((left, right) => left.workers - right.workers);
  const wallsByBlock = ordered.map(({ runs }) => new Map(runs.map(({ block, wallMs }) => [block, wallMs])));
  const [first, ...others] = wallsByBlock;
  const blocks = [...(first?.keys() ?? [])].filter((block) => others.every((walls) => walls.has(block)));
  return ordered.map(({ workers }, index) => ({
    workers,
    wallMs: Float64Array.from(blocks, (block) => wallsByBlock[index]?.get(block) ?? Number.NaN),
  }));
}

function fitColumns(
  columns: readonly WallColumn[],
  end: Kink | null,
  options: FitOptions,
): Result<ScalingFit> {
  const counts = new Set(columns.map(({ workers }) => workers)).size;
  if (counts < fewestCounts) {
    return fail(
      'too-few-worker-counts',
      `A scaling curve needs ${fewestCounts} numbers of workers, and only ${counts} were measured.`,
      'Measure more numbers of workers.',
    );
  }
  const medians = columns.map(({ wallMs }) => logMedianInterval(wallMs, options.weightsOf));
  const points = columns.flatMap(({ workers }, index) => {
    const wall = medians[index] ?? null;
    return wall === null ? [] : [{ workers, wall }];
  });
  if (points.length < columns.length) {
    return fail(
      'too-few-blocks',
      'Fewer than two blocks hold a finished run of every number of workers.',
      'Repeat with more blocks.',
    );
  }
  const workers = points.map((point) => point.workers);
  const walls = points.map(({ wall }) => wall.median);
  const amdahl = fitCurve(workers, walls, 'amdahl');
  const usl = fitCurve(workers, walls, 'usl');
  if (amdahl === null || usl === null) throw new Error('positive walls have a positive mean');
  const law = isBetter(amdahl, usl, workers, walls) ? 'usl' : 'amdahl';
  const curve = law === 'usl' ? usl : amdahl;

  for (const point of points) {
    const expectedMs = curveWallMs(curve, point.workers);
    const distance = Math.abs(Math.log(point.wall.median / expectedMs));
    const ownHalfWidth = Math.log(point.wall.ci95[1] / point.wall.median);
    if (distance > allowedMisfit + ownHalfWidth) {
      return fail(
        'points-do-not-follow',
        `The points do not follow a scaling curve: ${point.workers} workers took ` +
          `${formatDuration(point.wall.median)} where the best curve has ${formatDuration(expectedMs)}.`,
        'Read the measured points themselves.',
      );
    }
  }
  const interval = bootstrapBestWorkers(columns, law, options.resamples, seededRandom(options.seed));
  if (interval === null) throw new Error('what fits the medians fits some of their resamples');
  const [fromWorkers, toWorkers] = [Math.min(...workers), Math.max(...workers)];
  const bestWorkers = bestWorkersOf(curve, fromWorkers, toWorkers);
  return succeed({
    law,
    curve,
    fromWorkers,
    toWorkers,
    endsAt: end,
    bestWorkers,
    bestWorkersInterval: interval,
    isBestAtEdge: bestWorkers === toWorkers,
  });
}

function isBetter(amdahl: Curve, usl: Curve, workers: readonly number[], walls: readonly number[]): boolean {
  const freedom = workers.length - 3;
  const squares = (curve: Curve): number =>
    walls.reduce((sum, wall, index) => sum + (curveWallMs(curve, workers[index] ?? 1) / wall - 1) ** 2, 0);
  const [simple, rich] = [squares(amdahl), squares(usl)];
  return simple - rich > (fisherQuantile * rich) / freedom + Number.EPSILON;
}
