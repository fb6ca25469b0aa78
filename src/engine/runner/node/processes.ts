import { fork } from 'node:child_process';
import path from 'node:path';
import { createChildWorkers, describeEnd, endChildren, heapLimit } from './child-workers.ts';
import { WorkerFailure } from './failure.ts';
import type { Strategy } from './strategy.ts';
import { packStart } from './worker-start.ts';

/** One child_process.fork per share. */
export const strategy: Strategy = {
  channel: 'json',
  prepare({ plan, programs, collector, startOf, heapLimitMegabytes, endable }) {
    const children = createChildWorkers(collector);
    const file = path.join(programs, 'run-process.cjs');

    async function runProcess(index: number): Promise<void> {
      const child = fork(file, [packStart(startOf(index))], heapLimit(heapLimitMegabytes));
      endable(index, () => endChildren([child]));
      const end = await children.follow(child, index, (message) => collector.accept(message));
      if (end.done !== null || plan.onWorkerFailure === 'observe') return;
      throw new WorkerFailure(
        index,
        `worker ${index + 1} (pid ${end.pid}) ended with ${describeEnd(end)} before it had done its share`,
      );
    }
    return Promise.resolve(async () => {
      try {
        await Promise.all(Array.from({ length: plan.workers }, (_, index) => runProcess(index)));
      } catch (error) {
        await children.endAll();
        throw error;
      }
    });
  },
};
