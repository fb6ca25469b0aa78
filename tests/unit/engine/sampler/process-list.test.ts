import systeminformation from 'systeminformation';
import { describe, expect, it } from 'vitest';
import { createProcessList } from '../../../../src/engine/sampler/process-list.ts';

describe('the list of processes on systems without /proc', () => {
  it('finds this process with its parent, its start and its command', { timeout: 30_000 }, async () => {
    const list = createProcessList(async () => (await systeminformation.processes()).list);
    const facts = await list.read();
    expect(facts).toContainEqual(expect.objectContaining({ pid: process.pid, parentPid: process.ppid }));
    const described = list.describe(process.pid);
    const startedUnixMs = Date.now() - process.uptime() * 1000;
    expect(described?.startedUnixMs).toBeGreaterThan(startedUnixMs - 5000);
    expect(described?.startedUnixMs).toBeLessThan(startedUnixMs + 5000);
    expect(described?.name).not.toBe('');
    expect(list.describe(2 ** 22 + 1)).toBeNull();
  });

  it('stands by what it last knew when one reading fails', { timeout: 30_000 }, async () => {
    const listed = (await systeminformation.processes()).list;
    const answers = [() => Promise.resolve(listed), () => Promise.reject(new Error('powershell: not found'))];
    const list = createProcessList(() => answers.shift()?.() ?? Promise.resolve([]));
    const first = await list.read();
    expect(first.length).toBe(listed.length);
    expect(await list.read()).toEqual(first);
    // An empty list is how systeminformation says that its program failed.
    expect(await list.read()).toEqual(first);
  });

  it.runIf(process.platform === 'linux')('is not asked of systeminformation on Linux', async () => {
    expect(await createProcessList().read()).toEqual([]);
  });
});
