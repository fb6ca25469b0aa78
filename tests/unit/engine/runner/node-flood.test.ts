import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuiltHosts } from './build-hosts.ts';
import { buildMisbehavingHosts, misdeeds } from './misbehaving-hosts.ts';
import { checksumOf, smallRequest, watchRun } from './real-run.ts';

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildMisbehavingHosts();
});
afterAll(() => hosts.remove());

/** A bare Node has 40 to 60; the buffers of the flood that wait for the garbage collector come to that. */
const mostMebibytes = 200;

describe('a Node task that writes 600 MB to its stdout without ever awaiting', () => {
  it.each(['serial', 'async', 'threads', 'processes', 'thread-pool', 'process-pool'] as const)(
    'is held back by the pipe in %s, so its memory stays small and nothing is lost',
    async (strategy) => {
      const params = { n: misdeeds.floodThroughStream, rounds: 1 };
      const request = smallRequest(hosts.files, 'node', { strategy, params, timeoutMs: 60_000 });
      const outcome = await watchRun(request).handle.outcome;
      if (outcome.state !== 'finished') throw new Error(`the run is ${outcome.state}`);
      expect(outcome.checksum).toBe(checksumOf('done', 'done'));
      expect(outcome.output?.stdout.totalBytes).toBe(600_000_000);
      expect(outcome.output?.stdout.head.startsWith('flood 0\nflood 0\n')).toBe(true);
      expect(outcome.output?.stdout.tail).toMatch(/^\d*\n(flood 599\n)+$/);
      const peak = outcome.metrics.find(({ name }) => name === 'peak memory')?.value ?? Number.NaN;
      expect(peak).toBeLessThan(mostMebibytes);
    },
  );
});
