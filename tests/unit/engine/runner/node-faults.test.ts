import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunProgress } from '../../../../src/engine/runner/run.ts';
import { strategiesOf } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from './build-hosts.ts';
import { listRunAfterItsEnd } from './process-list.ts';
import { checksumOf, smallRequest, watchRun, type WatchedRun } from './real-run.ts';

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildHosts({ tasks: fileURLToPath(new URL('node-faults.ts', import.meta.url)) });
});
afterAll(() => hosts.remove());

/** Values of `n`; all are valid for the count-loop whose place this workload takes. */
const fault = { throw: 1, exit: 2, kill: 3, none: 4 };

function start(
  strategy: (typeof strategiesOf.node)[number],
  n: number,
  onWorkerFailure: 'stop' | 'observe',
): WatchedRun {
  const params = { n, rounds: 1 };
  return watchRun(smallRequest(hosts.files, 'node', { strategy, params, tasks: 6, onWorkerFailure }));
}

function exitsOf({ progress }: WatchedRun): string[] {
  return progress
    .flatMap((event: RunProgress) => (event.type === 'worker-exited' ? [event.exit] : []))
    .map(({ code, signal }) => signal ?? String(code));
}

describe.each(strategiesOf.node)('a workload with all that one can have, in %s', (strategy) => {
  it('is prepared, shared, reported and finished', async () => {
    const watched = start(strategy, fault.none, 'stop');
    const outcome = await watched.handle.outcome;
    const results = [0, 1, 2, 3, 4, 5].map((task) => `done ${task + 100}`);
    expect(outcome).toMatchObject({ state: 'finished', checksum: checksumOf(...results), lostTasks: 0 });
    if (outcome.state !== 'finished') return;
    const inMemory = ['serial', 'async', 'threads', 'thread-pool'].includes(strategy);
    expect(outcome.notes.map(({ text }) => text)).toEqual([
      inMemory ? 'prepared for memory' : 'prepared for json',
    ]);
    const names = outcome.metrics.map(({ name }) => name);
    // In a cluster the tasks are requests, and `run` is not called.
    expect(names).toEqual(strategy === 'cluster' ? ['finished'] : ['tasks done', 'finished']);
    expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
  });
});

/** What is lost by each fault in task 1 of 6 on two workers, and how the workers ended. */
const losses = [
  { strategy: 'serial', n: fault.throw, lost: 5, exits: ['1'] },
  { strategy: 'async', n: fault.throw, lost: 1, exits: [] },
  { strategy: 'threads', n: fault.throw, lost: 3, exits: ['0', '1'] },
  { strategy: 'threads', n: fault.exit, lost: 3, exits: ['0', '7'] },
  { strategy: 'processes', n: fault.throw, lost: 3, exits: ['0', '1'] },
  { strategy: 'processes', n: fault.exit, lost: 3, exits: ['0', '7'] },
  { strategy: 'processes', n: fault.kill, lost: 3, exits: ['0', 'SIGKILL'] },
  { strategy: 'thread-pool', n: fault.throw, lost: 1, exits: ['null', 'null'] },
  { strategy: 'thread-pool', n: fault.exit, lost: 1, exits: ['7', 'null', 'null'] },
  { strategy: 'process-pool', n: fault.throw, lost: 1, exits: ['0', '0'] },
  { strategy: 'process-pool', n: fault.exit, lost: 1, exits: ['0', '0', '7'] },
  { strategy: 'process-pool', n: fault.kill, lost: 1, exits: ['0', '0', 'SIGKILL'] },
] as const;

describe.each(losses)('fault $n, observed in $strategy', ({ strategy, n, lost, exits }) => {
  it(`loses ${lost} of 6 tasks and no more`, async () => {
    const watched = start(strategy, n, 'observe');
    const outcome = await watched.handle.outcome;
    expect(outcome).toMatchObject({ state: 'finished', lostTasks: lost });
    if (outcome.state !== 'finished') return;
    const ended = exitsOf(watched).toSorted();
    // A pool that has nothing left to do may end before a worker in reserve has begun.
    if (strategy.endsWith('pool')) for (const exit of ended) expect(exits).toContain(exit);
    else expect(ended).toEqual([...exits].toSorted());
    expect(outcome.cpuSeconds).not.toBeNull();
    expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
  });
});

describe('a cluster', () => {
  it('goes on with the other worker when one dies', async () => {
    const watched = start('cluster', fault.exit, 'observe');
    const outcome = await watched.handle.outcome;
    if (outcome.state !== 'finished') throw new Error(`the run is ${outcome.state}`);
    // A request that was on its way to the worker when it died is lost with it.
    expect([1, 2]).toContain(outcome.lostTasks);
    expect(exitsOf(watched).toSorted()).toEqual(['0', '7']);
  });
});

describe.each(['thread-pool', 'process-pool', 'cluster'] as const)(
  'a worker of %s that exits',
  (strategy) => {
    it('ends the run where nobody observes, and leaves nothing behind', async () => {
      const watched = start(strategy, fault.exit, 'stop');
      expect(await watched.handle.outcome).toMatchObject({
        state: 'failed',
        problem: { kind: 'work-failed', message: expect.stringContaining('exit code 7') as string },
      });
      expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
    });
  },
);
