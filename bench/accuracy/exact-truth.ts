import { type BusyLog, createBusyLog } from './busy-log.ts';
import type { Checkpoint } from './truth.ts';

/** What the burner had used up to an instant, in milliseconds; NaN outside the checkpoints. */
export type UsedUntil = (atMs: number) => number;

/**
 * From checkpoints that are right at their instants, whatever the burner did just then. Between two of them (some
 * 7 ms) it used what the clock says in all, spread as its own account says; evenly where that says nothing.
 */
export function readBetween(log: BusyLog, checkpoints: readonly Checkpoint[]): UsedUntil {
  return (atMs) => {
    let low = 0;
    let high = checkpoints.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((checkpoints[middle]?.atMs ?? Number.NaN) <= atMs) low = middle + 1;
      else high = middle;
    }
    const left = checkpoints[low - 1];
    const right = checkpoints[low];
    if (left?.atMs === atMs) return left.clockMs;
    if (left === undefined || right === undefined) return Number.NaN;
    const loggedMs = log.busyBetween(left.atMs, right.atMs);
    const way =
      loggedMs > 0
        ? log.busyBetween(left.atMs, atMs) / loggedMs
        : (atMs - left.atMs) / (right.atMs - left.atMs);
    return left.clockMs + (right.clockMs - left.clockMs) * way;
  };
}

/**
 * The exact truth's own error, in points of one core: a truth made from every second checkpoint, held against the
 * others, over windows of at least `windowMs`. The truth that is used knows all of them and is closer.
 */
export function exactTruthErrors(
  edges: readonly number[],
  checkpoints: readonly Checkpoint[],
  windowMs: number,
): number[] {
  const log = createBusyLog(edges);
  const usedUntil = readBetween(
    log,
    checkpoints.filter((_, index) => index % 2 === 0),
  );
  const errors: number[] = [];
  let from: Checkpoint | undefined;
  for (const to of checkpoints.filter((_, index) => index % 2 === 1)) {
    const isInside = to.atMs >= log.firstMs && to.atMs <= log.lastMs;
    if (!isInside || Number.isNaN(usedUntil(to.atMs))) continue;
    from ??= to;
    const lengthMs = to.atMs - from.atMs;
    if (lengthMs < windowMs) continue;
    const saidMs = usedUntil(to.atMs) - usedUntil(from.atMs);
    errors.push(((saidMs - (to.clockMs - from.clockMs)) / lengthMs) * 100);
    from = to;
  }
  return errors;
}
