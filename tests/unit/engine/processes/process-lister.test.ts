import { describe, expect, test } from 'vitest';
import { createLinuxLister, createProcessLister } from '../../../../src/engine/processes/process-lister.ts';

/** A line of /proc/PID/stat: `flags` is field 9, user time field 14, start field 22, resident pages field 24. */
function stat(
  pid: number,
  name: string,
  { cpuTicks = 0, startTicks = 500, flags = 4194304, state = 'S' } = {},
) {
  const fields = [
    state,
    1,
    pid,
    pid,
    0,
    -1,
    flags,
    10,
    0,
    0,
    0,
    cpuTicks,
    0,
    0,
    0,
    20,
    0,
    1,
    0,
    startTicks,
    1e6,
    3,
  ];
  return `${pid} (${name}) ${fields.join(' ')} 18446744073709551615 0 0\n`;
}

function listerOf(stats: Map<number, string>) {
  const clock = { ms: 0 };
  const described: number[] = [];
  const lister = createLinuxLister(
    {
      listPids: () => [...stats.keys()],
      readStat: (pid) => stats.get(pid) ?? null,
      describe: (pid) => {
        described.push(pid);
        return { name: `p${pid}`, commandLine: `p${pid} --run`, user: 'ann', startedUnixMs: 5 };
      },
      pageBytes: 4096,
    },
    () => clock.ms,
  );
  return { lister, clock, described };
}

describe('the list of processes', () => {
  test('has the CPU of each since the last reading, and none at the first', async () => {
    const stats = new Map([[7, stat(7, 'a) b', { cpuTicks: 100 })]]);
    const { lister, clock, described } = listerOf(stats);
    const [first] = await lister.list();
    expect(first).toEqual({
      pid: 7,
      parentPid: 1,
      startMark: 500,
      name: 'p7',
      commandLine: 'p7 --run',
      user: 'ann',
      startedUnixMs: 5,
      cpuShare: Number.NaN,
      rssBytes: 12_288,
      isOwn: false,
    });
    clock.ms = 2000;
    stats.set(7, stat(7, 'a) b', { cpuTicks: 250 }));
    expect((await lister.list())[0]?.cpuShare).toBe(0.75);
    expect(described).toEqual([7]);
  });

  test('says nothing of the CPU after a long pause, which is not what the process is doing now', async () => {
    const stats = new Map([[7, stat(7, 'a')]]);
    const { lister, clock } = listerOf(stats);
    await lister.list();
    clock.ms = 60_000;
    expect((await lister.list())[0]?.cpuShare).toBeNaN();
  });

  test('takes a number that is borne anew for another process, and describes a program that was replaced', async () => {
    const stats = new Map([[7, stat(7, 'sh', { cpuTicks: 100 })]]);
    const { lister, clock, described } = listerOf(stats);
    await lister.list();
    clock.ms = 1000;
    stats.set(7, stat(7, 'make', { cpuTicks: 150 }));
    expect((await lister.list())[0]?.cpuShare).toBe(0.5);
    clock.ms = 2000;
    stats.set(7, stat(7, 'make', { cpuTicks: 10, startTicks: 900 }));
    expect((await lister.list())[0]?.cpuShare).toBeNaN();
    expect(described).toEqual([7, 7, 7]);
  });

  test('leaves out threads of the kernel and what has ended', async () => {
    const kernelThread =
      '2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 20 0 1 0 3 0 0 18446744073709551615';
    const stats = new Map([
      [2, kernelThread],
      [8, stat(8, 'done', { state: 'Z' })],
      [9, stat(9, 'here')],
    ]);
    const { lister } = listerOf(stats);
    expect((await lister.list()).map(({ pid }) => pid)).toEqual([9]);
  });

  test('has this very process in it, by its own words', async () => {
    const clock = { ms: 0 };
    const listed = await createProcessLister(() => clock.ms).list();
    const own = listed.find(({ pid }) => pid === process.pid);
    expect(own?.parentPid).toBe(process.ppid);
    expect(own?.rssBytes).toBeGreaterThan(10_000_000);
    expect(own?.commandLine).not.toBe('');
  });
});
