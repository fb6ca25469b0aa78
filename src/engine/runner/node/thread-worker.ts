import { parentPort, workerData } from 'node:worker_threads';
import { describeError, showError } from './failure.ts';
import type { WorkerMessage } from './messages.ts';
import { writeOutputAtOnce } from './standard-output.ts';
import { loadWork } from './work.ts';
import { createWorker } from './worker.ts';
import { runWorker } from './worker-main.ts';
import { isWorkerStart } from './worker-start.ts';

/** Entry of a worker thread. */
const start: unknown = workerData;
const port = parentPort;
if (port === null || !isWorkerStart(start)) throw new Error('run-thread.cjs is started by run-host.js only');
writeOutputAtOnce('thread');
const send = (message: WorkerMessage): void => port.postMessage(message);
runWorker(async () => {
  try {
    await createWorker(await loadWork(start.plan), start, 'thread', send).doShare();
    send({ type: 'done', worker: start.index, cpuSeconds: null, maxRssBytes: null });
  } catch (error) {
    // Where deaths are observed, the thread dies of it as it would anywhere.
    if (start.plan.onWorkerFailure === 'observe') throw error;
    showError(error);
    send({ type: 'failed', worker: start.index, message: describeError(error) });
  }
});
