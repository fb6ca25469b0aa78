import { type Reading } from '../support/reading.ts';
import { type BusyLog, createBusyLog, widen } from './busy-log.ts';

/** What the kernel said at one instant, read from outside the burner. */
export interface Checkpoint {
  readonly atMs: number;
  /** CPU time of the burner. Exact while it sleeps; up to a kernel tick behind while it runs. */
  readonly burnerMs: number;
  /** CPU time of all that ran on its core, in the same state of bookkeeping; NaN where that cannot be read. */
  readonly coreMs: number;
}

/** The burner's own account, brought into line with the kernel's, and how well that worked. */
export interface Truth {
  readonly log: BusyLog;
  /** Added to each interval, so that the sums agree over the whole run. */
  readonly overheadMs: number;
}

/** A checkpoint counts as taken in sleep when the burner slept this long before and after. */
const sleepMarginMs = 0.2;

function within(log: BusyLog, checkpoints: readonly Checkpoint[]): Checkpoint[] {
  return checkpoints.filter(({ atMs }) => atMs >= log.firstMs && atMs <= log.lastMs);
}

function sleepPoints(log: BusyLog, checkpoints: readonly Checkpoint[]): Checkpoint[] {
  return within(log, checkpoints).filter(({ atMs }) => log.isAsleepAround(atMs, sleepMarginMs));
}

export function establishTruth(edges: readonly number[], checkpoints: readonly Checkpoint[]): Truth {
  const log = createBusyLog(edges);
  const exact = sleepPoints(log, checkpoints);
  const first = exact[0];
  const last = exact.at(-1);
  // One that never sleeps has no wake-ups to be charged for either.
  if (first === undefined || last === undefined || first === last) return { log, overheadMs: 0 };
  const count = edges.filter(
    (atMs, index) => index % 2 === 0 && atMs >= first.atMs && atMs < last.atMs,
  ).length;
  const missingMs = last.burnerMs - first.burnerMs - log.busyBetween(first.atMs, last.atMs);
  const overheadMs = count === 0 ? 0 : missingMs / count;
  return { log: widen(log, overheadMs), overheadMs };
}

/**
 * The truth's own error, in points of one core: its share less the kernel's, over windows of at least `windowMs`
 * between instants at which the burner slept, when the kernel's count is exact. Empty where it never sleeps.
 */
export function truthErrors({ log }: Truth, checkpoints: readonly Checkpoint[], windowMs: number): number[] {
  const errors: number[] = [];
  let from: Checkpoint | undefined;
  for (const to of sleepPoints(log, checkpoints)) {
    from ??= to;
    const lengthMs = to.atMs - from.atMs;
    if (lengthMs < windowMs) continue;
    const kernelMs = to.burnerMs - from.burnerMs;
    errors.push(((log.busyBetween(from.atMs, to.atMs) - kernelMs) / lengthMs) * 100);
    from = to;
  }
  return errors;
}

/** The truth less the kernel's count over the whole run, in points of one core. */
export function wholeRunError({ log }: Truth, checkpoints: readonly Checkpoint[]): number {
  const known = within(log, checkpoints);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return Number.NaN;
  const kernelMs = last.burnerMs - first.burnerMs;
  const differenceMs = log.busyBetween(first.atMs, last.atMs) - kernelMs;
  return (differenceMs / (last.atMs - first.atMs)) * 100;
}

/**
 * CPU time of others on the burner's core up to an instant, by straight lines between checkpoints. That the kernel is
 * behind with a running burner cancels out, for it is behind with the core by as much.
 */
export function othersUntil(checkpoints: readonly Checkpoint[], atMs: number): number {
  const after = checkpoints.findIndex((checkpoint) => checkpoint.atMs >= atMs);
  const right = checkpoints[after];
  const left = checkpoints[after - 1];
  if (right === undefined || left === undefined) return Number.NaN;
  const leftMs = left.coreMs - left.burnerMs;
  const rightMs = right.coreMs - right.burnerMs;
  return leftMs + ((rightMs - leftMs) * (atMs - left.atMs)) / (right.atMs - left.atMs);
}

/** Whether a core's truth holds all that ran there, or the burner only. */
export function knowsOthers(checkpoints: readonly Checkpoint[]): boolean {
  return checkpoints.some(({ coreMs }) => !Number.isNaN(coreMs));
}

/** A reading less the truth of the time that it speaks of, in points of one core; NaN outside the run. */
export function errorOf(reading: Reading, { log }: Truth, checkpoints: readonly Checkpoint[]): number {
  const { fromMs, toMs } = reading;
  if (!(fromMs >= log.firstMs && toMs <= log.lastMs && toMs > fromMs)) return Number.NaN;
  const ownMs = log.busyBetween(fromMs, toMs);
  const othersMs =
    reading.what === 'core' && knowsOthers(checkpoints)
      ? othersUntil(checkpoints, toMs) - othersUntil(checkpoints, fromMs)
      : 0;
  return (reading.share - (ownMs + othersMs) / (toMs - fromMs)) * 100;
}
