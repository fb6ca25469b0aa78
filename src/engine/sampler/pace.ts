import { type Problem } from '../../shared/result.ts';
import { type CpuShare, type Milliseconds, type SessionMs } from '../../shared/units.ts';

/**
 * How fast to sample, given what sampling costs: the rule by which the sampler backs off.
 *
 * Looked at once a second, on the CPU that the sampling thread used since the last look:
 * - The budget is 1 % of one core up to 10 Hz, and grows with what was asked for above that: whoever asks for
 *   100 Hz accepts 10 %. Less would slow the usual comparison of a few processes, which costs 0.8 to 1.5 %, and its
 *   short runs need every sample.
 * - Above the budget at 3 looks in a row: thrifty. What is read seldom (memory, details) is read half as often.
 * - Above twice the budget at 3 looks in a row, and thrifty already: the time between ticks doubles; and again, until
 *   one tick a second is left.
 * - Below half of what made it slow at 10 looks in a row: one step back. Half, because a step back doubles the cost.
 *
 * It never samples faster than was asked, and the header's `everyMs` says what it is.
 */
export interface Pace {
  readonly everyMs: Milliseconds;
  /** Whether what is read seldom is to be read half as often. */
  readonly isThrifty: boolean;
  /** At every tick. `cpuMs`: CPU time of the sampling thread so far; NaN changes nothing. */
  note(atMs: SessionMs, cpuMs: Milliseconds): void;
}

export const slowestEveryMs = 1000;
export const fastestEveryMs = 10;

/** Null for a rate that can be asked for; for who takes one from a user. */
export function refuseRate(everyMs: Milliseconds): Problem | null {
  if (everyMs >= fastestEveryMs && everyMs <= slowestEveryMs) return null;
  return {
    kind: 'bad-sampling-rate',
    message: `Sampling every ${everyMs} ms is not possible: ${
      everyMs < fastestEveryMs
        ? "the kernel's counters do not move so fast"
        : 'what comes and goes in between would not be seen'
    }.`,
    advice: `Choose ${fastestEveryMs} to ${slowestEveryMs} ms (100 Hz to 1 Hz); 100 ms is usual.`,
  };
}

const lookEveryMs = 1000;
/** More looks: a longer time above the budget; fewer: slower for what was a burst (a scan of a new tree). */
const looksBeforeSlower = 3;
/** More looks: slow for longer than needed; fewer: back and forth. */
const looksBeforeFaster = 10;
const budgetShare: CpuShare = 0.01;
const budgetHoldsToEveryMs = 100;

/** What sampling may cost at the rate that was asked for. */
export function budgetAt(requestedEveryMs: Milliseconds): CpuShare {
  return budgetShare * Math.max(1, budgetHoldsToEveryMs / requestedEveryMs);
}

export function createPace(requestedEveryMs: Milliseconds): Pace {
  const budget = budgetAt(requestedEveryMs);
  let everyMs = requestedEveryMs;
  let isThrifty = false;
  let lookedAtMs = Number.NaN;
  let cpuAtLookMs = Number.NaN;
  let looksAbove = 0;
  let looksBelow = 0;

  function limit(): CpuShare {
    return isThrifty ? 2 * budget : budget;
  }

  function slowDown(): void {
    if (!isThrifty) isThrifty = true;
    else everyMs = Math.min(Math.max(slowestEveryMs, requestedEveryMs), everyMs * 2);
  }

  function speedUp(): void {
    if (everyMs > requestedEveryMs) everyMs = Math.max(requestedEveryMs, everyMs / 2);
    else isThrifty = false;
  }

  /** Half of what the last step down was for. */
  function calm(): CpuShare {
    return everyMs > requestedEveryMs ? budget : budget / 2;
  }

  function look(share: CpuShare): void {
    looksAbove = share > limit() ? looksAbove + 1 : 0;
    looksBelow = share < calm() ? looksBelow + 1 : 0;
    if (looksAbove >= looksBeforeSlower) {
      slowDown();
      looksAbove = 0;
    } else if (looksBelow >= looksBeforeFaster) {
      speedUp();
      looksBelow = 0;
    }
  }

  return {
    get everyMs() {
      return everyMs;
    },
    get isThrifty() {
      return isThrifty;
    },
    note(atMs, cpuMs) {
      if (Number.isNaN(cpuMs)) return;
      // A tick a second, each a little early, is to be a look each.
      const passedMs = atMs - lookedAtMs;
      if (passedMs < lookEveryMs - everyMs / 2) return;
      if (passedMs > 0) look((cpuMs - cpuAtLookMs) / passedMs);
      lookedAtMs = atMs;
      cpuAtLookMs = cpuMs;
    },
  };
}
