import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { asError, describeError, WorkerFailure } from './failure.ts';
import { isWorkerMessage } from './messages.ts';
import type { Strategy, StrategyInput } from './strategy.ts';

/** One worker_threads thread per share. */
export const strategy: Strategy = {
  channel: 'memory',
  prepare: (input) =>
    Promise.resolve(async () => {
      await Promise.all(Array.from({ length: input.plan.workers }, (_, index) => runThread(input, index)));
    }),
};

function runThread(input: StrategyInput, index: number): Promise<void> {
  const { plan, programs, collector, startOf, heapLimitMegabytes, endable } = input;
  const name = `worker ${index + 1}`;
  const file = path.join(programs, 'run-thread.cjs');
  const worker = new Worker(file, {
    workerData: startOf(index),
    name,
    ...(heapLimitMegabytes === null
      ? {}
      : { resourceLimits: { maxOldGenerationSizeMb: heapLimitMegabytes } }),
  });
  endable(index, async () => {
    await worker.terminate();
  });
  return new Promise((resolve, reject) => {
    let done = false;
    worker.on('message', (message: unknown) => {
      if (!isWorkerMessage(message)) return;
      if (message.type === 'done') done = true;
      try {
        collector.accept(message);
      } catch (error) {
        reject(asError(error));
      }
    });
    worker.once('error', (error) => {
      // The exit follows and tells the rest.
      if (plan.onWorkerFailure === 'observe') {
        console.error(error);
        collector.taskFailed(index, describeError(error));
      } else {
        reject(asError(error));
      }
    });
    // A thread's last message always comes before its exit event.
    worker.once('exit', (code) => {
      collector.threadExited(index, code);
      if (done || plan.onWorkerFailure === 'observe') resolve();
      else
        reject(new WorkerFailure(index, `${name} ended with exit code ${code} before it had done its share`));
    });
  });
}
