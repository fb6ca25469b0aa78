import { type Milliseconds, type SessionMs } from '../../shared/units.ts';

export interface CoreLoad {
  /** Busy share of each core, 0 to 1; NaN where it is not known. */
  readonly busy: Float64Array;
  /** The time over which it was computed; NaN where it is not known. */
  readonly windowMs: Milliseconds;
}

export interface CoreWindow {
  /** `idleMs`: cumulative idle time of each core, as read at `atMs`. */
  push(atMs: SessionMs, idleMs: Float64Array): CoreLoad;
}

/**
 * Idle counters step by 10 ms, and a load in step with the kernel's tick fools the busy counters at any window:
 * so busy = 1 - idle / elapsed over at least 200 ms, where it is right to 1.7 points (root mean square). A shorter
 * window follows changes faster and is noisier (5.9 points at 50 ms).
 */
const leastWindowMs = 200;
/** A tick that comes a little early need not wait for the next one to have a full window. */
const toleranceMs = 10;

interface Reading {
  readonly atMs: SessionMs;
  readonly idleMs: Float64Array;
}

export function createCoreWindow(): CoreWindow {
  /** Oldest first; at most one is older than the window. */
  let readings: Reading[] = [];

  return {
    push(atMs, idleMs) {
      if (readings[0]?.idleMs.length !== idleMs.length) readings = [];
      readings.push({ atMs, idleMs });
      const start = readings.findLastIndex((reading) => atMs - reading.atMs >= leastWindowMs - toleranceMs);
      const base = readings[start];
      if (base === undefined)
        return { busy: new Float64Array(idleMs.length).fill(Number.NaN), windowMs: Number.NaN };
      readings = readings.slice(start);
      const windowMs = atMs - base.atMs;
      const busy = idleMs.map((idle, core) => {
        const idleInWindowMs = idle - (base.idleMs[core] ?? Number.NaN);
        // A counter that went back belongs to a core that was away: nothing is known about it.
        return idleInWindowMs < 0 ? Number.NaN : Math.min(1, Math.max(0, 1 - idleInWindowMs / windowMs));
      });
      return { busy, windowMs };
    },
  };
}
