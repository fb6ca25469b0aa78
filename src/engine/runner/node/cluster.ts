import cluster from 'node:cluster';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createChildWorkers, describeEnd } from './child-workers.ts';
import { WorkerFailure } from './failure.ts';
import type { Strategy, StrategyInput } from './strategy.ts';
import { createTaskQueue, drain } from './task-queue.ts';
import { loadWork, type Work } from './work.ts';
import { createWorker } from './worker.ts';
import { packStart } from './worker-start.ts';

/**
 * The end of a process is known some milliseconds after its connections break, or when its channel is given up
 * (child-workers.ts, 300 ms): this must be longer. More delays a plain failure.
 */
const causeGraceMs = 1_000;

/**
 * A connection that node:cluster hands to a worker just as it dies is answered by nobody and never closed. Longer
 * delays the end of a run with a dead worker; shorter would give up requests that another worker has.
 */
const lostRequestMs = 1_000;

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
  cluster.setupPrimary({ exec: path.join(programs, 'run-cluster.cjs'), args: [packStart(startOf(0))] });
  const requester = createWorker(work, startOf(0), 'main', (message) => collector.accept(message));
  const inFlight = new Set<() => void>();
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
      if (end.done === null) for (const giveUp of inFlight) setTimeout(giveUp, lostRequestMs).unref();
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
        const answer = serve.request(plan.params, requester.contextFor(task), port);
        const result = await withdrawable(answer, inFlight);
        collector.finished(task, null, String(process.hrtime.bigint()), result);
      } catch (error) {
        // A request breaks off because its worker has died: how it died, known in a moment, says more.
        if (plan.onWorkerFailure === 'stop') {
          await Promise.race([allEnded, delay(causeGraceMs)]);
          throw error;
        }
        console.error(error);
      }
    });
    for (const { child } of forks) if (child.connected) child.send({ type: 'end' }, () => undefined);
  };
  await Promise.all([allEnded, requests()]);
}

/** Rejects when the function that it puts into `inFlight` is called before there is an answer. */
async function withdrawable(answer: Promise<string>, inFlight: Set<() => void>): Promise<string> {
  let giveUp = (): void => undefined;
  const withdrawn = new Promise<never>((_, reject) => {
    giveUp = () => reject(new Error('no answer since a worker died'));
  });
  inFlight.add(giveUp);
  try {
    return await Promise.race([answer, withdrawn]);
  } finally {
    inFlight.delete(giveUp);
  }
}

/** Tells a worker which one it is: all have the same arguments. */
export const clusterIndexVariable = 'CORESCOPE_CLUSTER_INDEX';
