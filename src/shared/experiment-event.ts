import type { Experiment, ExperimentPlan, InterpreterInfo, RunRecord } from './experiment.ts';
import type { Problem } from './result.ts';
import type { SessionMs } from './units.ts';
import type { StrategyId } from './workload.ts';

/** A run that is going to happen, in the order in which it will. */
export interface PlannedRun {
  readonly order: number;
  readonly block: number;
  readonly warmUp: boolean;
  readonly strategy: StrategyId;
  readonly workers: number;
}

/** A thread or process that carries a share of the work, as it named itself when it was ready. */
export interface WorkerInfo {
  readonly index: number;
  readonly name: string;
  readonly pid: number;
  /** The kernel's thread id; null where the runtime cannot tell it. */
  readonly tid: number | null;
}

/** What happens during an experiment, in order, on the session clock. */
export type ExperimentEvent =
  | {
      readonly type: 'planned';
      readonly plan: ExperimentPlan;
      readonly runs: readonly PlannedRun[];
      readonly atMs: SessionMs;
    }
  | {
      readonly type: 'run-started';
      readonly run: PlannedRun;
      readonly hostPid: number;
      readonly atMs: SessionMs;
    }
  | {
      readonly type: 'host-ready';
      readonly order: number;
      readonly interpreter: InterpreterInfo;
      readonly atMs: SessionMs;
    }
  | { readonly type: 'work-started'; readonly order: number; readonly atMs: SessionMs }
  | {
      readonly type: 'worker-ready';
      readonly order: number;
      readonly worker: WorkerInfo;
      readonly atMs: SessionMs;
    }
  | {
      readonly type: 'task-finished';
      readonly order: number;
      readonly task: number;
      readonly atMs: SessionMs;
    }
  | { readonly type: 'work-finished'; readonly order: number; readonly atMs: SessionMs }
  /** What the work wrote, safe to be shown; at most ten times and 64 KiB a second. */
  | {
      readonly type: 'output';
      readonly order: number;
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
      /** Bytes of this stream before `text` that were too many to be told. */
      readonly skippedBytes: number;
      readonly atMs: SessionMs;
    }
  | {
      readonly type: 'run-ended';
      readonly run: PlannedRun;
      readonly record: RunRecord;
      readonly completedRuns: number;
      readonly totalRuns: number;
      /** Expected time until the experiment ends; null before there is anything to go by. */
      readonly remainingMs: number | null;
      readonly atMs: SessionMs;
    }
  | { readonly type: 'finished'; readonly experiment: Experiment; readonly atMs: SessionMs }
  | { readonly type: 'cancelled'; readonly atMs: SessionMs }
  | { readonly type: 'failed'; readonly problem: Problem; readonly atMs: SessionMs };
