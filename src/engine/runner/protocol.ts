import { type WorkerInfo } from '../../shared/experiment-event.ts';
import { type InterpreterInfo } from '../../shared/experiment.ts';
import { type StrategyId, strategyIds, type WorkloadParams } from '../../shared/workload.ts';

/**
 * What passes between Corescope and a run host, in either runtime: the plan as one JSON line on the host's stdin,
 * events as JSON lines on file descriptor 3. This file is loaded into the measured Node processes, so it imports
 * types and word lists only; the checking of events is in `host-event.ts`.
 */
export const protocolVersion = 1;

/** The file descriptor of the host on which it writes events; stdout and stderr belong to the workload. */
export const eventDescriptor = 3;

export interface RunPlan {
  readonly protocol: typeof protocolVersion;
  readonly workloadId: string;
  /** Complete: every parameter of the workload. */
  readonly params: WorkloadParams;
  readonly tasks: number;
  readonly strategy: StrategyId;
  /** At most `tasks`. Worker `w` has the tasks t with t % workers === w. */
  readonly workers: number;
}

/** `ns` is the monotonic clock's reading at the event, in decimal: beyond 2^53 JSON numbers lose digits. */
export type HostEvent = { readonly ns: string } & (
  | { readonly type: 'ready'; readonly interpreter: InterpreterInfo }
  /** The first worker is about to be created. */
  | { readonly type: 'started' }
  /** The worker is about to begin its first task. */
  | { readonly type: 'worker-ready'; readonly worker: WorkerInfo }
  | { readonly type: 'task-finished'; readonly task: number }
  | {
      readonly type: 'finished';
      /** From just before the first worker was created until the last had been joined. */
      readonly wallNs: string;
      /** From just before the first worker was created until the last was ready. */
      readonly startupNs: string;
      /** User + system time of host and workers in the `wallNs` interval. */
      readonly cpuSeconds: number;
      readonly checksum: string;
      readonly workers: number;
    }
  | { readonly type: 'failed'; readonly message: string }
);

/** Reads the plan on the host's side; throws where it is not one, for only Corescope writes plans. */
export function readPlan(line: string): RunPlan {
  const plan: unknown = JSON.parse(line);
  if (!isRecord(plan)) throw new Error('the plan is not an object');
  const { protocol, workloadId, params, tasks, strategy, workers } = plan;
  if (protocol !== protocolVersion) {
    throw new Error(`the plan has protocol ${String(protocol)}, this host speaks ${protocolVersion}`);
  }
  if (typeof workloadId !== 'string') throw new Error('the plan has no workloadId');
  if (!isRecord(params)) throw new Error('the plan has no params');
  const numbers: Record<string, number> = {};
  for (const [name, value] of Object.entries(params)) {
    if (typeof value !== 'number') throw new Error(`parameter "${name}" of the plan is not a number`);
    numbers[name] = value;
  }
  const strategyId = strategyIds.find((known) => known === strategy);
  if (strategyId === undefined) throw new Error(`the plan has an unknown strategy: ${String(strategy)}`);
  return {
    protocol,
    workloadId,
    params: numbers,
    tasks: readCount(tasks, 'tasks'),
    strategy: strategyId,
    workers: readCount(workers, 'workers'),
  };
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
