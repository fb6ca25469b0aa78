import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { BroadcastChannel } from 'node:worker_threads';
import { Tinypool } from 'tinypool';
import { asError, describeError, WorkerFailure } from './failure.ts';
import { isPooledTask, isWorkerMessage } from './messages.ts';
import { poolChannelName, type PoolStart } from './pool-start.ts';
import type { Strategy, StrategyInput } from './strategy.ts';
import { createTaskQueue, drain } from './task-queue.ts';

/** Tinypool's threads, as many as workers, which take one task after the other out of one queue. */
export const strategy: Strategy = {
  channel: 'memory',
  prepare: (input) => Promise.resolve(() => runPool(input)),
};

async function runPool(input: StrategyInput): Promise<void> {
  const { plan, programs, collector, startOf, heapLimitMegabytes, endable } = input;
  // Tinypool gives all its workers the same start: each takes the next number as its index.
  const nextIndex = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const start: PoolStart = { ...startOf(0), nextIndex };
  // A port of tinypool's own carries tasks and results only, so events have a channel beside it.
  const channel = new BroadcastChannel(poolChannelName);
  const pool = new Tinypool({
    filename: path.join(programs, 'run-pool-thread.js'),
    minThreads: plan.workers,
    maxThreads: plan.workers,
    workerData: start,
    ...(heapLimitMegabytes === null
      ? {}
      : { resourceLimits: { maxOldGenerationSizeMb: heapLimitMegabytes } }),
  });
  const indexOfThread = new Map<number, number>();
  const watched = new Set<Tinypool['threads'][number]>();
  const failures: Error[] = [];
  let destroyed = false;

  function accept(data: unknown): void {
    if (!isWorkerMessage(data)) return;
    try {
      collector.accept(data);
    } catch (error) {
      failures.push(asError(error));
    }
  }

  /** Tinypool hears of errors only: a thread that ends itself would be waited for for ever. */
  function watchThreads(): void {
    for (const thread of pool.threads) {
      if (watched.has(thread)) continue;
      watched.add(thread);
      let broken = false;
      thread.on('error', () => {
        broken = true;
      });
      thread.on('exit', (code: unknown) => {
        // What the pool ends itself has no exit code of its own.
        const own = broken || !destroyed;
        const index = indexOfThread.get(thread.threadId);
        if (index !== undefined) collector.threadExited(index, own && typeof code === 'number' ? code : null);
        if (destroyed || broken) return;
        const name = index === undefined ? 'a worker' : `worker ${index + 1}`;
        thread.emit('error', new WorkerFailure(index ?? 0, `${name} ended with exit code ${String(code)}`));
        watchThreads();
      });
    }
  }

  async function doTask(task: number): Promise<void> {
    try {
      const done: unknown = await pool.run(task);
      if (!isPooledTask(done)) throw new Error(`task ${task} came back damaged`);
      collector.pooled(done);
    } catch (error) {
      if (plan.onWorkerFailure === 'stop') throw failed(error, task);
      console.error(`task ${task} failed: ${describeError(error)}`);
      collector.taskFailed(null, `task ${task} failed: ${describeError(error)}`);
    }
    watchThreads();
  }

  channel.onmessage = ({ data }: { data: unknown }) => {
    if (isThreadReady(data)) {
      indexOfThread.set(data.thread, data.index);
      endable(data.index, async () => {
        await pool.threads.find(({ threadId }) => threadId === data.thread)?.terminate();
      });
      watchThreads();
    } else {
      accept(data);
    }
  };
  // A thread that dies between two tasks is replaced; nothing was lost.
  pool.on('error', (error) => console.error(error));
  watchThreads();
  try {
    // All at once: the queue is the library's.
    await drain(createTaskQueue(plan.tasks), plan.tasks, doTask);
  } finally {
    destroyed = true;
    await pool.destroy();
    // What the threads said last was sent before their end; it is taken in the next turn at the latest.
    await nextTurn();
    channel.close();
  }
  const [failure] = failures;
  if (failure !== undefined) throw failure;
}

function failed(error: unknown, task: number): Error {
  // Errors cross threads as copies, without their class.
  if (error instanceof WorkerFailure) return error;
  return new Error(`task ${task} failed: ${describeError(error)}`);
}

function isThreadReady(data: unknown): data is { thread: number; index: number } {
  return (
    typeof data === 'object' &&
    data !== null &&
    'thread' in data &&
    typeof data.thread === 'number' &&
    'index' in data &&
    typeof data.index === 'number'
  );
}
