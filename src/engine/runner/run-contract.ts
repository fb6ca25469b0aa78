import type { RunPhases, WorkerExit, WorkerInfo, WorkMark } from '../../shared/experiment-event.ts';
import type { InterpreterInfo, Metric, WorkNote } from '../../shared/experiment.ts';
import type { Problem } from '../../shared/result.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { Runtime, StartMethod, StrategyId, WorkloadParams, WorkTarget } from '../../shared/workload.ts';
import type { OnWorkerFailure } from './protocol.ts';
import type { OutputNews, RunOutput } from './output-capture.ts';

/** Where the run hosts lie: they are files of their own, for they run without Corescope. */
export interface HostFiles {
  /** Absolute path of run-host.js; the files of its workers lie beside it. */
  readonly nodeHost: string;
  /** Absolute path of resources/python. */
  readonly pythonFolder: string;
}

export interface RunRequest {
  readonly runtime: Runtime;
  readonly workloadId: string;
  /** The user's own work; absent or null for a workload of the catalogue. */
  readonly target?: WorkTarget | null;
  readonly params: WorkloadParams;
  /** At least 1. */
  readonly tasks: number;
  readonly strategy: StrategyId;
  /**
   * At least 1; never more are started than there are tasks. In `async` and `asyncio`, how many tasks may be under
   * way at a time; 1 means no limit.
   */
  readonly workers: number;
  /** Absent or null: the interpreter's default. Python only. */
  readonly startMethod?: StartMethod | null;
  /** For workloads that need chance; 0 where absent. */
  readonly seed?: number;
  /** `stop` where absent. */
  readonly onWorkerFailure?: OnWorkerFailure;
  /** Counted from the start of the host. */
  readonly timeoutMs: Milliseconds;
  /** The node or python that is to run the work. */
  readonly interpreterPath: string;
  readonly hostFiles: HostFiles;
  readonly limits?: RunLimits;
}

export interface RunLimits {
  /** The scheduling priority of all of the run, -20 (most) to 19 (least); by default that of Corescope. */
  readonly niceLevel?: number;
}

/** What happens during a run, as it happens. `atMs` is when it happened, not when it became known. */
export type RunProgress =
  | { readonly type: 'ready'; readonly interpreter: InterpreterInfo; readonly atMs: SessionMs }
  | { readonly type: 'work-started'; readonly atMs: SessionMs }
  | { readonly type: 'worker-ready'; readonly worker: WorkerInfo; readonly atMs: SessionMs }
  | {
      readonly type: 'task-started' | 'task-finished';
      readonly task: number;
      /** Null where nobody can tell which worker it was. */
      readonly worker: number | null;
      readonly atMs: SessionMs;
    }
  | { readonly type: 'worker-exited'; readonly exit: WorkerExit; readonly atMs: SessionMs }
  | {
      readonly type: 'gil';
      readonly enabled: boolean;
      readonly culprit: string | null;
      readonly atMs: SessionMs;
    }
  | { readonly type: 'metric'; readonly metric: Metric; readonly atMs: SessionMs }
  | { readonly type: 'note'; readonly note: WorkNote; readonly atMs: SessionMs }
  | { readonly type: 'mark'; readonly mark: WorkMark; readonly atMs: SessionMs }
  | { readonly type: 'work-finished'; readonly phases: RunPhases; readonly atMs: SessionMs }
  | ({ readonly type: 'output' } & OutputNews);

export type RunOutcome =
  | {
      readonly state: 'finished';
      /** From just before the first worker was created until the last had been joined. */
      readonly wallMs: Milliseconds;
      /** From just before the first worker was created until the last was ready. */
      readonly startupMs: Milliseconds;
      /** From then until the last task was finished. */
      readonly workMs: Milliseconds;
      /** From then until the last worker had been joined. */
      readonly tearDownMs: Milliseconds;
      /** How long a worker was held up by messages, on average; null where nobody can tell. */
      readonly messageMs: Milliseconds | null;
      /** User + system time of host and workers in the `wallMs` interval; null where the system does not tell. */
      readonly cpuSeconds: number | null;
      readonly checksum: string;
      readonly workers: number;
      readonly interpreter: InterpreterInfo;
      /** Tasks without a result, because the worker that had them died; only where that is observed. */
      readonly lostTasks: number;
      readonly metrics: readonly Metric[];
      readonly notes: readonly WorkNote[];
    }
  | { readonly state: 'failed'; readonly problem: Problem }
  | { readonly state: 'timed-out'; readonly afterMs: Milliseconds }
  | { readonly state: 'cancelled' };

/** What is known of a run besides how it went, however it went. */
export interface RunRemains {
  /** What the work wrote to stdout and stderr; null where no host could be started. */
  readonly output: RunOutput | null;
  /**
   * User + system time of all that the run started, its shortest-lived processes included, from the start of the
   * host to the end of the last process; null where no control group could be made for the run.
   */
  readonly cgroupCpuSeconds: number | null;
}

export interface RunHandle {
  /** Null where no host could be started; the outcome tells why. */
  readonly hostPid: number | null;
  /** Resolves when the host has ended and all it said has been read; never rejects. */
  readonly outcome: Promise<RunOutcome & RunRemains>;
  /** Ends the run; resolves when no process of it is left. Does nothing once it is over. */
  cancel(): Promise<void>;
  /** Ends the run as failed, at once and without a chance to clean up: for what must not go on a moment longer. */
  stop(problem: Problem): Promise<void>;
  /** Where the kernel adds up the CPU time of the run; null where no control group could be made for it. */
  readonly cgroupCpuFile: string | null;
}
