import { describe, expect, it } from 'vitest';
import type { NativeReader } from '../../../../../src/engine/sampler/linux/reader.ts';
import { createFakeProc, type FakeProc } from '../support/fake-proc.ts';
import { readerOf } from '../support/drawn-reader.ts';

const root = 100;
const seeds = [root];

interface Stepped {
  readonly proc: FakeProc;
  readonly reader: NativeReader;
  /** One tick; answers the pids whose clocks were read at it. */
  readonly tick: (afterMs?: number) => number[];
  /** The same as glances that are recalled together; the pids of each. */
  readonly glance: (count: number) => number[][];
  readonly readingsOf: (path: string) => number;
}

/** `count` processes that sleep, of which the first is the parent of the others, all known for long enough. */
function createQuietTree(count: number): Stepped {
  const proc = createFakeProc();
  proc.start(root, 1);
  for (let index = 1; index < count; index += 1) proc.start(root + index, root);
  let now = 0;
  let asked: number[] = [];
  const reader = readerOf(proc, {
    nowMs: () => now,
    cpuClock: {
      readNs(pid) {
        asked.push(pid);
        return proc.readNs(pid);
      },
    },
  });
  function tick(afterMs = 100): number[] {
    asked = [];
    now += afterMs;
    reader.readCoreTimes();
    void reader.readProcesses(seeds);
    return asked;
  }
  function glance(glances: number): number[][] {
    const turns: number[][] = [];
    for (let index = 0; index < glances; index += 1) {
      asked = [];
      now += 100;
      reader.glance?.();
      turns.push(asked);
    }
    for (let index = 1; index <= glances; index += 1) {
      reader.recall?.(index === glances);
      reader.readCoreTimes();
      void reader.readProcesses(seeds);
    }
    return turns;
  }
  for (let index = 0; index < 25; index += 1) tick();
  return { proc, reader, tick, glance, readingsOf: (path) => proc.readCounts.get(path) ?? 0 };
}

describe('the clocks of processes', () => {
  it('are read at every tick of who was seen to wake in any of the glances before', () => {
    const { proc, tick, glance } = createQuietTree(40);
    for (const process of proc.processes.values()) process.cpuNs += 1e5;
    const turns = glance(3);
    expect(turns.map(({ length }) => length)).toEqual([8, 8, 8]);
    expect(tick().slice(0, 24).sort()).toEqual(turns.flat().sort());
  });

  it('are all read at every tick where there are few', () => {
    const { tick } = createQuietTree(8);
    expect([tick().length, tick().length]).toEqual([8, 8]);
  });

  it('are read in turns of those that sleep: 8 of them a tick, and each within a second', () => {
    const { tick } = createQuietTree(40);
    const turns = [tick(), tick(), tick(), tick(), tick()];
    expect(turns.map(({ length }) => length)).toEqual([8, 8, 8, 8, 8]);
    expect(new Set(turns.flat()).size).toBe(40);
    const crowd = createQuietTree(1000);
    const second = Array.from({ length: 10 }, () => crowd.tick());
    expect(second.map(({ length }) => length)).toEqual(Array.from({ length: 10 }, () => 100));
    expect(new Set(second.flat()).size).toBe(1000);
  });

  it('are read at every tick of who has run, until it has not for a second', () => {
    const { proc, tick } = createQuietTree(1000);
    const [pid = 0] = tick();
    const process = proc.processes.get(pid);
    if (process === undefined) throw new Error('a clock was read of no process');
    process.cpuNs += 1e6;
    for (let index = 0; index < 10; index += 1) tick();
    const isRead = Array.from({ length: 12 }, () => tick().includes(pid));
    expect(isRead.lastIndexOf(true)).toBe(9);
    expect(isRead.slice(0, 10)).not.toContain(false);
  });

  it('lose nothing of who wakes before its turn: its share is over the time since it was last seen asleep', () => {
    const { proc, reader, tick } = createQuietTree(40);
    const pid = root + 39;
    const process = proc.processes.get(pid);
    if (process === undefined) throw new Error('it was just made');
    while (!tick().includes(pid));
    const stillUntilMs = (): number => {
      const uses = reader.readUse(seeds);
      if (uses instanceof Promise) throw new Error('the answer is there at once');
      return uses.get(pid)?.stillUntilMs ?? Number.NaN;
    };
    const asleepUntil = stillUntilMs();
    process.cpuNs += 6e6;
    let passed = 0;
    do passed += 100;
    while (!tick().includes(pid));
    expect(reader.changedPids?.()).toContain(pid);
    expect(stillUntilMs()).toBe(asleepUntil);
    expect(passed).toBeGreaterThan(100);
  });
});

describe('what is read of a process that runs', () => {
  it('costs it no more than 0.02 % of what it uses, and is read at every tick of one that keeps a core busy', () => {
    const { proc, tick, readingsOf } = createQuietTree(1);
    const process = proc.processes.get(root);
    if (process === undefined) throw new Error('it was just made');
    const statm = (): number => readingsOf(`/proc/${root}/statm`);
    const schedstat = (): number => readingsOf(`/proc/${root}/task/${root}/schedstat`);
    // Past the time in which its pid could be another's.
    process.cpuNs += 1e9;
    for (let index = 0; index < 20; index += 1) tick();
    const readings = (spentNs: number): string => {
      const before = [statm(), schedstat()];
      for (let index = 0; index < 10; index += 1) {
        process.cpuNs += spentNs;
        tick();
      }
      return `${statm() - (before[0] ?? 0)} and ${schedstat() - (before[1] ?? 0)}`;
    };
    expect(readings(100e6)).toBe('10 and 10');
    expect(readings(5e6)).toBe('6 and 10');
    expect(readings(1e6)).toBe('1 and 2');
  });

  it('comes from files that stay open where it runs every second, and are closed again where it seldom does', () => {
    const { proc, tick } = createQuietTree(1);
    const process = proc.processes.get(root);
    if (process === undefined) throw new Error('it was just made');
    const openFiles = (secondsBetween: number): number[] =>
      Array.from({ length: 4 }, () => {
        process.cpuNs += 1e6;
        tick(secondsBetween * 1000);
        return proc.openCount;
      });
    const [seldom = 0, ...others] = openFiles(5);
    expect(others).toEqual([seldom, seldom, seldom]);
    // Its status, and that of its thread.
    const steady = seldom + 2;
    expect(openFiles(1)).toEqual([steady, steady, steady, steady]);
    tick(1000);
    expect(proc.openCount).toBe(seldom);
    expect(openFiles(5)).toEqual([seldom, seldom, seldom, seldom]);
  });
});
