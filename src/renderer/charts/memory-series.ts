import type { Bytes, Milliseconds, SessionMs } from '../../shared/units.ts';
import type { TimeRange } from './time-range.ts';

/** Memory of the run's tree at one sample; NaN where it is not known. */
export interface MemoryPoint {
  readonly atMs: SessionMs;
  /** Proportional set size: what the tree really takes. */
  readonly pssBytes: Bytes;
  /** Sum of the resident sizes: counts every shared page once per process. */
  readonly rssBytes: Bytes;
}

/** `[time, bytes]`; null bytes break the line. */
export type LinePoint = readonly [SessionMs, Bytes | null];

/** Points further apart than this are not joined: points come at 4 Hz, so several have been lost. */
const gapMs: Milliseconds = 1_500;

/** Index of the first point at or after a time; `points` are in order of time. */
export function firstPointFrom(points: readonly MemoryPoint[], atMs: SessionMs): number {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((points[middle]?.atMs ?? Number.NaN) >= atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The point nearest to a time, or null where none is near enough to be joined to it. */
export function pointAt(points: readonly MemoryPoint[], atMs: SessionMs): MemoryPoint | null {
  const next = firstPointFrom(points, atMs);
  const near = points
    .slice(Math.max(0, next - 1), next + 1)
    .sort((one, other) => Math.abs(one.atMs - atMs) - Math.abs(other.atMs - atMs))[0];
  return near !== undefined && Math.abs(near.atMs - atMs) <= gapMs ? near : null;
}

/**
 * The line to draw for one quantity: what lies in the range and its two neighbours, lowest and highest of each of
 * `columns` stretches where there are more points than that, broken where a value is unknown or points are lost.
 */
export function memoryLine(
  points: readonly MemoryPoint[],
  quantity: 'pssBytes' | 'rssBytes',
  range: TimeRange,
  columns: number,
): LinePoint[] {
  const from = Math.max(0, firstPointFrom(points, range.startMs) - 1);
  const to = Math.min(points.length, firstPointFrom(points, range.startMs + range.spanMs) + 1);
  const columnMs = to - from > 2 * columns ? range.spanMs / columns : 0;
  const line: LinePoint[] = [];
  let column: MemoryPoint[] = [];
  let columnNumber = Number.NaN;
  let previousMs = Number.NaN;

  const flush = (): void => {
    line.push(...extremes(column, quantity));
    column = [];
  };
  for (const point of points.slice(from, to)) {
    const isUnknown = Number.isNaN(point[quantity]);
    if (isUnknown || point.atMs - previousMs > gapMs) {
      flush();
      if (line.at(-1)?.[1] !== null) line.push([point.atMs, null]);
    }
    previousMs = point.atMs;
    if (isUnknown) continue;
    const number = columnMs === 0 ? point.atMs : Math.floor(point.atMs / columnMs);
    if (number !== columnNumber) flush();
    columnNumber = number;
    column.push(point);
  }
  flush();
  return line[0]?.[1] === null ? line.slice(1) : line;
}

/** The lowest and the highest of some points, in order of time; one of them where they are the same. */
function extremes(points: readonly MemoryPoint[], quantity: 'pssBytes' | 'rssBytes'): LinePoint[] {
  const [first] = points;
  if (first === undefined) return [];
  let low = first;
  let high = first;
  for (const point of points) {
    if (point[quantity] < low[quantity]) low = point;
    if (point[quantity] > high[quantity]) high = point;
  }
  const chosen = low === high ? [low] : low.atMs < high.atMs ? [low, high] : [high, low];
  return chosen.map((point) => [point.atMs, point[quantity]]);
}

/** The end of an axis that shows so many bytes: 2, 4, 8 or 10 times a power of ten, at least 20 MB. */
export function memoryAxisEnd(mostBytes: Bytes): Bytes {
  if (mostBytes <= 2e7) return 2e7;
  const decade = 10 ** Math.floor(Math.log10(mostBytes));
  return ([2, 4, 8].find((step) => step * decade >= mostBytes) ?? 10) * decade;
}
