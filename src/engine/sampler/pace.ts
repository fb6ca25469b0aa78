import type { Problem } from '../../shared/result.ts';
import type { CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';

/**
 * How fast to sample, given what sampling costs: the rule by which the sampler backs off.
 *
 * Looked at once a second, on the CPU that the sampling thread used since the last look. Readings of PSS are not in it:
 * they keep to a budget of their own (`pss-budget.ts`).
 * - The budget is 1 % of one core up to 10 Hz, and grows with what was asked for above that: whoever asks for
 *   100 Hz accepts 10 %. Less would slow the usual comparison of a few processes, which costs 0.8 to 1.5 %, and its
 *   short runs need every sample.
 * - Judged is the median of the last 10 looks: a burst (a scan of a new tree, a few short runs) is no reason. The first
 *   5 looks do not count: code that has not been compiled yet costs a multiple.
 * - Above the budget: thrifty. What is read seldom (memory, details) is read half as often.
 * - Above three times the budget: the time between ticks doubles as often as it takes to come below that, until one
 *   tick a second is left.
 * - All 10 below half of what made it slow: one step back. Half, because a step back doubles the cost.
 * - After each change 10 looks go by before the next one.
 *
 * It never samples faster than was asked, and the header's `everyMs` says what it is.
 */
export interface Pace {
  readonly everyMs: Milliseconds;
  /** Whether what is read seldom is to be read half as often. */
  readonly isThrifty: boolean;
  /** At every tick. `cpuMs`: CPU time of the sampling thread so far, without that of PSS; NaN changes nothing. */
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
/** More looks: a longer time above the budget; fewer: slower for what was a burst, and back and forth. */
const looksJudged = 10;
const looksOfStart = 5;
/** More: ticks of a costly tree stay as they are; less: short runs on full cores, which make every tick dear, lose some. */
const slowFactor = 3;
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
  let looksToSkip = looksOfStart;
  let shares: CpuShare[] = [];

  function slowDown(share: CpuShare): void {
    isThrifty = true;
    const slowest = Math.max(slowestEveryMs, requestedEveryMs);
    for (let cost = share; cost > slowFactor * budget && everyMs < slowest; cost /= 2) {
      everyMs = Math.min(slowest, everyMs * 2);
    }
  }

  function speedUp(): void {
    if (everyMs > requestedEveryMs) everyMs = Math.max(requestedEveryMs, everyMs / 2);
    else isThrifty = false;
  }

  /** Half of what the last step down was for. */
  function calm(): CpuShare {
    return everyMs > requestedEveryMs ? (slowFactor * budget) / 2 : budget / 2;
  }

  function look(share: CpuShare): void {
    if (looksToSkip > 0) {
      looksToSkip -= 1;
      return;
    }
    shares.push(share);
    if (shares.length < looksJudged) return;
    const [wasThrifty, wasEveryMs] = [isThrifty, everyMs];
    const median = medianOf(shares);
    const limit = isThrifty ? slowFactor * budget : budget;
    if (median > limit) slowDown(median);
    else if (shares.every((each) => each < calm())) speedUp();
    if (isThrifty === wasThrifty && everyMs === wasEveryMs) shares.shift();
    else shares = [];
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

/** The higher one of the two in the middle where the number is even. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
