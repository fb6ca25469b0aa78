import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strategyAvailability } from '../../../../src/engine/runner/availability.ts';
import { echo } from '../../../../src/engine/workloads/echo.ts';
import { validateParams } from '../../../../src/engine/workloads/index.ts';
import type { CatalogueRuntime, StrategyId } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from '../runner/build-hosts.ts';
import { listRunAfterItsEnd } from '../runner/process-list.ts';
import { availableRuntimes, checksumOf, smallRequest, watchRun } from '../runner/real-run.ts';

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildHosts();
});
afterAll(() => hosts.remove());

const bytes = 10;
const count = 4;

/** By definition: byte i of task t is 31 i + t modulo 256, and the last message bears the number 3 in front. */
function resultOf(task: number): string {
  const last = Buffer.from([3, 0, 0, 0, ...[4, 5, 6, 7, 8, 9].map((index) => (31 * index + task) % 256)]);
  return `${0 + 1 + 2 + 3} ${createHash('sha256').update(last).digest('hex').slice(0, 16)}`;
}

const table = `
  node    structured-clone  serial threads thread-pool
  node    transfer          serial threads thread-pool
  node    shared-atomics    serial threads thread-pool
  node    ipc-json          serial processes process-pool
  node    ipc-advanced      serial processes process-pool
  node    usual             serial threads processes thread-pool process-pool
  python  thread-queue      serial threads thread-pool
  python  process-queue     serial processes process-pool hybrid
  python  pipe              serial processes process-pool hybrid
  python  shared-memory     serial processes process-pool hybrid
  python  usual             serial threads processes thread-pool process-pool hybrid
`;
const rows = table
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/))
  .map(([runtime = '', transport = '', ...strategies]) => ({
    runtime: runtime === 'python' ? ('python' as const) : ('node' as const),
    transport,
    strategies,
  }));

/** The strategies that a transport leaves, as the catalogue has it. */
function available(runtime: CatalogueRuntime, transport: string): StrategyId[] {
  return strategyAvailability(runtime, { version: '3.12.0' }, echo, 'linux', 2, { transport })
    .filter((way) => way.available)
    .map(({ strategy }) => strategy);
}

describe.each(rows.filter(({ runtime }) => availableRuntimes.includes(runtime)))(
  'echo in $runtime by $transport',
  ({ runtime, transport, strategies }) => {
    it('goes with the strategies whose workers it connects', () => {
      expect(available(runtime, transport)).toEqual(strategies);
    });

    it.each(available(runtime, transport))('brings back what was sent, in %s', async (strategy) => {
      const watched = watchRun(
        smallRequest(hosts.files, runtime, {
          workloadId: 'echo',
          strategy,
          params: { bytes, count, transport },
          tasks: 3,
        }),
      );
      const outcome = await watched.handle.outcome;
      expect(outcome).toMatchObject({
        state: 'finished',
        checksum: checksumOf(resultOf(0), resultOf(1), resultOf(2)),
      });
      if (outcome.state !== 'finished') return;
      const figures = outcome.metrics.map(({ name, unit }) => `${name} in ${unit}`).toSorted();
      expect(figures).toEqual([
        ...Array<string>(3).fill('round trips in 1/s'),
        ...Array<string>(3).fill('throughput in MB/s'),
      ]);
      for (const { value } of outcome.metrics) expect(value).toBeGreaterThan(0);
      expect(outcome.output?.stderr.head ?? '').toBe('');
      expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
    });
  },
);

it('says why a transport does not go with a strategy', () => {
  const ways = strategyAvailability('node', null, echo, 'linux', 2, { transport: 'transfer' });
  expect(ways.find(({ strategy }) => strategy === 'processes')).toEqual({
    strategy: 'processes',
    available: false,
    reason: 'It goes from thread to thread; processes have no memory in common.',
  });
});

it('does not take the transport of the other runtime', () => {
  expect(validateParams(echo, { transport: 'pipe' }, 'node')).toEqual({
    ok: false,
    problem: {
      kind: 'parameter-out-of-range',
      message: 'Parameter "transport" of workload "echo" is "pipe", which node does not have.',
      advice: 'Give one of usual, structured-clone, transfer, shared-atomics, ipc-json, ipc-advanced.',
    },
  });
});
