import { readlinkSync } from 'node:fs';
import { type WorkerInfo } from '../../../shared/experiment-event.ts';
import { nodeTasks } from '../../workloads/node-tasks.ts';
import { isRecord, type RunPlan } from '../protocol.ts';

export interface FinishedTask {
  readonly task: number;
  readonly ns: string;
  readonly result: string;
}

/** From a worker to its host, whatever lies between them: a call, a port or a pipe (so: plain JSON). */
export type ShareMessage =
  | { readonly type: 'ready'; readonly ns: string; readonly worker: WorkerInfo }
  | { readonly type: 'tasks'; readonly finished: readonly FinishedTask[] }
  /** All tasks are done. `cpuSeconds` is the worker's own where it is a process, else 0: the host's counts it. */
  | { readonly type: 'done'; readonly cpuSeconds: number }
  | { readonly type: 'failed'; readonly message: string };

export type SendMessage = (message: ShareMessage) => void;

/**
 * Finished tasks are told at most every 20 ms: a task of microseconds must not be dwarfed by the message about
 * it. Longer would make the progress on the screen jump; shorter would show in the timings of short tasks.
 */
const tellEveryNs = 20_000_000n;

/** Does worker `index`'s share of the plan: every `workers`-th task, in order, one after the other. */
export async function doShare(plan: RunPlan, index: number, send: SendMessage): Promise<void> {
  const task = nodeTasks.get(plan.workloadId);
  if (task === undefined) throw new Error(`this host has no workload "${plan.workloadId}"`);
  const worker = { index, name: `worker ${index + 1}`, pid: process.pid, tid: readThreadId() };
  let toldNs = process.hrtime.bigint();
  send({ type: 'ready', ns: String(toldNs), worker });
  let finished: FinishedTask[] = [];
  for (let taskIndex = index; taskIndex < plan.tasks; taskIndex += plan.workers) {
    const result = await task(plan.params, taskIndex);
    const ns = process.hrtime.bigint();
    finished.push({ task: taskIndex, ns: String(ns), result });
    if (ns - toldNs >= tellEveryNs) {
      send({ type: 'tasks', finished });
      finished = [];
      toldNs = ns;
    }
  }
  if (finished.length > 0) send({ type: 'tasks', finished });
}

/** The kernel's id of the calling thread; null where only Linux's /proc would tell it. */
function readThreadId(): number | null {
  try {
    // Reads `PID/task/TID`.
    const tid = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    return Number.isInteger(tid) ? tid : null;
  } catch {
    return null;
  }
}

export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}

/** A worker runs a user's code, which may send to our port as well: what is not ours is not taken for it. */
export function isShareMessage(value: unknown): value is ShareMessage {
  if (!isRecord(value)) return false;
  switch (value['type']) {
    case 'ready':
      return typeof value['ns'] === 'string' && isWorkerInfo(value['worker']);
    case 'tasks':
      return Array.isArray(value['finished']) && value['finished'].every(isFinishedTask);
    case 'done':
      return typeof value['cpuSeconds'] === 'number';
    case 'failed':
      return typeof value['message'] === 'string';
    default:
      return false;
  }
}

function isWorkerInfo(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value['index'] === 'number' &&
    typeof value['name'] === 'string' &&
    typeof value['pid'] === 'number' &&
    (typeof value['tid'] === 'number' || value['tid'] === null)
  );
}

function isFinishedTask(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value['task'] === 'number' &&
    typeof value['ns'] === 'string' &&
    typeof value['result'] === 'string'
  );
}
