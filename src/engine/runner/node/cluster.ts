import cluster from 'node:cluster';
import path from 'node:path';
import { createChildWorkers, describeEnd } from './child-workers.ts';
import { WorkerFailure } from './failure.ts';
import { type Strategy, type StrategyInput } from './strategy.ts';
import { createTaskQueue, drain } from './task-queue.ts';
import { loadWork, type Work } from './work.ts';
import { createWorker } from './worker.ts';
import { packStart } from './worker-start.ts';

/** Forked workers that share one port; the host sends the requests, as many at a time as there are workers. */
export const strategy: Strategy = {
  channel: 'json',
  async prepare(input) {
    const work = await loadWork(input.plan);
    const children = createChildWorkers(input.collector);
    return async () => {
      try {
        await runCluster(input, work, children);
      } catch (error) {
        await children.endAll();
        throw error;
      }
    };
  },
};

async function runCluster(
  input: StrategyInput,
  work: Work,
  children: ReturnType<typeof createChildWorkers>,
): Promise<void> {
  const { plan, programs, collector, startOf } = input;
  const serve = work.workload?.serve;
  if (serve === undefined) throw new Error(`workload "${plan.workloadId}" serves no port`);
  cluster.setupPrimary({ exec: path.join(programs, 'run-cluster.js'), args: [packStart(startOf(0))] });
  const requester = createWorker(work, startOf(0), 'main', (message) => collector.accept(message));
  const forks = Array.from({ length: plan.workers }, (_, index) => {
    const { process: child } = cluster.fork({ [clusterIndexVariable]: String(index) });
    let listening: (port: number | null) => void = () => undefined;
    const port = new Promise<number | null>((resolve) => {
      listening = resolve;
    });
    const ended = children.follow(child, index, (message) => {
      if (message.type === 'listening') listening(message.port);
      else collector.accept(message);
    });
    // One that dies early must not be waited for.
    const checked = ended.then((end) => {
      listening(null);
      if (end.done !== null || plan.onWorkerFailure === 'observe') return;
      throw new WorkerFailure(
        index,
        `worker ${index + 1} (pid ${end.pid}) ended with ${describeEnd(end)} before the requests were done`,
      );
    });
    return { child, port, ended: checked };
  });
  const allEnded = Promise.all(forks.map(({ ended }) => ended));
  const requests = async (): Promise<void> => {
    const ports = await Promise.all(forks.map(({ port }) => port));
    const port = ports.find((known) => known !== null) ?? null;
    if (port === null) return;
    await drain(createTaskQueue(plan.tasks), plan.workers, async (task) => {
      // Which worker answers is between the kernel and node:cluster.
      collector.started(task, null, String(process.hrtime.bigint()));
      try {
        const result = await serve.request(plan.params, requester.contextFor(task), port);
        collector.finished(task, null, String(process.hrtime.bigint()), result);
      } catch (error) {
        if (plan.onWorkerFailure === 'stop') throw error;
        console.error(error);
      }
    });
    for (const { child } of forks) if (child.connected) child.send({ type: 'end' }, () => undefined);
  };
  await Promise.all([allEnded, requests()]);
}

/** Tells a worker which one it is: all have the same arguments. */
export const clusterIndexVariable = 'CORESCOPE_CLUSTER_INDEX';
