import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { isShareMessage } from './share.ts';
import { type Strategy, type StrategyInput } from './strategy.ts';

/** One worker_threads thread per share. */
export const runThreads: Strategy = async (input) => {
  const joined = Array.from({ length: input.plan.workers }, (_, index) => runThread(input, index));
  await Promise.all(joined);
};

function runThread({ planLine, folder, collector }: StrategyInput, index: number): Promise<void> {
  const name = `worker ${index + 1}`;
  const worker = new Worker(path.join(folder, 'run-thread.js'), { argv: [planLine, String(index)], name });
  return new Promise((resolve, reject) => {
    let done = false;
    worker.on('message', (message: unknown) => {
      if (!isShareMessage(message)) return;
      if (message.type === 'done') done = true;
      try {
        collector.accept(message);
      } catch (error) {
        reject(asError(error));
      }
    });
    worker.once('error', (error) => reject(asError(error)));
    // A thread's last message always comes before its exit event.
    worker.once('exit', (code) => {
      if (done) resolve();
      else reject(new Error(`${name} ended with exit code ${code} before it had done its share`));
    });
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
