import type { WorkerInfo, WorkMark } from '../../../shared/experiment-event.ts';
import { isRecord, type ShareProgress } from '../protocol.ts';

/** What one task of a pool came to. */
export interface PooledTask {
  readonly task: number;
  readonly worker: number;
  readonly startedNs: string;
  readonly finishedNs: string;
  readonly result: string;
}

/** From a worker to its host, whatever lies between them: a call, a port or a pipe (so: plain JSON). */
export type WorkerMessage =
  /** The worker begins `firstTask`, where it has one, at the same time. */
  | {
      readonly type: 'ready';
      readonly ns: string;
      readonly worker: WorkerInfo;
      readonly firstTask: number | null;
    }
  | ({
      readonly type: 'share-tasks';
      readonly ns: string;
      readonly worker: number;
      /** One for each length. */
      readonly results: readonly string[];
      /** How long the worker was held up by sending, since the message before. */
      readonly sendingNs: number;
    } & ShareProgress)
  /** Pools only, and there only where the task before it was long. */
  | {
      readonly type: 'task-started';
      readonly ns: string;
      readonly worker: number;
      readonly task: number;
    }
  | {
      readonly type: 'metric';
      readonly ns: string;
      readonly worker: number;
      readonly name: string;
      readonly value: number;
      readonly unit: string;
    }
  | { readonly type: 'note'; readonly ns: string; readonly worker: number; readonly text: string }
  | ({ readonly type: 'mark'; readonly ns: string; readonly worker: number } & Omit<WorkMark, 'worker'>)
  /** All tasks are done. The figures are a process's own; a thread's are part of its host's. */
  | {
      readonly type: 'done';
      readonly worker: number;
      readonly cpuSeconds: number | null;
      readonly maxRssBytes: number | null;
    }
  | { readonly type: 'failed'; readonly worker: number; readonly message: string }
  /** Process pool only. */
  | ({ readonly type: 'pooled-task' } & PooledTask)
  | {
      readonly type: 'pooled-task-failed';
      readonly worker: number;
      readonly task: number;
      readonly message: string;
    }
  /** Cluster only. */
  | { readonly type: 'listening'; readonly worker: number; readonly port: number };

export type DoneMessage = Extract<WorkerMessage, { type: 'done' }>;
export type SendMessage = (message: WorkerMessage) => void;

/** From the host to a worker of a process pool or a cluster. */
export type HostMessage = { readonly type: 'task'; readonly task: number } | { readonly type: 'end' };

export function isHostMessage(value: unknown): value is HostMessage {
  return (
    isRecord(value) &&
    (value['type'] === 'end' || (value['type'] === 'task' && typeof value['task'] === 'number'))
  );
}

/** A worker runs a user's code, which may send to our port as well: what is not ours is not taken for it. */
export function isWorkerMessage(value: unknown): value is WorkerMessage {
  if (!isRecord(value)) return false;
  if (value['type'] === 'ready') {
    return isText(value['ns']) && isWorkerInfo(value['worker']) && isNumberOrNull(value['firstTask']);
  }
  if (typeof value['worker'] !== 'number') return false;
  switch (value['type']) {
    case 'share-tasks':
      return (
        isText(value['ns']) &&
        typeof value['sendingNs'] === 'number' &&
        typeof value['firstTask'] === 'number' &&
        typeof value['taskStep'] === 'number' &&
        typeof value['firstIsTold'] === 'boolean' &&
        typeof value['nextIsStarted'] === 'boolean' &&
        // What is in them is looked at when the run has been measured.
        Array.isArray(value['lengthsNs']) &&
        Array.isArray(value['results'])
      );
    case 'task-started':
      return isText(value['ns']) && typeof value['task'] === 'number';
    case 'metric':
      return (
        isText(value['ns']) &&
        isText(value['name']) &&
        typeof value['value'] === 'number' &&
        isText(value['unit'])
      );
    case 'note':
      return isText(value['ns']) && isText(value['text']);
    case 'mark':
      return (
        isText(value['ns']) &&
        isText(value['name']) &&
        isRecord(value['values']) &&
        Object.values(value['values']).every(isText)
      );
    case 'done':
      return isNumberOrNull(value['cpuSeconds']) && isNumberOrNull(value['maxRssBytes']);
    case 'failed':
      return isText(value['message']);
    case 'pooled-task':
      return isPooledTask(value);
    case 'pooled-task-failed':
      return typeof value['task'] === 'number' && isText(value['message']);
    case 'listening':
      return typeof value['port'] === 'number';
    default:
      return false;
  }
}

export function isPooledTask(value: unknown): value is PooledTask {
  return (
    isRecord(value) &&
    typeof value['task'] === 'number' &&
    typeof value['worker'] === 'number' &&
    isText(value['startedNs']) &&
    isText(value['finishedNs']) &&
    isText(value['result'])
  );
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || typeof value === 'number';
}

function isWorkerInfo(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value['index'] === 'number' &&
    isText(value['name']) &&
    typeof value['pid'] === 'number' &&
    isNumberOrNull(value['tid']) &&
    isText(value['kind'])
  );
}
