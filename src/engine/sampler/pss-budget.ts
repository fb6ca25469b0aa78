import type { Milliseconds, SessionMs } from '../../shared/units.ts';

/** CPU time that may be spent on PSS: a little over time, and something at once for each new run. */
export interface PssBudget {
  /** Whether a reading may begin. What it then takes is spent, if need be on credit. */
  canSpend(nowMs: SessionMs): boolean;
  /** Whether there is enough for what need not be read. */
  hasPlenty(): boolean;
  spend(costMs: Milliseconds): void;
  grant(costMs: Milliseconds): void;
}

/**
 * Reading PSS makes the kernel walk the target's page tables under its memory lock, about 11 µs per MB. Held to this
 * share of the time for all processes together, one of 500 MB is read every 3 s at most: more often slowed a process
 * that maps memory by 8 % (10 Hz).
 */
export const shareOfTimeForRuns = 0.002;

/** Corescope's own is for information: an app of 500 MB, 10 ms a round, is read about every 20 s. */
export const shareOfTimeForOwn = 0.0005;

/** Saved up in quiet times, for a burst. Larger lets the burst be longer: 10 ms are 20 readings of a small Node process. */
const mostSavedMs = 10;

export function createPssBudget(shareOfTime: number): PssBudget {
  let savedMs = 0;
  let atMs = Number.NaN;
  return {
    canSpend(nowMs) {
      const passedMs = Number.isNaN(atMs) ? 0 : nowMs - atMs;
      atMs = nowMs;
      // A grant may exceed what can be saved up, and is not cut down.
      if (savedMs < mostSavedMs) savedMs = Math.min(mostSavedMs, savedMs + passedMs * shareOfTime);
      return savedMs > 0;
    },
    hasPlenty: () => savedMs >= mostSavedMs / 2,
    spend(costMs) {
      savedMs -= costMs;
    },
    grant(costMs) {
      savedMs += costMs;
    },
  };
}
