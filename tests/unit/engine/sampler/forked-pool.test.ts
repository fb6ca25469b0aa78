import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRealTree, type RealTree, type Row } from './support/real-tree.ts';

/** What `smaps` says of all mappings of a process, added up. */
function sumOfSmaps(pid: number): number {
  const text = readFileSync(`/proc/${pid}/smaps`, 'utf8');
  return [...text.matchAll(/^Pss: +(\d+) kB$/gm)].reduce((sum, match) => sum + Number(match[1]) * 1024, 0);
}

const pool = `
import os, time
block = bytearray(os.urandom(1 << 20) * 200)
for _ in range(8):
    if os.fork() == 0:
        time.sleep(1000)
        os._exit(0)
print("up", flush=True)
time.sleep(1000)
`;

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

describe.runIf(process.platform === 'linux' && hasPython)('PSS of a forked pool', () => {
  let real: RealTree;
  beforeEach(() => {
    real = createRealTree();
  });
  afterEach(() => real.end());

  it('adds up to what smaps tells, within 1 %, and not to nine times the shared memory', async () => {
    const parent = real.start('python3', ['-c', pool]);
    await once(parent.stdout ?? parent, 'data');
    // Until the children, too, sleep.
    await delay(200);
    const { sampler, rowsWhen } = real.watch(100);
    sampler.watch({ pid: parent.pid, owner: 'run' });
    const processes = (seen: readonly Row[]): readonly Row[] =>
      seen.filter(({ entity }) => entity.kind === 'process');
    const isWhole = (seen: readonly Row[]): boolean =>
      seen.length === 9 && seen.every((row) => row.pssBytes > 0);
    const rows = processes(await rowsWhen((seen) => isWhole(processes(seen))));
    const pssBytes = rows.reduce((sum, row) => sum + row.pssBytes, 0);
    const rssBytes = rows.reduce((sum, row) => sum + row.rssBytes, 0);
    const truth = rows.reduce((sum, row) => sum + sumOfSmaps(row.entity.pid), 0);
    expect(Math.abs(pssBytes / truth - 1)).toBeLessThan(0.01);
    expect(pssBytes).toBeGreaterThan(200e6);
    expect(rssBytes).toBeGreaterThan(6 * pssBytes);
  }, 30_000);
});
