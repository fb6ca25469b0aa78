import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunOutcome } from '../../../../src/engine/runner/run.ts';
import type { CatalogueRuntime, StrategyId } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from '../runner/build-hosts.ts';
import { listRunAfterItsEnd } from '../runner/process-list.ts';
import { availableRuntimes, checksumOf, run, smallRequest, watchRun } from '../runner/real-run.ts';

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildHosts();
});
afterAll(() => hosts.remove());

const ways: readonly { readonly runtime: CatalogueRuntime; readonly strategy: StrategyId }[] = [
  { runtime: 'node', strategy: 'threads' } as const,
  { runtime: 'node', strategy: 'thread-pool' } as const,
  { runtime: 'python', strategy: 'threads' } as const,
  { runtime: 'python', strategy: 'processes' } as const,
  { runtime: 'python', strategy: 'process-pool' } as const,
].filter(({ runtime }) => availableRuntimes.includes(runtime));

function figuresOf(outcome: RunOutcome, name: string): number[] {
  if (outcome.state !== 'finished') throw new Error(JSON.stringify(outcome));
  return outcome.metrics.filter((metric) => metric.name === name).map(({ value }) => value);
}

/** Some 0.3 s a task: workers that start one after the other still meet. */
const increments = { node: 60_000_000, python: 2_000_000 };

describe.each(ways)('in $runtime, $strategy', ({ runtime, strategy }) => {
  // Whether two of them meet is up to the machine.
  it(
    'an unlocked counter loses updates, and its checksum tells what was intended',
    { retry: 5 },
    async () => {
      const count = increments[runtime];
      const params = { increments: count };
      const outcome = await run(
        smallRequest(hosts.files, runtime, { workloadId: 'counter-race', strategy, params }),
      );
      expect(outcome).toMatchObject({
        state: 'finished',
        checksum: checksumOf(String(count), String(count)),
      });
      const [lost = 0] = figuresOf(outcome, 'lost updates');
      expect(lost).toBeGreaterThan(0);
      expect(figuresOf(outcome, 'lost share')).toEqual([lost / (2 * count)]);
    },
  );

  it('a locked counter loses nothing, and each task tells what an increment costs', async () => {
    const params = { increments: 100_000 };
    const outcome = await run(
      smallRequest(hosts.files, runtime, { workloadId: 'counter-lock', strategy, params, tasks: 3 }),
    );
    expect(outcome).toMatchObject({ checksum: checksumOf('100000', '100000', '100000') });
    expect(figuresOf(outcome, 'lost updates')).toEqual([0]);
    const costs = figuresOf(outcome, 'cost per increment');
    expect(costs).toHaveLength(3);
    for (const cost of costs) expect(cost).toBeGreaterThan(0);
  });

  it('a pipeline passes every item once, and never holds more than it has room for', async () => {
    const params = { items: 500, capacity: 3, produceSteps: 10, consumeSteps: 10 };
    const watched = watchRun(
      smallRequest(hosts.files, runtime, { workloadId: 'pipeline', strategy, params, tasks: 3 }),
    );
    const outcome = await watched.handle.outcome;
    expect(outcome).toMatchObject({ checksum: checksumOf('124750', '124750', '124750') });
    const lengths = figuresOf(outcome, 'mean queue length');
    expect(lengths).toHaveLength(3);
    for (const length of lengths) expect(length).toBeLessThanOrEqual(3);
    const [throughput] = figuresOf(outcome, 'throughput');
    expect(throughput).toBeGreaterThan(0);
    expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
  });

  it('two locks in opposite order end as a deadlock that is told', async () => {
    const watched = watchRun(
      smallRequest(hosts.files, runtime, { workloadId: 'deadlock', strategy, params: { stallMs: 50 } }),
    );
    const outcome = await watched.handle.outcome;
    // In a pool either worker may have the even task.
    const [first, second] =
      /worker 1 holds lock (\w)/.exec(JSON.stringify(outcome))?.[1] === 'B' ? 'BA' : 'AB';
    const told = [
      `worker 1 holds lock ${first} and waits for lock ${second}, which worker 2 holds`,
      `worker 2 holds lock ${second} and waits for lock ${first}, which worker 1 holds`,
    ];
    if (outcome.state !== 'failed') throw new Error(JSON.stringify(outcome));
    expect(outcome.problem.kind).toBe('deadlock');
    expect(outcome.problem.message).toContain(`deadlock: ${told.join('; ')}.`);
    const notes = watched.progress.flatMap((event) => (event.type === 'note' ? [event.note.text] : []));
    expect(notes).toEqual(told);
    if (!strategy.endsWith('pool')) expect(first).toBe('A');
    expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
  });
});

const otherStarts = [
  { workloadId: 'counter-lock', params: { increments: 1_000 } },
  { workloadId: 'pipeline', params: { items: 100, capacity: 2 } },
  { workloadId: 'echo', params: { count: 5, transport: 'process-queue' } },
  { workloadId: 'echo', params: { count: 5, transport: 'pipe' } },
  { workloadId: 'echo', params: { count: 5, transport: 'shared-memory' } },
  { workloadId: 'never-joined', params: { workMs: 1, patienceMs: 500 } },
].flatMap((work) => (['spawn', 'forkserver'] as const).map((startMethod) => ({ ...work, startMethod })));

describe.skipIf(!availableRuntimes.includes('python'))('what is shared reaches', () => {
  it.each(otherStarts)('processes by $startMethod: $workloadId $params.transport', async (work) => {
    const watched = watchRun(
      smallRequest(hosts.files, 'python', {
        ...work,
        strategy: 'processes',
        onWorkerFailure: work.workloadId === 'never-joined' ? 'observe' : 'stop',
      }),
    );
    expect(await watched.handle.outcome).toMatchObject({ state: 'finished', lostTasks: 0 });
    expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
  });
});

describe.each(availableRuntimes)('in %s, serial', (runtime) => {
  it('the unlocked counter loses nothing', async () => {
    const params = { increments: 1_000 };
    const request = { workloadId: 'counter-race', strategy: 'serial', params } as const;
    expect(figuresOf(await run(smallRequest(hosts.files, runtime, request)), 'lost updates')).toEqual([0]);
  });

  it('both locks are taken in turn', async () => {
    const request = { workloadId: 'deadlock', strategy: 'serial', params: {}, tasks: 3 } as const;
    expect(await run(smallRequest(hosts.files, runtime, request))).toMatchObject({
      state: 'finished',
      checksum: checksumOf('held both 0', 'held both 1', 'held both 2'),
    });
  });

  it.each([0, 0.25, 1])('the counting is the same with a held share of %d', async (heldShare) => {
    const request = {
      workloadId: 'lock-contention',
      strategy: 'threads',
      params: { steps: 999, heldShare },
    } as const;
    expect(await run(smallRequest(hosts.files, runtime, request))).toMatchObject({
      checksum: checksumOf('999', '999'),
    });
  });
});
