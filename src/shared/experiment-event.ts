import type {
  Experiment,
  ExperimentPlan,
  InterpreterInfo,
  Metric,
  ReadinessNote,
  RunRecord,
  WorkNote,
} from './experiment.ts';
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
  /** The second run of the A/A pair: never compared as a strategy. */
  readonly control?: true;
}

/** A thread or process that carries a share of the work, as it named itself when it was ready. */
export interface WorkerInfo {
  readonly index: number;
  readonly name: string;
  readonly pid: number;
  /** The kernel's thread id; null where the runtime cannot tell it. */
  readonly tid: number | null;
  readonly kind: WorkerKind;
}

export const workerKinds = ['main', 'thread', 'process', 'interpreter', 'command'] as const;
export type WorkerKind = (typeof workerKinds)[number];

/** A moment that the work named (`performance.mark`), with its detail as texts. */
export interface WorkMark {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
  readonly worker: number | null;
}

/** How a worker ended. Threads have a code only; null is what is not known, or does not exist. */
export interface WorkerExit {
  readonly index: number;
  readonly pid: number;
  readonly code: number | null;
  readonly signal: string | null;
  /** User + system time of its whole life. */
  readonly cpuSeconds: number | null;
  readonly maxRssBytes: number | null;
}

/** The three parts of a run's wall time. */
export interface RunPhases {
  /** Until the last worker was ready to work. */
  readonly startupMs: number;
  /** From then until the last task was finished. */
  readonly workMs: number;
  /** From then until the last worker was joined. */
  readonly tearDownMs: number;
}

/** What happens during an experiment, in order, on the session clock. */
export type ExperimentEvent =
  | {
      readonly type: 'planned';
      readonly plan: ExperimentPlan;
      readonly runs: readonly PlannedRun[];
      readonly atMs: SessionMs;
    }
  /** What was found wrong with the machine before the first run; may be nothing. */
  | { readonly type: 'readiness'; readonly notes: readonly ReadinessNote[]; readonly atMs: SessionMs }
  /** After a block of an experiment that chooses their number itself. */
  | {
      readonly type: 'looked';
      readonly blocks: number;
      /** Of the widest interval; null while there is none. */
      readonly halfWidth: number | null;
      readonly targetHalfWidth: number;
      readonly spentMs: number;
      readonly budgetMs: number;
      readonly stoppedBy: 'narrow' | 'blocks' | 'time' | null;
      readonly atMs: SessionMs;
    }
  /** Between two runs: none is under way until `resumed`. */
  | { readonly type: 'paused' | 'resumed'; readonly atMs: SessionMs }
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
      readonly type: 'task-started' | 'task-finished';
      readonly order: number;
      readonly task: number;
      /** Null where nobody can tell which worker it was (`cluster`). */
      readonly worker: number | null;
      readonly atMs: SessionMs;
    }
  | {
      readonly type: 'worker-exited';
      readonly order: number;
      readonly exit: WorkerExit;
      readonly atMs: SessionMs;
    }
  | {
      /** The interpreter lock is not as it was at the start; `culprit` is the module whose import changed it. */
      readonly type: 'gil';
      readonly order: number;
      readonly enabled: boolean;
      readonly culprit: string | null;
      readonly atMs: SessionMs;
    }
  | {
      readonly type: 'metric';
      readonly order: number;
      readonly metric: Metric;
      readonly atMs: SessionMs;
    }
  | { readonly type: 'note'; readonly order: number; readonly note: WorkNote; readonly atMs: SessionMs }
  | { readonly type: 'mark'; readonly order: number; readonly mark: WorkMark; readonly atMs: SessionMs }
  | {
      readonly type: 'work-finished';
      readonly order: number;
      readonly phases: RunPhases;
      readonly atMs: SessionMs;
    }
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
