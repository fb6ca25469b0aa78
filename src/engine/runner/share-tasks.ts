import { type HostEvent, mostTasksPerMessage } from './protocol.ts';

type ShareTasks = Extract<HostEvent, { type: 'share-tasks' }>;

export interface ToldTask {
  readonly type: 'task-started' | 'task-finished';
  readonly task: number;
  readonly worker: number;
  /** After the `ns` of the event. */
  readonly afterNs: number;
}

/** What happened in a share, in order: each task ends when the next one begins. */
export function* expandShareTasks(event: ShareTasks): Generator<ToldTask> {
  const { worker, firstTask, taskStep, lengthsNs, firstIsTold, nextIsStarted } = event;
  let task = firstTask;
  let afterNs = 0;
  for (const [index, lengthNs] of lengthsNs.entries()) {
    if (index > 0 || !firstIsTold) yield { type: 'task-started', task, worker, afterNs };
    afterNs += lengthNs;
    yield { type: 'task-finished', task, worker, afterNs };
    task += taskStep;
  }
  if (nextIsStarted) yield { type: 'task-started', task, worker, afterNs };
}

/** The same as several events where it has more tasks than one may have. */
export function* splitShareTasks(event: ShareTasks): Generator<ShareTasks> {
  const { lengthsNs, firstTask, taskStep } = event;
  let ns = BigInt(event.ns);
  for (let from = 0; from < lengthsNs.length; from += mostTasksPerMessage) {
    const part = lengthsNs.slice(from, from + mostTasksPerMessage);
    const isLast = from + part.length === lengthsNs.length;
    yield {
      ...event,
      ns: String(ns),
      lengthsNs: part,
      firstTask: firstTask + from * taskStep,
      firstIsTold: from > 0 || event.firstIsTold,
      nextIsStarted: !isLast || event.nextIsStarted,
    };
    ns += BigInt(part.reduce((sum, lengthNs) => sum + lengthNs, 0));
  }
}
