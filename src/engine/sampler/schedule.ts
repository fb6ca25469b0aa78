import { type Milliseconds, type SessionMs } from '../../shared/units.ts';

export interface Deadline {
  readonly atMs: SessionMs;
  /** Deadlines that were skipped since the schedule began. */
  readonly missedTicks: number;
}

export interface Schedule {
  /** The deadline after the last one given. Passed ones are skipped, save the latest, which is late. */
  next(nowMs: SessionMs): Deadline;
  /** From the last deadline given on, they are `everyMs` apart. */
  changeEvery(everyMs: Milliseconds): void;
}

/**
 * Deadlines at `originMs` and every `everyMs` after it, whatever a tick takes: time that one tick loses is not
 * added to all later ones, and ticks that could not be taken are left out rather than made up for in a burst.
 */
export function createSchedule(originMs: SessionMs, everyMs: Milliseconds): Schedule {
  let gridMs = originMs;
  let stepMs = everyMs;
  let lastIndex = -1;
  let missedTicks = 0;
  return {
    next(nowMs) {
      const latestPassed = Math.floor((nowMs - gridMs) / stepMs);
      const index = Math.max(lastIndex + 1, latestPassed);
      missedTicks += index - lastIndex - 1;
      lastIndex = index;
      return { atMs: gridMs + index * stepMs, missedTicks };
    },
    changeEvery(nextEveryMs) {
      if (nextEveryMs === stepMs) return;
      if (lastIndex >= 0) {
        gridMs += lastIndex * stepMs;
        lastIndex = 0;
      }
      stepMs = nextEveryMs;
    },
  };
}
