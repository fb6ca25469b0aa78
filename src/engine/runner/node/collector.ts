import type { WorkerExit } from '../../../shared/experiment-event.ts';
import { type HostEvent, lostResult, type OnWorkerFailure } from '../protocol.ts';
import { type HostLoop, queueEvents, writeEvents } from './event-channel.ts';
import { WorkerFailure } from './failure.ts';
import type { PooledTask, WorkerMessage } from './messages.ts';

/** The host's account of a run: takes the workers' messages, keeps results, passes events on. */
export interface Collector {
  /** Throws where the message is that the worker has failed. */
  accept(message: WorkerMessage): void;
  /** A task that the host itself has begun, or has seen begun. */
  started(task: number, worker: number | null, ns: string): void;
  finished(task: number, worker: number | null, ns: string, result: string): void;
  pooled(task: PooledTask): void;
  /** A task that failed where that is observed: nothing but its result is lost. */
  taskFailed(worker: number | null, message: string): void;
  /** A thread's CPU time is part of its host's. */
  threadExited(index: number, code: number | null): void;
  processExited(exit: WorkerExit): void;
  /**
   * One text per task, in task order, and how many were lost. Throws where a task has none and no worker was
   * allowed to die.
   */
  results(): { readonly texts: readonly string[]; readonly lostTasks: number };
  /** When the last worker was ready, each at its first time; null where none was. */
  lastReadyNs(): bigint | null;
  lastFinishedNs(): bigint | null;
  /**
   * CPU time that workers which are processes have reported of themselves; null where one of them ended without
   * a word.
   */
  workerCpuSeconds(): number | null;
  /**
   * How long a worker did not work for the sake of messages, on average: while it sent results or waited for its next
   * task, and from its last task on until the host had the result. Null where no worker has told of a task.
   */
  messageNs(): number | null;
}

/** What is known of a worker's messages. */
interface WorkerMessages {
  lastFinishedNs: bigint;
  /** When the host had that result. */
  receivedNs: bigint;
  /** Between tasks. */
  betweenNs: number;
}

type ShareMessage = Extract<WorkerMessage, { type: 'share-tasks' }>;

interface ReceivedShare {
  readonly message: ShareMessage;
  readonly receivedNs: bigint;
}

export function createCollector(tasks: number, onWorkerFailure: OnWorkerFailure, loop: HostLoop): Collector {
  const results = new Array<string | null>(tasks).fill(null);
  const readyWorkers = new Set<number>();
  /** Tasks of a pool under way of which that has been told. */
  const startedTasks = new Set<number>();
  let lastReadyNs: bigint | null = null;
  let lastFinishedNs: bigint | null = null;
  let workerCpuSeconds = 0;
  let silentDeaths = 0;
  const messagesOf = new Map<number, WorkerMessages>();
  /** Shares as they came: taking the results out can wait until the run has been measured. */
  let untaken: ReceivedShare[] = [];

  /** What can wait a moment where the loop is free, and nobody is expected to die. */
  function tellSoon(events: readonly HostEvent[]): void {
    if (loop === 'blocked' || onWorkerFailure === 'observe') writeEvents(events);
    else queueEvents(events, loop);
  }

  /** After `startedNs` there was no message until the task was finished. */
  function noteMessages(
    worker: number,
    startedNs: bigint | null,
    finishedNs: bigint,
    sendingNs: number,
    receivedNs: bigint,
  ): void {
    const known = messagesOf.get(worker);
    if (known === undefined) {
      messagesOf.set(worker, { lastFinishedNs: finishedNs, receivedNs, betweenNs: sendingNs });
      return;
    }
    const idleNs = startedNs === null ? 0 : Number(startedNs - known.lastFinishedNs);
    known.betweenNs += Math.max(0, idleNs) + sendingNs;
    known.lastFinishedNs = finishedNs;
    known.receivedNs = receivedNs;
  }

  function noteFinish(finishedNs: bigint): void {
    if (lastFinishedNs === null || finishedNs > lastFinishedNs) lastFinishedNs = finishedNs;
  }

  function acceptShare(message: ShareMessage): void {
    untaken.push({ message, receivedNs: process.hrtime.bigint() });
    const { type, ns, worker, lengthsNs, firstTask, taskStep, firstIsTold, nextIsStarted } = message;
    const event = { type, ns, worker, lengthsNs, firstTask, taskStep, firstIsTold, nextIsStarted };
    if (onWorkerFailure === 'observe') writeEvents([event]);
    else queueEvents([event], loop);
  }

  function takeShares(): void {
    for (const { message, receivedNs } of untaken) {
      const { worker, ns, firstTask, taskStep, lengthsNs, results: texts, sendingNs } = message;
      const isWhole = texts.length === lengthsNs.length && lengthsNs.every(Number.isInteger);
      if (!isWhole) throw new Error(`worker ${worker + 1} has told what makes no sense of its tasks`);
      const wholeNs = lengthsNs.reduce((sum, lengthNs) => sum + lengthNs, 0);
      const finishedNs = BigInt(ns) + BigInt(wholeNs);
      noteMessages(worker, null, finishedNs, sendingNs, receivedNs);
      noteFinish(finishedNs);
      let task = firstTask;
      for (const text of texts) {
        results[task] = text;
        task += taskStep;
      }
    }
    untaken = [];
  }

  function accept(message: WorkerMessage): void {
    switch (message.type) {
      case 'ready': {
        const { ns, worker, firstTask } = message;
        if (!readyWorkers.has(worker.index)) {
          readyWorkers.add(worker.index);
          const readyNs = BigInt(ns);
          if (lastReadyNs === null || readyNs > lastReadyNs) lastReadyNs = readyNs;
        }
        tellSoon([
          { type: 'worker-ready', ns, worker },
          ...(firstTask === null
            ? []
            : [{ type: 'task-started', ns, task: firstTask, worker: worker.index } as const]),
        ]);
        break;
      }
      case 'share-tasks':
        acceptShare(message);
        break;
      case 'task-started':
        // In a thread pool it goes by another way than the result, which can overtake it.
        if (results[message.task] !== null) break;
        startedTasks.add(message.task);
        tellSoon([message]);
        break;
      case 'metric':
      case 'note':
      case 'mark':
        writeEvents([message]);
        break;
      case 'done':
        workerCpuSeconds += message.cpuSeconds ?? 0;
        break;
      case 'pooled-task':
        pooled(message);
        break;
      case 'failed':
      case 'pooled-task-failed':
        throw new WorkerFailure(message.worker, `worker ${message.worker + 1} failed: ${message.message}`);
      case 'listening':
        break;
    }
  }

  function started(task: number, worker: number | null, ns: string): void {
    queueEvents([{ type: 'task-started', ns, task, worker }], loop);
  }

  function finished(task: number, worker: number | null, ns: string, result: string): void {
    results[task] = result;
    noteFinish(BigInt(ns));
    queueEvents([{ type: 'task-finished', ns, task, worker }], loop);
  }

  function pooled({ task, worker, startedNs, finishedNs, result }: PooledTask): void {
    noteMessages(worker, BigInt(startedNs), BigInt(finishedNs), 0, process.hrtime.bigint());
    if (!startedTasks.delete(task)) started(task, worker, startedNs);
    finished(task, worker, finishedNs, result);
  }

  /** In the queue, for what the worker has done may wait there: its exit comes last. */
  function writeExit(exit: WorkerExit): void {
    queueEvents([{ type: 'worker-exited', ns: String(process.hrtime.bigint()), ...exit }], loop);
  }

  return {
    accept,
    started,
    finished,
    pooled,
    taskFailed(worker, message) {
      const name = worker === null ? 'a worker' : `worker ${worker + 1}`;
      writeEvents([
        { type: 'note', ns: String(process.hrtime.bigint()), text: `${name}: ${message}`, worker },
      ]);
    },
    threadExited(index, code) {
      writeExit({ index, pid: process.pid, code, signal: null, cpuSeconds: null, maxRssBytes: null });
    },
    processExited(exit) {
      if (exit.cpuSeconds === null) silentDeaths += 1;
      writeExit(exit);
    },
    results() {
      takeShares();
      const missing = results.indexOf(null);
      if (missing !== -1 && onWorkerFailure === 'stop') throw new Error(`task ${missing} has no result`);
      return {
        texts: results.map((result) => result ?? lostResult),
        lostTasks: results.filter((result) => result === null).length,
      };
    },
    lastReadyNs: () => lastReadyNs,
    lastFinishedNs() {
      takeShares();
      return lastFinishedNs;
    },
    workerCpuSeconds: () => (silentDeaths === 0 ? workerCpuSeconds : null),
    messageNs() {
      takeShares();
      if (messagesOf.size === 0) return null;
      const sums = [...messagesOf.values()].map(
        ({ lastFinishedNs, receivedNs, betweenNs }) => betweenNs + Number(receivedNs - lastFinishedNs),
      );
      return Math.round(sums.reduce((sum, ns) => sum + ns, 0) / sums.length);
    },
  };
}
