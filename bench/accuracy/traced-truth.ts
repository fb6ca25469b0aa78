import { createBusyLog } from './busy-log.ts';
import type { SwitchLog } from './switch-log.ts';
import type { Checkpoint, Truth } from './truth.ts';

/** A checkpoint counts as taken in sleep when the burner slept this long before and after. */
const sleepMarginMs = 0.2;

/** The truth that the scheduler's switches tell, of the burner and of its core. */
export function trustTrace(edges: readonly number[], switches: SwitchLog): Truth {
  const log = createBusyLog(edges);
  const { burner, idle } = switches;
  const intervals = Math.max(1, edges.length / 2);
  const firstMs = Math.max(log.firstMs, switches.fromMs);
  const lastMs = Math.min(log.lastMs, switches.toMs);
  const addedMs = burner.busyBetween(firstMs, lastMs) - log.busyBetween(firstMs, lastMs);
  return {
    by: 'trace',
    log,
    firstMs,
    lastMs,
    overheadMs: addedMs / intervals,
    busyBetween: (fromMs, toMs) => burner.busyBetween(fromMs, toMs),
    coreBusyBetween: (fromMs, toMs) => toMs - fromMs - idle.busyBetween(fromMs, toMs),
  };
}

/**
 * The second witness: the task clock of perf events less the trace, in points of one core, over windows of at least
 * `windowMs`. Empty where there are no perf events.
 */
export function witnessErrors(
  truth: Truth,
  checkpoints: readonly Checkpoint[],
  windowMs: number,
): readonly number[] {
  const errors: number[] = [];
  let from: Checkpoint | undefined;
  for (const to of checkpoints) {
    if (!(to.atMs >= truth.firstMs && to.atMs <= truth.lastMs) || Number.isNaN(to.clockMs)) continue;
    from ??= to;
    const lengthMs = to.atMs - from.atMs;
    if (lengthMs < windowMs) continue;
    errors.push(((to.clockMs - from.clockMs - truth.busyBetween(from.atMs, to.atMs)) / lengthMs) * 100);
    from = to;
  }
  return errors;
}

/** What the kernel's account of the burner (schedstat, the CPU clock, stat, rusage) has more than the truth. */
export interface Charge {
  /** Points of one core over the whole run. */
  readonly points: number;
  /** How often the burner was switched to, a second. */
  readonly switchesPerSecond: number;
  /** Microseconds for each time that it was. */
  readonly perSwitchUs: number;
}

/** At moments of sleep, when the account is exact; a burner that has none is at most a tick behind in a whole run. */
export function chargeBeyond(
  truth: Truth,
  { burner }: SwitchLog,
  checkpoints: readonly Checkpoint[],
): Charge {
  const known = checkpoints.filter(({ atMs }) => atMs >= truth.firstMs && atMs <= truth.lastMs);
  const asleep = known.filter(({ atMs }) => burner.isAsleepAround(atMs, sleepMarginMs));
  const [first, last] = asleep.length > 1 ? [asleep[0], asleep.at(-1)] : [known[0], known.at(-1)];
  if (first === undefined || last === undefined || first === last) {
    return { points: Number.NaN, switchesPerSecond: Number.NaN, perSwitchUs: Number.NaN };
  }
  const lengthMs = last.atMs - first.atMs;
  const beyondMs = last.burnerMs - first.burnerMs - truth.busyBetween(first.atMs, last.atMs);
  const switches = burner.edges.filter(
    (atMs, index) => index % 2 === 0 && atMs > first.atMs && atMs <= last.atMs,
  ).length;
  return {
    points: (beyondMs / lengthMs) * 100,
    switchesPerSecond: (switches / lengthMs) * 1000,
    perSwitchUs: switches === 0 ? Number.NaN : (beyondMs / switches) * 1000,
  };
}
