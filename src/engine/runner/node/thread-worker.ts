import { parentPort } from 'node:worker_threads';
import { readPlan } from '../protocol.ts';
import { describeError, doShare } from './share.ts';

/** Entry of a worker thread: `argv` is the plan's line and the worker's index. */
const [planLine, index] = process.argv.slice(2);
const port = parentPort;
if (port === null || planLine === undefined || index === undefined) {
  throw new Error('run-thread.js is started by run-host.js only');
}
try {
  await doShare(readPlan(planLine), Number(index), (message) => port.postMessage(message));
  port.postMessage({ type: 'done', cpuSeconds: 0 });
} catch (error) {
  console.error(error);
  port.postMessage({
    type: 'failed',
    message: `worker ${Number(index) + 1} failed: ${describeError(error)}`,
  });
}
