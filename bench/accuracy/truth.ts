import type { Reading } from '../support/reading.ts';
import { type BusyLog, createBusyLog, fillShortGaps, widen } from './busy-log.ts';
import { exactTruthErrors, readBetween } from './exact-truth.ts';
import type { SwitchLog } from './switch-log.ts';
import { trustTrace } from './traced-truth.ts';

/** What the kernel said at one instant, read from outside the burner. */
export interface Checkpoint {
  readonly atMs: number;
  /** CPU time of the burner. Exact while it sleeps; up to a kernel tick behind while it runs. */
  readonly burnerMs: number;
  /** CPU time of all that ran on its core, in the same state of bookkeeping; NaN where that cannot be read. */
  readonly coreMs: number;
  /** How long the burner had been on a CPU: exact, whatever it was doing. NaN where that cannot be read. */
  readonly clockMs: number;
}

/** What is known of the burner, and by what: see the head of `establishTruth`. */
export interface Truth {
  readonly by: 'trace' | 'clock' | 'account';
  /** The burner's own account; where nothing better is there, brought into line with the kernel's. */
  readonly log: BusyLog;
  /** The run: nothing is known outside. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** What the burner used between two instants; NaN outside the run. */
  busyBetween(fromMs: number, toMs: number): number;
  /** What its core was busy between two instants; null where that is to be had from the checkpoints only. */
  readonly coreBusyBetween: ((fromMs: number, toMs: number) => number) | null;
  /** The mean of what was added to each interval of the burner's account. */
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

/** How much more the log says than the kernel charged. */
function excessBetween(log: BusyLog, from: Checkpoint, to: Checkpoint): number {
  return log.busyBetween(from.atMs, to.atMs) - (to.burnerMs - from.burnerMs);
}

/** Where the recorder had a clock of the burner that is right at any instant. */
export function isExact(checkpoints: readonly Checkpoint[]): boolean {
  return checkpoints.length > 1 && checkpoints.every(({ clockMs }) => !Number.isNaN(clockMs));
}

function trust(log: BusyLog, overheadMs: number): Truth {
  const { firstMs, lastMs } = log;
  return {
    by: 'account',
    log,
    firstMs,
    lastMs,
    overheadMs,
    busyBetween: (fromMs, toMs) => log.busyBetween(fromMs, toMs),
    coreBusyBetween: null,
  };
}

/** `overheadMs`: what the clock counted beyond the burner's account, as a mean over its intervals. */
function trustClock(log: BusyLog, checkpoints: readonly Checkpoint[]): Truth {
  const usedUntil = readBetween(log, checkpoints);
  const known = within(log, checkpoints);
  const [first, last] = [known[0], known.at(-1)];
  const countedMs = first === undefined || last === undefined ? 0 : last.clockMs - first.clockMs;
  const loggedMs = first === undefined || last === undefined ? 0 : log.busyBetween(first.atMs, last.atMs);
  const intervals = Math.max(1, log.edges.length / 2);
  return {
    by: 'clock',
    log,
    firstMs: log.firstMs,
    lastMs: log.lastMs,
    overheadMs: (countedMs - loggedMs) / intervals,
    busyBetween: (fromMs, toMs) => usedUntil(toMs) - usedUntil(fromMs),
    coreBusyBetween: null,
  };
}

/**
 * For a burner that never sleeps: what it took for time off the CPU may have been an interrupt or a collection of
 * garbage, which the kernel charges to it. Those are short, and other tasks take the CPU for longer: the shortest
 * gaps are filled until the sums agree over the whole run.
 */
function settleGaps(log: BusyLog, checkpoints: readonly Checkpoint[]): Truth {
  const known = within(log, checkpoints);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return trust(log, 0);
  return trust(fillShortGaps(log, -excessBetween(log, first, last)), 0);
}

/**
 * Between two moments at which the burner slept, when the kernel's count is exact, its intervals are widened by the
 * same amount, so that the sums agree from each such moment to the next.
 */
function settleSleeper(log: BusyLog, exact: readonly Checkpoint[]): Truth {
  const intervalCount = log.edges.length / 2;
  const additions = new Float64Array(intervalCount).fill(Number.NaN);
  let interval = 0;
  let sumMs = 0;
  let settled = 0;
  exact.slice(1).forEach((to, index) => {
    const from = exact[index] ?? to;
    const beginOf = (number: number): number => log.edges[number * 2] ?? Number.POSITIVE_INFINITY;
    while (beginOf(interval) < from.atMs) interval += 1;
    const firstInterval = interval;
    while (beginOf(interval) < to.atMs) interval += 1;
    const count = interval - firstInterval;
    if (count === 0) return;
    const missingMs = -excessBetween(log, from, to);
    additions.fill(missingMs / count, firstInterval, interval);
    sumMs += missingMs;
    settled += count;
  });
  const overheadMs = settled === 0 ? 0 : sumMs / settled;
  // Before the first such moment and after the last, the mean has to do.
  const additionOf = (number: number): number => {
    const addition = additions[number] ?? Number.NaN;
    return Number.isNaN(addition) ? overheadMs : addition;
  };
  return trust(widen(log, additionOf), overheadMs);
}

/**
 * The best that there is: a trace of the scheduler's switches, the task clock of perf events, the burner's own account.
 * `sleeps`: whether the burner goes to sleep of its own accord.
 */
export function establishTruth(
  edges: readonly number[],
  checkpoints: readonly Checkpoint[],
  sleeps: boolean,
  switches: SwitchLog | null = null,
): Truth {
  if (switches !== null) return trustTrace(edges, switches);
  const log = createBusyLog(edges);
  if (isExact(checkpoints)) return trustClock(log, checkpoints);
  return sleeps ? settleSleeper(log, sleepPoints(log, checkpoints)) : settleGaps(log, checkpoints);
}

/**
 * What the kernel charged the burner, exact at every switch (schedstat, the CPU clock, rusage). It differs from a trace by
 * the wake-ups that are charged and by what a hypervisor took, and not by what a sampler does.
 */
export function establishAccount(
  edges: readonly number[],
  checkpoints: readonly Checkpoint[],
  sleeps: boolean,
): Truth {
  const unclocked = checkpoints.map((checkpoint) => ({ ...checkpoint, clockMs: Number.NaN }));
  return establishTruth(edges, unclocked, sleeps);
}

/**
 * The truth's own error, in points of one core: a truth made from every second moment of sleep, held against the
 * kernel's exact count at the others, over windows of at least `windowMs`. The truth that is used knows all of them and is
 * closer. Where the burner never sleeps of its own accord, the moments are those at which it was off the CPU.
 */
export function truthErrors(
  edges: readonly number[],
  checkpoints: readonly Checkpoint[],
  sleeps: boolean,
  windowMs: number,
): number[] {
  if (isExact(checkpoints)) return exactTruthErrors(edges, checkpoints, windowMs);
  const exact = sleepPoints(createBusyLog(edges), checkpoints);
  const known = sleeps ? exact.filter((_, index) => index % 2 === 0) : checkpoints;
  const { log } = establishTruth(edges, known, sleeps);
  const errors: number[] = [];
  let from: Checkpoint | undefined;
  for (const to of sleeps ? exact.filter((_, index) => index % 2 === 1) : exact) {
    from ??= to;
    const lengthMs = to.atMs - from.atMs;
    if (lengthMs < windowMs) continue;
    errors.push((excessBetween(log, from, to) / lengthMs) * 100);
    from = to;
  }
  return errors;
}

/** The truth less the kernel's count over the whole run, in points of one core. */
export function wholeRunError(truth: Truth, checkpoints: readonly Checkpoint[]): number {
  const known = within(truth.log, checkpoints);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return Number.NaN;
  const saidMs = truth.busyBetween(first.atMs, last.atMs);
  return ((saidMs - (last.burnerMs - first.burnerMs)) / (last.atMs - first.atMs)) * 100;
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

function coreBusyBetween(
  truth: Truth,
  checkpoints: readonly Checkpoint[],
  fromMs: number,
  toMs: number,
): number {
  if (truth.coreBusyBetween !== null) return truth.coreBusyBetween(fromMs, toMs);
  const ownMs = truth.busyBetween(fromMs, toMs);
  if (!knowsOthers(checkpoints)) return ownMs;
  return ownMs + othersUntil(checkpoints, toMs) - othersUntil(checkpoints, fromMs);
}

/** A reading less the truth of the time that it speaks of, in points of one core; NaN outside the run. */
export function errorOf(reading: Reading, truth: Truth, checkpoints: readonly Checkpoint[]): number {
  const { fromMs, toMs } = reading;
  if (!(fromMs >= truth.firstMs && toMs <= truth.lastMs && toMs > fromMs)) return Number.NaN;
  const usedMs =
    reading.what === 'core'
      ? coreBusyBetween(truth, checkpoints, fromMs, toMs)
      : truth.busyBetween(fromMs, toMs);
  return (reading.share - usedMs / (toMs - fromMs)) * 100;
}
