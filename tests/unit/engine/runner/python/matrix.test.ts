import { describe, expect, it } from 'vitest';
import { checksumOf, eventsOf, finishOf, python, runHost, ways } from './python-host.ts';

const tasks = 5;
const workloads = [
  {
    workloadId: 'count-loop',
    params: { n: 1_000, rounds: 1 },
    checksum: checksumOf(...Array.from({ length: tasks }, () => '499500')),
  },
  {
    workloadId: 'sleep',
    params: { seconds: 0.002 },
    checksum: checksumOf(...Array.from({ length: tasks }, (_, task) => `greeting from - t${task + 1}`)),
  },
];

const matrix = workloads.flatMap((workload) => ways.map((way) => ({ ...workload, ...way })));

describe.skipIf(python === null)('the Python host runs', () => {
  it.each(matrix)('$workloadId as $strategy ($startMethod)', async ({ checksum, ...plan }) => {
    const { strategy } = plan;
    const run = await runHost({ ...plan, tasks });
    const finished = finishOf(run);
    const oneWorker = strategy === 'serial' || strategy === 'asyncio';
    expect(finished).toMatchObject({ checksum, lostTasks: 0, workers: oneWorker ? 1 : 2 });
    expect(run).toMatchObject({ code: 0, signal: null, errors: '', leftProcesses: [], leftFiles: [] });

    // What the host writes by itself comes in order; each worker's events are in order among themselves.
    const types = run.events.map(({ type }) => type);
    expect(types.slice(0, 2)).toEqual(['ready', 'started']);
    expect(types.at(-1)).toBe('finished');
    const [started] = eventsOf(run, 'started');
    for (const { ns } of run.events.slice(2, -1)) {
      expect(ns).toBeGreaterThanOrEqual(started?.ns ?? 0n);
      expect(ns).toBeLessThanOrEqual(finished.ns);
    }
    const workers = eventsOf(run, 'worker-ready').map(({ worker }) => worker);
    const told = new Map(workers.map(({ index }) => [index, ['ready']]));
    for (const event of run.events) {
      if (event.type === 'task-started') told.get(event.worker)?.push(`start ${event.task}`);
      if (event.type === 'task-finished') told.get(event.worker)?.push(`end ${event.task}`);
    }
    for (let task = 0; task < tasks; task += 1) {
      const words = [...told.values()].find((some) => some.includes(`start ${task}`)) ?? [];
      expect(words.indexOf(`end ${task}`)).toBeGreaterThan(words.indexOf(`start ${task}`));
    }
    expect(
      eventsOf(run, 'task-finished')
        .map(({ task }) => task)
        .toSorted(),
    ).toEqual([0, 1, 2, 3, 4]);

    // The loop of a hybrid is a worker only where it does the tasks itself.
    const loopWorks = strategy === 'hybrid' && plan.workloadId === 'sleep';
    expect(workers.map(({ name }) => name).toSorted()).toEqual([
      ...(loopWorks ? ['event loop'] : []),
      'worker 1',
      ...(oneWorker ? [] : ['worker 2']),
    ]);

    // Those that are no main thread come to an end which is told.
    const exits = eventsOf(run, 'worker-exited');
    expect(exits.map(({ index }) => index).toSorted()).toEqual(oneWorker ? [] : [0, 1]);
    for (const { code, signal, index, pid, cpuSeconds } of exits) {
      expect({ code, signal }).toEqual({ code: 0, signal: null });
      expect(pid).toBe(workers.find((worker) => worker.index === index)?.pid);
      if (plan.startMethod !== null) expect(cpuSeconds).toBeGreaterThan(0);
    }
    expect(finished.wallNs).toBe(finished.startupNs + finished.workNs + finished.tearDownNs);
  });

  it('shares, worker after worker in turns', async () => {
    const shares = finishedBy(await runHost({ strategy: 'processes', startMethod: 'fork' }));
    expect(shares).toEqual([
      [0, 2, 4],
      [1, 3],
    ]);
  });

  it.each(['thread-pool', 'process-pool', 'hybrid'])(
    '%s with as many workers as were asked for',
    async (strategy) => {
      // One task of no length: an executor left to itself would start one worker.
      const run = await runHost({ strategy, tasks: 1, workers: 3, params: { n: 1, rounds: 1 } });
      expect(
        eventsOf(run, 'worker-ready')
          .map(({ worker }) => worker.index)
          .toSorted(),
      ).toEqual([0, 1, 2]);
    },
  );

  it('asyncio with all tasks at once, or with as many as there are places', async () => {
    const plan = { strategy: 'asyncio', workloadId: 'sleep', params: { seconds: 0.01 }, tasks: 4 };
    expect(mostUnderWay(await runHost({ ...plan, workers: 1 }))).toBe(4);
    expect(mostUnderWay(await runHost({ ...plan, workers: 2 }))).toBe(2);
  });
});

/** Task numbers by worker, in the order in which they were finished. */
function finishedBy(run: Awaited<ReturnType<typeof runHost>>): number[][] {
  const byWorker: number[][] = [];
  for (const { worker, task } of eventsOf(run, 'task-finished')) (byWorker[worker] ??= []).push(task);
  return byWorker;
}

function mostUnderWay(run: Awaited<ReturnType<typeof runHost>>): number {
  let [now, most] = [0, 0];
  for (const { type } of run.events.toSorted((a, b) => (a.ns < b.ns ? -1 : 1))) {
    if (type === 'task-started') now += 1;
    if (type === 'task-finished') now -= 1;
    most = Math.max(most, now);
  }
  return most;
}
