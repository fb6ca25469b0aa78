import type { WorkerExit, WorkerInfo, WorkMark } from '../../shared/experiment-event.ts';
import type { InterpreterInfo, Metric, WorkNote } from '../../shared/experiment.ts';
import {
  type StartMethod,
  startMethods,
  type StrategyId,
  strategyIds,
  type WorkloadParams,
  type WorkTarget,
} from '../../shared/workload.ts';

/**
 * What passes between Corescope and a run host, in either runtime: the plan as one JSON line on the host's stdin,
 * events as JSON lines on file descriptor 3. This file is loaded into the measured Node processes, so it imports
 * types and word lists only; the checking of events is in `host-event.ts`.
 */
export const protocolVersion = 3;

/** The file descriptor of the host on which it writes events; stdout and stderr belong to the workload. */
export const eventDescriptor = 3;

/**
 * What the death of a worker means. `stop`: the run has failed. `observe`: the others go on, and the tasks that
 * were lost are counted; for workloads that die on purpose.
 */
export type OnWorkerFailure = 'stop' | 'observe';

export interface RunPlan {
  readonly protocol: typeof protocolVersion;
  readonly workloadId: string;
  /** The user's own work; null for a workload of the catalogue. */
  readonly target: WorkTarget | null;
  /** Complete: every parameter of the workload. */
  readonly params: WorkloadParams;
  readonly tasks: number;
  readonly strategy: StrategyId;
  /**
   * At most `tasks`. Where each has a share, worker `w` has the tasks t with t % workers === w. In `async` and
   * `asyncio`, how many tasks may be under way at a time; 1 means no limit.
   */
  readonly workers: number;
  /** Python only; null: the interpreter's default. */
  readonly startMethod: StartMethod | null;
  readonly seed: number;
  readonly onWorkerFailure: OnWorkerFailure;
}

/** What stands for the result of a task that was lost with its worker. */
export const lostResult = 'lost';

/**
 * Tasks of one worker's share that have been finished, one right after the other: `firstTask`, `firstTask + taskStep`
 * and so on. One number each, for there may be a million a second.
 */
export interface ShareProgress {
  /** The first task began at the `ns` of the message. Each length goes from the end of the task before. */
  readonly lengthsNs: readonly number[];
  readonly firstTask: number;
  readonly taskStep: number;
  /** Whether it has been told before that the first task had begun. */
  readonly firstIsTold: boolean;
  /** Whether the worker is now at the task that follows. */
  readonly nextIsStarted: boolean;
}

/** More are told in several messages: a line of events has an upper limit. */
export const mostTasksPerMessage = 1_000;

/** `ns` is the monotonic clock's reading at the event, in decimal: beyond 2^53 JSON numbers lose digits. */
export type HostEvent = { readonly ns: string } & (
  | { readonly type: 'ready'; readonly interpreter: InterpreterInfo }
  /** The first worker is about to be created. */
  | { readonly type: 'started' }
  /** The worker is about to begin its first task. */
  | { readonly type: 'worker-ready'; readonly worker: WorkerInfo }
  /** `worker` is null where nobody can tell which it was. */
  | { readonly type: 'task-started' | 'task-finished'; readonly task: number; readonly worker: number | null }
  | ({
      readonly type: 'share-tasks';
      readonly worker: number;
    } & ShareProgress)
  | ({ readonly type: 'worker-exited' } & WorkerExit)
  /** The interpreter lock changed after the workload's imports. */
  | { readonly type: 'gil'; readonly enabled: boolean; readonly culprit: string | null }
  | ({ readonly type: 'metric' } & Metric)
  | ({ readonly type: 'note' } & WorkNote)
  | ({ readonly type: 'mark' } & WorkMark)
  | {
      readonly type: 'finished';
      /** From just before the first worker was created until the last had been joined; the sum of the next three. */
      readonly wallNs: string;
      /** From just before the first worker was created until the last was ready. */
      readonly startupNs: string;
      /** From then until the last task was finished. */
      readonly workNs: string;
      /** From then until the last worker had been joined. */
      readonly tearDownNs: string;
      /** How long a worker was held up by messages, on average; null where nobody can tell. */
      readonly messageNs: string | null;
      /** User + system time of host and workers in the `wallNs` interval; null where the system does not tell. */
      readonly cpuSeconds: number | null;
      readonly checksum: string;
      readonly workers: number;
      readonly lostTasks: number;
    }
  | { readonly type: 'failed'; readonly message: string; readonly worker: number | null }
);

/** Reads the plan on the host's side; throws where it is not one, for only Corescope writes plans. */
export function readPlan(line: string): RunPlan {
  const plan: unknown = JSON.parse(line);
  if (!isRecord(plan)) throw new Error('the plan is not an object');
  const { protocol, workloadId, target, params, tasks, strategy, workers, startMethod, seed } = plan;
  if (protocol !== protocolVersion) {
    throw new Error(`the plan has protocol ${String(protocol)}, this host speaks ${protocolVersion}`);
  }
  if (typeof workloadId !== 'string') throw new Error('the plan has no workloadId');
  if (target !== null && !isWorkTarget(target)) throw new Error("the plan's target is not one");
  if (!isRecord(params)) throw new Error('the plan has no params');
  const values: Record<string, number | string> = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value !== 'number' && typeof value !== 'string') {
      throw new Error(`parameter "${name}" of the plan is neither a number nor a text`);
    }
    values[name] = value;
  }
  const strategyId = strategyIds.find((known) => known === strategy);
  if (strategyId === undefined) throw new Error(`the plan has an unknown strategy: ${String(strategy)}`);
  if (typeof seed !== 'number') throw new Error('the plan has no seed');
  const { onWorkerFailure } = plan;
  if (onWorkerFailure !== 'stop' && onWorkerFailure !== 'observe') {
    throw new Error(`the plan's onWorkerFailure is unknown: ${String(onWorkerFailure)}`);
  }
  return {
    protocol,
    workloadId,
    target,
    params: values,
    tasks: readCount(tasks, 'tasks'),
    strategy: strategyId,
    workers: readCount(workers, 'workers'),
    startMethod: startMethods.find((known) => known === startMethod) ?? null,
    seed,
    onWorkerFailure,
  };
}

function isWorkTarget(value: unknown): value is WorkTarget {
  if (!isRecord(value)) return false;
  switch (value['kind']) {
    case 'module':
      return typeof value['path'] === 'string';
    case 'function':
      return (
        typeof value['path'] === 'string' &&
        typeof value['functionName'] === 'string' &&
        Array.isArray(value['args'])
      );
    case 'command':
      return (
        Array.isArray(value['argv']) &&
        value['argv'].length > 0 &&
        value['argv'].every((argument) => typeof argument === 'string') &&
        isTextOrNull(value['cwd']) &&
        isTextOrNull(value['stdinFile']) &&
        isRecord(value['environment']) &&
        Object.values(value['environment']).every((text) => typeof text === 'string')
      );
    default:
      return false;
  }
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function readCount(value: unknown, name: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 1) {
    throw new Error(`the plan's ${name} is not a whole number from 1`);
  }
  return value;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
