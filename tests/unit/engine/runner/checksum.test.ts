import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workloads } from '../../../../src/engine/workloads/index.ts';
import type { RunProgress } from '../../../../src/engine/runner/run.ts';
import type { WorkloadDescription, WorkloadParams } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from './build-hosts.ts';
import { listRunAfterItsEnd } from './process-list.ts';
import { availableWays, checksumOf, run, smallRequest, watchRun } from './real-run.ts';

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildHosts();
});
afterAll(() => hosts.remove());

const tasks = 5;

/** The least of every number, the default of every choice: what a workload does, as little of it as can be. */
function tinyParams(workload: WorkloadDescription): WorkloadParams {
  return Object.fromEntries(
    workload.parameters.map((parameter) => [
      parameter.name,
      parameter.type === 'number' ? parameter.min : parameter.defaults.node,
    ]),
  );
}

/** Workloads that fail on purpose have tests of their own. */
const matrix = workloads
  .filter(({ id, kind }) => kind !== 'fault' && id !== 'deadlock')
  .flatMap((workload) => availableWays(workload).map((way) => ({ workload, ...way })));

/** The checksum of the first way of each workload that ran; all others must compute the same. */
const checksums = new Map<string, string>();

describe.each(matrix)('$workload.id in $runtime, $strategy', ({ workload, runtime, strategy }) => {
  it('computes what every way computes, tells of each task once, and leaves nothing behind', async () => {
    const watched = watchRun(
      smallRequest(hosts.files, runtime, {
        strategy,
        workloadId: workload.id,
        params: tinyParams(workload),
        tasks,
      }),
    );
    const outcome = await watched.handle.outcome;
    if (outcome.state !== 'finished') throw new Error(JSON.stringify(outcome));
    const expected = checksums.get(workload.id) ?? outcome.checksum;
    checksums.set(workload.id, expected);
    expect(outcome.checksum).toBe(expected);
    expect(outcome.lostTasks).toBe(0);

    const tasksOf = (type: RunProgress['type']): number[] =>
      watched.progress.flatMap((event) => (event.type === type && 'task' in event ? [event.task] : []));
    expect(tasksOf('task-started').toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(tasksOf('task-finished').toSorted()).toEqual([0, 1, 2, 3, 4]);
    expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
  });
});

describe.each(availableWays(workloads[0] ?? neverEmpty()))(
  'in $runtime, $strategy',
  ({ runtime, strategy }) => {
    it('count-loop gives the exact sums, in task order', async () => {
      const outcome = await run(
        smallRequest(hosts.files, runtime, { strategy, tasks, params: { n: 100_000, rounds: 3 } }),
      );
      const sum = '14999850000';
      expect(outcome).toMatchObject({ state: 'finished', checksum: checksumOf(sum, sum, sum, sum, sum) });
    });

    it('tells of more short tasks than fit into one event each once, and none of a worker after its exit', async () => {
      const many = 2_500;
      const watched = watchRun(
        smallRequest(hosts.files, runtime, { strategy, tasks: many, params: { n: 3, rounds: 1 } }),
      );
      const sums = new Array<string>(many).fill('3');
      expect(await watched.handle.outcome).toMatchObject({
        state: 'finished',
        checksum: checksumOf(...sums),
      });
      const open = new Set<number>();
      const done = new Set<number>();
      const gone = new Set<number | null>();
      for (const event of watched.progress) {
        if (event.type === 'task-started') open.add(event.task);
        if (event.type === 'task-finished' && open.delete(event.task)) done.add(event.task);
        if (event.type === 'worker-exited') gone.add(event.exit.index);
        if ('task' in event) expect(gone).not.toContain(event.worker);
      }
      expect({ open: open.size, done: done.size }).toEqual({ open: 0, done: many });
    });

    it('sleep gives the greetings, in task order', async () => {
      const outcome = await run(
        smallRequest(hosts.files, runtime, {
          strategy,
          workloadId: 'sleep',
          params: { seconds: 0.01 },
          tasks: 3,
        }),
      );
      const greetings = ['greeting from - t1', 'greeting from - t2', 'greeting from - t3'];
      expect(outcome).toMatchObject({ state: 'finished', checksum: checksumOf(...greetings) });
    });
  },
);

function neverEmpty(): never {
  throw new Error('the catalogue is empty');
}
