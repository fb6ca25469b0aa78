import { BroadcastChannel, threadId, workerData } from 'node:worker_threads';
import { asError } from './failure.ts';
import type { PooledTask } from './messages.ts';
import { isPoolStart, poolChannelName, type PoolStart } from './pool-start.ts';
import { writeOutputAtOnce } from './standard-output.ts';
import { loadWork } from './work.ts';
import { createWorker, type Worker } from './worker.ts';

/** What a thread of tinypool's calls for every task. Tinypool puts its own data before ours. */
const data: unknown = workerData;
const start: unknown = Array.isArray(data) ? data[1] : undefined;
if (!isPoolStart(start)) throw new Error('run-pool-thread.js is started by run-host.js only');
writeOutputAtOnce('thread');

/** Told by the first task: an error while it loads would only make the pool start the thread anew. */
const worker = await prepareWorker(start).catch(asError);

export default function doTask(task: number): Promise<PooledTask> {
  if (worker instanceof Error) return Promise.reject(worker);
  return worker.doTask(task);
}

async function prepareWorker(common: PoolStart): Promise<Worker> {
  const index = Atomics.add(common.nextIndex, 0, 1);
  const channel = new BroadcastChannel(poolChannelName);
  channel.unref();
  channel.postMessage({ thread: threadId, index });
  const work = await loadWork(common.plan);
  const prepared = createWorker(work, { ...common, index }, 'thread', (message) =>
    channel.postMessage(message),
  );
  prepared.ready(null);
  return prepared;
}
