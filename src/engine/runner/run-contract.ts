import { type WorkerInfo } from '../../shared/experiment-event.ts';
import { type InterpreterInfo } from '../../shared/experiment.ts';
import { type Problem } from '../../shared/result.ts';
import { type Milliseconds, type SessionMs } from '../../shared/units.ts';
import { type Runtime, type StrategyId, type WorkloadParams } from '../../shared/workload.ts';
import { type OutputNews, type RunOutput } from './output-capture.ts';

/** Where the run hosts lie: they are files of their own, for they run without Corescope. */
export interface HostFiles {
  /** Absolute path of run-host.js; its workers lie beside it as run-thread.js and run-process.js. */
  readonly nodeHost: string;
  /** Absolute path of resources/python. */
  readonly pythonFolder: string;
}

export interface RunRequest {
  readonly runtime: Runtime;
  readonly workloadId: string;
  readonly params: WorkloadParams;
  /** At least 1. */
  readonly tasks: number;
  readonly strategy: StrategyId;
  /** At least 1; never more are started than there are tasks. */
  readonly workers: number;
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
  | { readonly type: 'task-finished'; readonly task: number; readonly atMs: SessionMs }
  | { readonly type: 'work-finished'; readonly atMs: SessionMs }
  | ({ readonly type: 'output' } & OutputNews);

export type RunOutcome =
  | {
      readonly state: 'finished';
      /** From just before the first worker was created until the last had been joined. */
      readonly wallMs: Milliseconds;
      /** From just before the first worker was created until the last was ready. */
      readonly startupMs: Milliseconds;
      /** User + system time of host and workers in the `wallMs` interval. */
      readonly cpuSeconds: number;
      readonly checksum: string;
      readonly workers: number;
      readonly interpreter: InterpreterInfo;
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
