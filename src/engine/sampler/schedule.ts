import type { Milliseconds, SessionMs } from '../../shared/units.ts';

export interface Deadline {
  readonly atMs: SessionMs;
  /** Deadlines that were skipped since the schedule began. */
  readonly missedTicks: number;
}

export interface Schedule {
  /**
   * The deadline after the last one given. Passed ones are skipped, save the latest, which is late; and one that comes
   * right after the last tick was begun (`startedAtMs`), because that was late.
   */
  next(nowMs: SessionMs, startedAtMs?: SessionMs): Deadline;
  /** So many deadlines after the last one given were kept elsewhere. */
  pass(count: number): void;
  /** From the last deadline given on, they are `everyMs` apart. */
  changeEvery(everyMs: Milliseconds): void;
}

/**
 * Two ticks are no closer together than this share of a step: counters that move with the kernel's tick say nothing
 * about two milliseconds (a process that burns reads 0 there, or 200 %). Larger skips more after a late tick.
 */
export const leastApartShare = 0.25;

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
    next(nowMs, startedAtMs = Number.NEGATIVE_INFINITY) {
      const apartMs = startedAtMs + leastApartShare * stepMs;
      const latestPassed = Math.floor((nowMs - gridMs) / stepMs);
      let index = Math.max(lastIndex + 1, latestPassed);
      if (Math.max(nowMs, gridMs + index * stepMs) < apartMs) index += 1;
      missedTicks += index - lastIndex - 1;
      lastIndex = index;
      return { atMs: gridMs + index * stepMs, missedTicks };
    },
    pass(count) {
      lastIndex += count;
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
