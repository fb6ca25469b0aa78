import type { CoreColumns } from '../../shared/sample.ts';
import type { CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';
import { coreTime, coreTimeKinds, countCores, type CoreTimes } from './core-times.ts';

export interface CoreWindow {
  /** `times` as read at `atMs`; they are copied. `heldBackMs`: see `CoreReader.readHeldBackMs`. */
  push(atMs: SessionMs, times: CoreTimes, heldBackMs: Milliseconds): void;
  readonly coreCount: number;
  /** The time over which the shares are computed; NaN where it is not known. */
  readonly windowMs: Milliseconds;
  /** Share of the window in which the work was held back for its quota, 0 to 1. */
  readonly throttledShare: number;
  /** Writes the shares of the window into the columns, which are `coreCount` long and NaN. */
  write(columns: Omit<CoreColumns, 'coreMhz'>): void;
}

/**
 * Idle counters step by 10 ms, and a load in step with the kernel's tick fools the busy counters at any window:
 * so busy = 1 - idle / elapsed over at least 200 ms, where it is right to 1.7 points (root mean square). A shorter
 * window follows changes faster and is noisier (5.9 points at 50 ms). The other shares are those busy counters, and
 * are fooled.
 */
const leastWindowMs = 200;
/** A tick that comes a little early need not wait for the next one to have a full window. */
const toleranceMs = 10;

/**
 * A gap so long may be one in which the machine stood still (suspended, or paused by its hypervisor) while the clock
 * went on. Shorter ones are ordinary stalls of the sampler.
 */
const suspiciousGapMs = 1000;
/** The counters of all cores together then stand for less than this share of the gap. */
const leastAccountedShare = 0.5;

/** Used again when it has left the window: an array of numbers outside the heap at every tick is dear to collect. */
interface Reading {
  atMs: SessionMs;
  readonly times: CoreTimes;
  heldBackMs: Milliseconds;
}

/**
 * Root mean square error of 1 - idle / elapsed, in points of one core, by the length of the window in milliseconds:
 * measured against a trace of the scheduler with a load of 37 % in periods of 7.3 ms, on Linux 6.18 at 250 Hz.
 */
const longestMeasured: readonly [windowMs: Milliseconds, points: number] = [1000, 0.5];
const measuredErrors: readonly (typeof longestMeasured)[] = [
  [10, 47],
  [20, 19],
  [50, 5.9],
  [100, 3.4],
  [200, 1.7],
  [500, 0.7],
  longestMeasured,
];
const measuredTickMs = 4;

/**
 * The error of a core's busy share at a window, as a share of one core. The rule: between the measured windows on a
 * straight line of the logarithms, outside them that of the nearest. Most of it is that idle time is told in units
 * of 10 ms, whatever the tick, so a shorter tick than the measured one makes it no smaller; for a longer one the
 * error is taken to grow in proportion, which is cautious and not measured. NaN where the tick is not known.
 */
export function coreErrorShare(windowMs: Milliseconds, kernelTickMs: Milliseconds | null): CpuShare {
  if (Number.isNaN(windowMs) || kernelTickMs === null) return Number.NaN;
  let lower = measuredErrors[0] ?? longestMeasured;
  let upper = lower;
  // A plain loop: made for every frame, it took a third of all that cores cost.
  for (let place = 1; upper[0] < windowMs && place < measuredErrors.length; place += 1) {
    lower = upper;
    upper = measuredErrors[place] ?? upper;
  }
  if (upper[0] <= windowMs) lower = upper;
  const way = upper === lower ? 0 : Math.log(windowMs / lower[0]) / Math.log(upper[0] / lower[0]);
  const points = lower[1] * (upper[1] / lower[1]) ** way;
  return (points / 100) * Math.max(1, kernelTickMs / measuredTickMs);
}

/** All that the counters of one core stand for; iowait is within idle. */
const exclusiveKinds = [coreTime.idle, coreTime.user, coreTime.system, coreTime.irq, coreTime.steal];

/** Whether the counters of the cores that were online all the while stood still for most of the time between. */
function stoodStill(before: Reading, { atMs, times }: Reading): boolean {
  const gapMs = atMs - before.atMs;
  if (gapMs < suspiciousGapMs) return false;
  let elapsedMs = 0;
  let accountedMs = 0;
  for (let row = 0; row < times.length; row += coreTimeKinds) {
    if (!(spentMs(before.times, times, row + coreTime.idle) >= 0)) continue;
    elapsedMs += gapMs;
    for (const kind of exclusiveKinds) {
      const kindMs = spentMs(before.times, times, row + kind);
      if (!Number.isNaN(kindMs)) accountedMs += kindMs;
    }
  }
  return accountedMs < leastAccountedShare * elapsedMs;
}

function spentMs(before: CoreTimes, after: CoreTimes, at: number): Milliseconds {
  return (after[at] ?? Number.NaN) - (before[at] ?? Number.NaN);
}

/** A counter that went back says nothing: the kernel takes back iowait now and then. */
function toShare(timeMs: Milliseconds, windowMs: Milliseconds): number {
  return timeMs >= 0 ? Math.min(1, timeMs / windowMs) : Number.NaN;
}

export function createCoreWindow(): CoreWindow {
  /** Oldest first; at most one is older than the window. */
  let readings: Reading[] = [];
  /** What is compared with the last reading; null until the window is long enough. */
  let base: Reading | null = null;
  let last: Reading | null = null;
  /** When each core's counters began to run on: after it came, and after they went back. */
  let unbrokenSinceMs = new Float64Array(0);
  const spare: Reading[] = [];

  function copyReading(atMs: SessionMs, times: CoreTimes, heldBackMs: Milliseconds): Reading {
    const known = spare.pop();
    if (known?.times.length !== times.length) return { atMs, times: times.slice(), heldBackMs };
    known.atMs = atMs;
    known.heldBackMs = heldBackMs;
    known.times.set(times);
    return known;
  }

  function markBroken({ atMs, times }: Reading): void {
    const coreCount = countCores(times);
    if (unbrokenSinceMs.length < coreCount) {
      const longer = new Float64Array(coreCount).fill(atMs);
      longer.set(unbrokenSinceMs);
      unbrokenSinceMs = longer;
    }
    for (let core = 0; core < coreCount; core += 1) {
      const runsOn = last !== null && spentMs(last.times, times, core * coreTimeKinds + coreTime.idle) >= 0;
      if (!runsOn) unbrokenSinceMs[core] = atMs;
    }
  }

  return {
    push(atMs, times, heldBackMs) {
      const reading = copyReading(atMs, times, heldBackMs);
      // A system that closes the gap of a core that went gives the others new places.
      if (last !== null && (last.times.length > times.length || stoodStill(last, reading))) {
        readings = [];
        last = null;
      }
      markBroken(reading);
      last = reading;
      readings.push(reading);
      const start = readings.findLastIndex((earlier) => atMs - earlier.atMs >= leastWindowMs - toleranceMs);
      base = readings[start] ?? null;
      if (start > 0) spare.push(...readings.splice(0, start));
    },
    get coreCount() {
      return last === null ? 0 : countCores(last.times);
    },
    get windowMs() {
      return base === null || last === null ? Number.NaN : last.atMs - base.atMs;
    },
    get throttledShare() {
      if (base === null || last === null) return Number.NaN;
      return toShare(last.heldBackMs - base.heldBackMs, last.atMs - base.atMs);
    },
    write(columns) {
      if (base === null || last === null) return;
      const before = base.times;
      const after = last.times;
      const windowMs = last.atMs - base.atMs;
      for (let core = 0; core < countCores(after); core += 1) {
        if (!((unbrokenSinceMs[core] ?? Number.NaN) <= base.atMs)) continue;
        const row = core * coreTimeKinds;
        columns.coreBusy[core] = 1 - toShare(spentMs(before, after, row + coreTime.idle), windowMs);
        columns.coreUser[core] = toShare(spentMs(before, after, row + coreTime.user), windowMs);
        columns.coreSystem[core] = toShare(spentMs(before, after, row + coreTime.system), windowMs);
        columns.coreIowait[core] = toShare(spentMs(before, after, row + coreTime.iowait), windowMs);
        columns.coreIrq[core] = toShare(spentMs(before, after, row + coreTime.irq), windowMs);
        columns.coreSteal[core] = toShare(spentMs(before, after, row + coreTime.steal), windowMs);
      }
    },
  };
}
