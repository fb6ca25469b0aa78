import { describeError, showError } from './failure.ts';
import type { Strategy } from './strategy.ts';
import { loadWork } from './work.ts';
import { createWorker } from './worker.ts';

/** All tasks, one after the other, on the host's main thread: what the others are compared with. */
export const strategy: Strategy = {
  channel: 'memory',
  async prepare({ plan, collector, startOf }) {
    const work = await loadWork(plan);
    const worker = createWorker(work, startOf(0), 'main', (message) => collector.accept(message));
    return async () => {
      try {
        await worker.doShare();
      } catch (error) {
        if (plan.onWorkerFailure === 'stop') throw error;
        showError(error);
        collector.taskFailed(0, describeError(error));
        collector.threadExited(0, 1);
      }
    };
  },
};
