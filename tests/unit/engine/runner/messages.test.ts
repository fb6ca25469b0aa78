import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { strategiesOf, type StrategyId, type WorkTarget } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from './build-hosts.ts';
import { availableRuntimes, run, smallRequest } from './real-run.ts';

let hosts: BuiltHosts;
let folder: string;

beforeAll(async () => {
  hosts = await buildHosts();
  folder = mkdtempSync(path.join(os.tmpdir(), 'corescope-messages-'));
  writeFileSync(
    path.join(folder, 'large.mjs'),
    `export default ({ params: { megabytes } }) => 'x'.repeat(megabytes * 1e6);`,
  );
  writeFileSync(
    path.join(folder, 'large.py'),
    'def large(megabytes):\n    return "x" * (megabytes * 1000000)\n',
  );
});
afterAll(async () => {
  await hosts.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** How long two tasks held their workers up that did nothing but return a text of so many megabytes. */
async function messageMs(
  runtime: 'node' | 'python',
  strategy: StrategyId,
  megabytes: number,
): Promise<{ readonly wallMs: number; readonly messageMs: number | null }> {
  const target: WorkTarget =
    runtime === 'node'
      ? { kind: 'module', path: path.join(folder, 'large.mjs') }
      : { kind: 'function', path: path.join(folder, 'large.py'), functionName: 'large', args: [megabytes] };
  const params = runtime === 'node' ? { megabytes } : {};
  const workloadId = target.kind;
  const outcome = await run(smallRequest(hosts.files, runtime, { workloadId, target, params, strategy }));
  if (outcome.state !== 'finished') throw new Error(JSON.stringify(outcome));
  return { wallMs: outcome.wallMs, messageMs: outcome.messageMs };
}

const parted: readonly StrategyId[] = ['processes', 'process-pool'];
const together: readonly StrategyId[] = ['serial', 'async', 'asyncio'];

describe.each(availableRuntimes)('the time that messages take in %s', (runtime) => {
  it.each(parted)('grows with the results that cross between processes (%s)', async (strategy) => {
    const small = await messageMs(runtime, strategy, 0);
    const large = await messageMs(runtime, strategy, 40);
    expect(large.messageMs).toBeGreaterThan(Math.max(small.messageMs ?? Number.NaN, 10));
    // Two workers, each of them held up for less than all of the run.
    expect(large.messageMs).toBeLessThan(large.wallMs);
  });

  it.each(strategiesOf[runtime].filter((strategy) => together.includes(strategy)))(
    'is none where there is one worker on one thread (%s)',
    async (strategy) => {
      expect(await messageMs(runtime, strategy, 1)).toMatchObject({ messageMs: 0 });
    },
  );
});

it('is none in Python where threads share one memory, and some in Node where they do not', async () => {
  for (const runtime of availableRuntimes) {
    const { messageMs: ms } = await messageMs(runtime, 'threads', 1);
    if (runtime === 'python') expect(ms).toBe(0);
    else expect(ms).toBeGreaterThan(0);
  }
});
