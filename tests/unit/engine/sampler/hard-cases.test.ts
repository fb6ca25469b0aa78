import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRealTree, type RealTree } from './support/real-tree.ts';

/** What must not stop the sampler, on real processes of this machine. Programs used: sh, sleep and true. */

let real: RealTree;
beforeEach(() => {
  real = createRealTree();
});
afterEach(() => real.end());

/** The father of all kernel threads; containers hide it. */
function hasKernelThreads(): boolean {
  try {
    return readFileSync('/proc/2/comm', 'utf8') === 'kthreadd\n';
  } catch {
    return false;
  }
}

describe.runIf(process.platform === 'linux')('the sampler in hard cases', { timeout: 30_000 }, () => {
  it('goes on, without a row, when a process that was to be watched has ended already', async () => {
    const ended = real.start('true', []);
    await once(ended, 'exit');
    const sleeper = real.start('sleep', ['1000']);
    const { sampler, nextFrames } = real.watch(20);
    sampler.watch({ pid: ended.pid, owner: 'run' });
    const [, second] = await nextFrames(2);
    expect(second?.rows).toEqual([]);
    sampler.watch({ pid: sleeper.pid, owner: 'run' });
    const frames = await nextFrames(3);
    expect(frames.at(-1)?.rows.map((row) => row.entity.pid)).toEqual([sleeper.pid]);
  });

  it('reads a process beside its child that is a zombie', async () => {
    // The shell becomes a program that does not wait for the child it was given.
    const parent = real.start('sh', ['-c', 'true & exec sleep 1000']);
    const { sampler, rowsWhen, nextFrames } = real.watch(20);
    sampler.watch({ pid: parent.pid, owner: 'run' });
    await rowsWhen((rows) => rows.length === 2 && rows.some((row) => row.entity.name === 'sleep'));
    const [, , third] = await nextFrames(3);
    const row = third?.rows.find(({ entity }) => entity.pid === parent.pid);
    expect(row?.rssBytes).toBeGreaterThan(100_000);
    const zombie = third?.rows.find(({ entity }) => entity.pid !== parent.pid);
    expect(zombie?.entity.rootPid).toBe(parent.pid);
    expect(zombie?.pssBytes).toBeNaN();
  });

  it('shows a process that is stopped as idle, and as busy again when it goes on', async () => {
    const burner = real.start('sh', ['-c', 'while :; do :; done']);
    const { sampler, rowsWhen } = real.watch();
    sampler.watch({ pid: burner.pid, owner: 'run' });
    const isBusy = (share: number): boolean => share > 0.2;
    await rowsWhen((rows) => rows.some((row) => isBusy(row.cpuShare)));
    process.kill(burner.pid, 'SIGSTOP');
    await rowsWhen((rows) => rows.some((row) => row.cpuShare === 0));
    process.kill(burner.pid, 'SIGCONT');
    await rowsWhen((rows) => rows.some((row) => isBusy(row.cpuShare)));
  });

  it.runIf(hasKernelThreads())('knows no PSS of kernel threads, and their CPU', async () => {
    const { sampler, rowsWhen, nextFrames } = real.watch();
    sampler.watch({ pid: 2, owner: 'run' });
    await rowsWhen((rows) => rows.length > 5);
    const [, , third] = await nextFrames(3);
    const father = third?.rows.find(({ entity }) => entity.pid === 2);
    expect(father?.entity.name).toBe('kthreadd');
    expect(father?.cpuShare).toBeGreaterThanOrEqual(0);
    expect(father?.pssBytes).toBeNaN();
  });
});
