import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strategyIds } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from './build-hosts.ts';
import { availableRuntimes, checksumOf, run, smallRequest } from './real-run.ts';

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildHosts();
});
afterAll(() => hosts.remove());

/** Every runtime by every strategy computes the same. */
const ways = availableRuntimes.flatMap((runtime) => strategyIds.map((strategy) => ({ runtime, strategy })));

describe.each(ways)('in $runtime, $strategy', ({ runtime, strategy }) => {
  it('count-loop gives the exact sums, in task order', async () => {
    const outcome = await run(
      smallRequest(hosts.files, runtime, { strategy, tasks: 5, params: { n: 100_000, rounds: 3 } }),
    );
    const sum = '14999850000';
    expect(outcome).toMatchObject({ state: 'finished', checksum: checksumOf(sum, sum, sum, sum, sum) });
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
});
