import { setTimeout as delay } from 'node:timers/promises';
import systeminformation from 'systeminformation';
import { describe, expect, it } from 'vitest';
import { createProcessList } from '../../../../src/engine/sampler/process-list.ts';

type Listed = systeminformation.Systeminformation.ProcessesProcessData;

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

  /** What systeminformation told of this process and its parent, with other starts. */
  function retold(listed: readonly Listed[], starts: Readonly<Record<number, string>>): readonly Listed[] {
    return listed
      .filter(({ pid }) => starts[pid] !== undefined)
      .map((one) => ({ ...one, started: starts[one.pid] ?? '' }));
  }

  it(
    'takes a process for the same where its start moves by a second, as on macOS, and for another by more',
    { timeout: 30_000 },
    async () => {
      const { list: listed } = await systeminformation.processes();
      const { pid, ppid } = process;
      // The child is told to be older than its parent: each is rounded by itself.
      const answers = [
        { [pid]: '2026-11-21 10:00:04', [ppid]: '2026-11-21 10:00:05' },
        { [pid]: '2026-11-21 10:00:05', [ppid]: '2026-11-21 10:00:04' },
        { [pid]: '2026-11-21 10:07:00', [ppid]: '2026-11-21 10:00:06' },
      ];
      const list = createProcessList(() => Promise.resolve(retold(listed, answers.shift() ?? {})));
      const marks = async (): Promise<readonly (number | undefined)[]> => {
        const facts = await list.read();
        return [ppid, pid].map((asked) => facts.find((fact) => fact.pid === asked)?.startMark);
      };
      const five = Date.parse('2026-11-21 10:00:05');
      expect(await marks()).toEqual([five, five]);
      expect(await marks()).toEqual([five, five]);
      expect(list.describe(pid)?.startedUnixMs).toBe(five);
      expect(await marks()).toEqual([five, Date.parse('2026-11-21 10:07:00')]);
    },
  );

  it('tells one start of each process, though ps tells whole seconds', { timeout: 60_000 }, async () => {
    const list = createProcessList(async () => (await systeminformation.processes()).list);
    const marks = new Map<number, Set<number>>();
    // Systeminformation repeats its last answer for half a second. Half of all processes moved by a second here.
    for (let reading = 0; reading < 3; reading += 1) {
      for (const { pid, startMark } of await list.read())
        marks.set(pid, (marks.get(pid) ?? new Set()).add(startMark));
      await delay(510);
    }
    expect([...marks].filter(([, seen]) => seen.size > 1)).toEqual([]);
    expect(marks.size).toBeGreaterThan(2);
  });

  it.runIf(process.platform === 'linux')('is not asked of systeminformation on Linux', async () => {
    expect(await createProcessList().read()).toEqual([]);
  });
});
