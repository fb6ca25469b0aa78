import type { StrategyId, WorkloadParams } from '../../shared/workload.ts';

/** What a workload may ask of the run that it is in, wherever it is asked. */
interface RunContext {
  readonly tasks: number;
  readonly workers: number;
  readonly strategy: StrategyId;
  readonly seed: number;
  /** A temporary folder of this run, made when it is first asked for and removed after the run. */
  readonly folder: string;
  /** Tells a figure that the workload measured itself. */
  readonly report: (name: string, value: number, unit: string) => void;
  /** Tells something in words. */
  readonly note: (text: string) => void;
}

/** Good until its task ends: the next task of a share may be told by the same object. */
export interface TaskContext extends RunContext {
  /** From 0. */
  readonly task: number;
  /** Index of the worker that does this task, from 0. */
  readonly worker: number;
  /** What `prepare` gave out; undefined where there is no `prepare`. */
  readonly shared: unknown;
}

export interface PrepareContext extends RunContext {
  readonly params: WorkloadParams;
  /** How `shared` reaches the workers: `memory` may hold SharedArrayBuffers, `json` what JSON can carry. */
  readonly channel: 'memory' | 'json';
  /**
   * Ends a worker from outside, as far as the strategy can: a thread by terminate(), a process by SIGKILL. Resolves
   * when it is gone; false where there is no such worker, or none that could be ended.
   */
  readonly endWorker: (index: number) => Promise<boolean>;
}

export interface Prepared {
  readonly shared?: unknown;
  /** The most that the JavaScript heap of each worker may hold; by default what V8 allows. */
  readonly heapLimitMegabytes?: number;
  /** After the last worker has been joined: may report figures, and throw where the result is wrong. */
  finish?(): Promise<void>;
  /** However the run ends, unless the host is killed. */
  close?(): Promise<void>;
}

/** A server that a workload has put up in a cluster worker. */
export interface PortServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * The Node side of a workload. The text that `run` returns goes into the checksum, so it must be the same in every
 * runtime and strategy, and however often the task is run.
 */
export interface NodeWorkload {
  /** In the host, before the measured interval. */
  prepare?(context: PrepareContext): Promise<Prepared>;
  readonly run: (params: WorkloadParams, context: TaskContext) => string | Promise<string>;
  /** For `cluster`; its description says `servesPort`. */
  readonly serve?: {
    /** In every worker: listens on port 0 of 127.0.0.1, which is the same port in all workers of a cluster. */
    start(params: WorkloadParams, context: Omit<TaskContext, 'task'>): Promise<PortServer>;
    /** In the host, for every task: one request to that port. Returns what `run` would. */
    request(params: WorkloadParams, context: Omit<TaskContext, 'worker'>, port: number): Promise<string>;
  };
}

/** A number that `validateParams` has put there; throws where it is missing. */
export function readParameter(params: WorkloadParams, name: string): number {
  const value = params[name];
  if (typeof value !== 'number') throw new Error(`parameter "${name}" is missing or not a number`);
  return value;
}

/** A choice that `validateParams` has put there; throws where it is missing. */
export function readChoice(params: WorkloadParams, name: string): string {
  const value = params[name];
  if (typeof value !== 'string') throw new Error(`parameter "${name}" is missing or not a choice`);
  return value;
}
