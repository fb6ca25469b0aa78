import type { SessionMs, UnixMs } from '../shared/units.ts';

/**
 * The one clock of frames, run events and screen: monotonic nanoseconds since the session began.
 *
 * `process.hrtime.bigint()` counts from the same origin in every process of the machine (the system's monotonic
 * clock), so a clock made from the same origin in another process tells the same time.
 */
export interface SessionClock {
  /** The monotonic clock's reading when the session began. */
  readonly originNs: bigint;
  /** The wall clock at that moment, stored once and never used for differences. */
  readonly startedUnixMs: UnixMs;
  nowMs(): SessionMs;
  /** Converts a reading of the monotonic clock; negative for what happened before the session. */
  fromNs(ns: bigint): SessionMs;
}

const nsPerMs = 1e6;

/** Starts a session now, or joins the one that another process started at `origin`. */
export function createSessionClock(origin?: {
  readonly originNs: bigint;
  readonly startedUnixMs: number;
}): SessionClock {
  const { originNs, startedUnixMs } = origin ?? {
    originNs: process.hrtime.bigint(),
    startedUnixMs: Date.now(),
  };
  // The difference is taken as bigint: as a float64 the reading itself is exact for 104 days of uptime only.
  const fromNs = (ns: bigint): SessionMs => Number(ns - originNs) / nsPerMs;
  return { originNs, startedUnixMs, fromNs, nowMs: () => fromNs(process.hrtime.bigint()) };
}
