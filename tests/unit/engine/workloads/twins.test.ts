import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nodeWorkloads } from '../../../../src/engine/workloads/node-tasks.ts';
import { finishOf, python, runHost } from '../runner/python/python-host.ts';
import { contextWith } from './contexts.ts';

/** Large enough for every branch, small enough for a test. */
const works = [
  { workloadId: 'count-loop', params: { n: 100_000, rounds: 3 } },
  { workloadId: 'hash', params: { megabytes: 3, pieceKilobytes: 7 } },
  { workloadId: 'json', params: { records: 300, rounds: 2 } },
  { workloadId: 'mandelbrot', params: { size: 61, iterations: 130 } },
  { workloadId: 'matrix', params: { n: 37 } },
  { workloadId: 'primes', params: { n: 20_011 } },
  { workloadId: 'sort', params: { n: 5_003, rounds: 2 } },
  { workloadId: 'mixed', params: { ms: 13.7, cpuShare: 0.37, countPerMs: 1_234 } },
];

/** Beyond 2^31, where a signed integer would be another one. */
const seed = 4_000_000_007;
const tasks = 3;

describe.skipIf(python === null)('Node and Python compute the same', () => {
  it.each(works)('$workloadId', async ({ workloadId, params }) => {
    const load = nodeWorkloads.get(workloadId);
    if (load === undefined) throw new Error(`there is no workload "${workloadId}"`);
    const workload = await load();
    const results: string[] = [];
    for (let task = 0; task < tasks; task += 1) {
      results.push(await workload.run(params, contextWith({ task, tasks, seed })));
    }
    const run = await runHost({ workloadId, params, tasks, seed, strategy: 'serial' });
    const checksum = createHash('sha256').update(results.join('\n')).digest('hex').slice(0, 16);
    expect(finishOf(run).checksum).toBe(checksum);
  });
});
