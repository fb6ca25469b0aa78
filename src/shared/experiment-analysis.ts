import type { StrategyId } from './workload.ts';

/** What follows from the runs of an experiment: the parts of its document that analysis fills in. */

export const objectives = ['balanced', 'fastest', 'leanest', 'safest'] as const;
/** What the recommendation weighs; the rules stand in `src/engine/analysis/matrix/objectives.ts`. */
export type Objective = (typeof objectives)[number];

export interface Estimate {
  readonly median: number;
  /** 95 % interval, low and high. */
  readonly ci95: readonly [number, number];
}

/** One field of the matrix. */
export interface CellId {
  readonly strategy: StrategyId;
  readonly workers: number;
}

/** What was found out about one strategy with one number of workers. Estimates: null where they cannot be made. */
export interface CellFindings {
  /** Whether the crash of one worker leaves the others and the parent alive. */
  readonly isolated: boolean;
  /** No other one is better in time, memory or isolation without being worse in another. */
  readonly isOnParetoFront: boolean;
  /** Wall / wall of the fastest, paired by block. */
  readonly ratioToFastest: Estimate | null;
  /** Speed-up / workers. */
  readonly efficiency: Estimate | null;
  /** Karp and Flatt's serial fraction; null for one worker. May lie below 0 or above 1. */
  readonly serialFraction: Estimate | null;
  /** Hodges-Lehmann shift against serial, paired by block; below 0: faster. */
  readonly shiftMs: ShiftEstimate | null;
  /** Mann-Whitney test against serial; `adjustedP` by Benjamini and Hochberg over the matrix. */
  readonly test: { readonly u: number; readonly p: number; readonly adjustedP: number } | null;
  /** Blocks whose wall time is an outlier among the others. Flagged, never left out. */
  readonly outlierBlocks: readonly number[];
  readonly startupMs: Estimate | null;
  readonly peakPssBytes: Estimate | null;
  readonly cpuSeconds: Estimate | null;
  readonly voluntarySwitches: Estimate | null;
  readonly involuntarySwitches: Estimate | null;
  /** Null for serial. */
  readonly cause: CauseFinding | null;
}

export interface ShiftEstimate {
  readonly shift: number;
  readonly low: number;
  readonly high: number;
  /** What the interval really has: rank intervals come in steps. */
  readonly confidence: number;
}

export interface CauseFinding {
  readonly cause: Cause;
  /** A clause; empty where the cause is unclear. */
  readonly because: string;
  readonly evidence: readonly string[];
  /** What was not known and would have been asked before. */
  readonly missing: readonly string[];
}

/** How a strategy fares with more workers. */
export interface StrategyScaling {
  readonly strategy: StrategyId;
  readonly fit: ScalingCurve | RefusedFit;
  /** Numbers of workers at which a limit of the machine may bend the curve. */
  readonly kinks: readonly ScalingKink[];
  /** What one worker more adds; null where fewer than two numbers of workers were measured. */
  readonly memoryPerWorkerBytes: Estimate | null;
  readonly startupPerWorkerMs: Estimate | null;
  readonly breakEven: BreakEvenLength;
}

export interface ScalingKink {
  readonly atWorkers: number;
  readonly reason: string;
}

/** T(N) = oneWorkerMs · (1 + contention·(N − 1) + coherency·N·(N − 1)) / N, from `fromWorkers` to `toWorkers` only. */
export interface ScalingCurve {
  readonly state: 'fitted';
  readonly law: 'amdahl' | 'usl';
  readonly oneWorkerMs: number;
  readonly contention: number;
  readonly coherency: number;
  readonly fromWorkers: number;
  readonly toWorkers: number;
  /** Why the curve ends before the measurements do; null where it does not. */
  readonly endsAt: ScalingKink | null;
  readonly bestWorkers: number;
  /** 95 % interval. */
  readonly bestWorkersLow: number;
  readonly bestWorkersHigh: number;
  /** The best is the most that was measured: more might be better still. */
  readonly isBestAtEdge: boolean;
}

export interface RefusedFit {
  readonly state: 'refused';
  readonly reason: string;
  readonly advice: string;
}

/** From which length of a task on (ms of serial work) the strategy beats serial work, or the other way round. */
export type BreakEvenLength =
  | {
      readonly state: 'breaks-even';
      readonly fasterBeyond: 'serial' | 'strategy';
      readonly taskMs: number;
      readonly low: number;
      /** Null: the interval has no upper end. */
      readonly high: number | null;
    }
  | { readonly state: 'no-crossing'; readonly faster: 'serial' | 'strategy' }
  | { readonly state: 'unknown' };

export const causes = [
  'gil',
  'cores',
  'waiting',
  'start-up',
  'throttled',
  'memory',
  'messages',
  'oversubscribed',
  'straggler',
  'lock',
  'unclear',
] as const;
/** Why the numbers are as they are; each is only named when the measurements show it. */
export type Cause = (typeof causes)[number];

/**
 * What a clause of an answer is about, so that a reader who shows it elsewhere can leave it out: other cells that are
 * as fast (`tie`), one that was faster for no known reason (`doubt`), how much slower it is than the fastest
 * (`distance`), how much faster than serial (`speedup`), why (`cause`), that this is not known (`no-cause`), why not
 * threads (`lock`), the memory that it needs (`memory`), or its costs beside serial's (`cost`).
 */
export const reasonSubjects = [
  'tie',
  'doubt',
  'distance',
  'speedup',
  'cause',
  'no-cause',
  'lock',
  'memory',
  'cost',
] as const;
export type ReasonSubject = (typeof reasonSubjects)[number];

export interface VerdictReason {
  readonly about: ReasonSubject;
  /** Without a capital and a full stop. */
  readonly clause: string;
}

/** An answer in its parts; `shared/verdict-sentence.ts` makes the sentence of them. */
export interface VerdictAnswer {
  /** By what it was chosen, as a clause: `for the least time`. */
  readonly aim: string;
  /** False where nothing is known to meet the aim: what is recommended is then the nearest to it. */
  readonly isAimMet: boolean;
  /** In the order in which they are told. */
  readonly reasons: readonly VerdictReason[];
}

export interface Verdict {
  /** `not-compared`: one strategy alone was run, with one number of workers; what it took is all that is told. */
  readonly state: 'winner' | 'no-difference' | 'not-compared' | 'failed';
  /** The winner; null unless `state` is `winner`. */
  readonly strategy: StrategyId | null;
  readonly workers: number | null;
  /** Strategies that cannot be told apart from the fastest, leanest first. With a winner, just the winner. */
  readonly tied: readonly StrategyId[];
  readonly objective: Objective;
  /** What to run, for the objective; null where nothing can be said, and in documents of earlier versions. */
  readonly recommended: CellId | null;
  /** Those that cannot be told apart from the fastest, or by nothing that explains it; the fastest first. */
  readonly tiedCells: readonly CellId[];
  /** What would change the answer; empty where nothing is known to. */
  readonly wouldChange: string;
  readonly cause: Cause;
  /** The answer in one or two sentences of plain English: where there is an `answer`, made of it. */
  readonly sentence: string;
  /** Null where nothing is recommended, and in documents of earlier versions: all that is known is the sentence. */
  readonly answer: VerdictAnswer | null;
  /** The measurements that the cause rests on, one short sentence each. */
  readonly evidence: readonly string[];
}
