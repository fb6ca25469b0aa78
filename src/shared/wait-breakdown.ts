import type { CpuShare } from './units.ts';

/** What is known of a process, thread or worker over one interval. */
export interface WaitFigures {
  /** Time on a core, per time. */
  readonly cpuShare: CpuShare;
  /** Time that its threads were ready to run and did not, per time; held back by a quota included. */
  readonly waitShare: number;
  /** Share of the interval in which its control groups had used up their quota. NaN: no quota, or not known. */
  readonly throttledShare: number;
  /** How many threads it has: 1 for a thread. */
  readonly threads: number;
}

/**
 * Where the time of the threads went: each in threads, so that all four add up to their number. NaN is unknown, and
 * so is every part that cannot be told without an unknown one.
 */
export interface WaitBreakdown {
  readonly running: number;
  /** Ready to run, and another had the core. */
  readonly waiting: number;
  /** Ready to run, and held back by the quota. An estimate: see `breakDownWait`. NaN where there is no quota. */
  readonly throttled: number;
  /** Not ready: asleep, or waiting for a lock, the disk, the network or a timer. */
  readonly blocked: number;
}

/**
 * The kernel counts the wait for a core and the wait for the quota's next period as one (`run_delay`). While a group
 * is throttled, none of its threads runs and all that want to are waiting, so of the wait so much is the quota's: the
 * throttled share of the interval, for each thread that wanted to run (which is running and waiting together), and
 * never more than the whole wait. Exact where as many threads want to run at all times.
 */
export function breakDownWait({ cpuShare, waitShare, throttledShare, threads }: WaitFigures): WaitBreakdown {
  const heldBack = Math.min(waitShare, throttledShare * (cpuShare + waitShare));
  return {
    running: cpuShare,
    waiting: Number.isNaN(throttledShare) ? waitShare : waitShare - heldBack,
    throttled: heldBack,
    // The three are not read at one instant, so that they may add up to slightly more than there is.
    blocked: Math.max(0, threads - cpuShare - waitShare),
  };
}
