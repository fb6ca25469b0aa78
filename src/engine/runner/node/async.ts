import { describeError, showError } from './failure.ts';
import type { Strategy } from './strategy.ts';
import { createTaskQueue, drain } from './task-queue.ts';
import { loadWork } from './work.ts';
import { createWorker } from './worker.ts';

/**
 * All tasks on the host's event loop, started at once; with more than one worker asked for, no more than that
 * many are under way at a time. Work that never waits gains nothing: it runs as in serial.
 */
export const strategy: Strategy = {
  channel: 'memory',
  async prepare({ plan, collector, startOf }) {
    const work = await loadWork(plan);
    const worker = createWorker(work, startOf(0), 'main', (message) => collector.accept(message));
    const lanes = plan.workers === 1 ? plan.tasks : plan.workers;

    async function doTask(task: number): Promise<void> {
      collector.started(task, 0, String(process.hrtime.bigint()));
      try {
        const result = await work.run(work.params, worker.contextFor(task));
        collector.finished(task, 0, String(process.hrtime.bigint()), result);
      } catch (error) {
        if (plan.onWorkerFailure === 'stop') throw error;
        showError(error);
        collector.taskFailed(0, describeError(error));
      }
    }
    return () => {
      worker.ready(null);
      return drain(createTaskQueue(plan.tasks), lanes, doTask);
    };
  },
};
