import type { Milliseconds } from './units.ts';
import type { StrategyId } from './workload.ts';

/** A run of the same work that was made before, for this plan or another. */
export interface TimedRun {
  readonly strategy: StrategyId;
  readonly workers: number;
  /** From its preparation until its last process had ended. */
  readonly durationMs: Milliseconds;
  /** Of that, the part that was measured; null where the run did not finish. */
  readonly wallMs: Milliseconds | null;
}

/** From what an estimate was made: runs of every field, runs of some fields (the others by a model), nothing. */
export type EstimateBasis = 'past-runs' | 'calibration' | 'unknown';

/** What a plan takes, before it is run. */
export interface PlanEstimate {
  /** Runs to be made, warm-ups and the A/A pair among them; the most there may be where blocks are automatic. */
  readonly runs: number;
  readonly basis: EstimateBasis;
  /** Null: unknown until the first run. `least` and `most` are what is plausible, not a promise. */
  readonly duration: {
    readonly leastMs: Milliseconds;
    readonly likelyMs: Milliseconds;
    readonly mostMs: Milliseconds;
  } | null;
  /** What it cannot exceed: every run and hook goes on until its time limit, or the time budget is spent. */
  readonly boundMs: Milliseconds;
  /** How it was got, in one sentence. */
  readonly explanation: string;
}
