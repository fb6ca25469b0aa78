import { beforeEach, describe, expect, it } from 'vitest';
import type { NativeReader } from '../../../../../src/engine/sampler/linux/reader.ts';
import type { ProcessFacts } from '../../../../../src/engine/sampler/system-reader.ts';
import { createFakeProc, type FakeProc } from '../support/fake-proc.ts';
import { readerOf } from '../support/drawn-reader.ts';

/** The reader on a /proc of our own: what a real machine cannot be made to do at will, or not often enough. */

let proc: FakeProc;
let reader: NativeReader;
let now: number;

function createReader(capacity: number): NativeReader {
  return readerOf(proc, {
    nowMs: () => now,
    capacity,
  });
}

function tick(seeds: readonly number[], afterMs = 100): readonly ProcessFacts[] {
  now += afterMs;
  reader.readCoreTimes();
  const facts = reader.readProcesses(seeds);
  if (facts instanceof Promise) throw new Error('the answer is there at once');
  return facts;
}

beforeEach(() => {
  proc = createFakeProc();
  now = 0;
  reader = createReader(256);
});

describe('the native reader and crowds', () => {
  const root = 100;
  const seeds = [root];

  it('reads 10 000 processes with 256 descriptors', () => {
    const count = 10_000;
    proc.start(root, 1);
    // A few levels, so that it is no mere list.
    for (let index = 1; index < count; index += 1) proc.start(root + index, root + Math.floor(index / 100));
    expect(tick(seeds)).toHaveLength(count);
    for (const process of proc.processes.values()) process.cpuNs += 2e6;
    expect(tick(seeds)).toHaveLength(count);
    tick(seeds, 1500);
    const uses = reader.readUse(seeds);
    if (uses instanceof Promise) throw new Error('the answer is there at once');
    expect([...uses.values()].every(({ cpuMs, rssBytes }) => cpuMs === 2 && rssBytes === 409_600)).toBe(true);
    expect([...uses.values()].every(({ details }) => details?.peakRssBytes === 409_600)).toBe(true);
    expect(proc.openCount).toBeLessThanOrEqual(256);
  });

  it('keeps nothing of 10 000 processes that came and went', () => {
    const parent = proc.start(root, 1);
    tick(seeds);
    parent.cpuNs += 1e6;
    tick(seeds, 1500);
    const heldBefore = reader.heldFileCount;
    let seen = 0;
    for (let round = 0; round < 100; round += 1) {
      parent.cpuNs += 1e6;
      for (let index = 0; index < 100; index += 1) proc.start(1000 + round * 100 + index, root).cpuNs = 3e6;
      seen += tick(seeds).length - 1;
      for (let index = 0; index < 100; index += 1) proc.end(1000 + round * 100 + index);
    }
    expect(seen).toBe(10_000);
    expect(tick(seeds)).toHaveLength(1);
    const uses = reader.readUse(seeds);
    expect(uses).toHaveProperty('size', 1);
    expect([reader.heldFileCount, proc.openCount]).toEqual([heldBefore, heldBefore]);
  });

  it('reads a process that does not run once in half a minute, and within a second after it ran', () => {
    const parent = proc.start(root, 1);
    const statReads = (): number => proc.readCounts.get(`/proc/${root}/stat`) ?? 0;
    // The first half minute is cut short.
    for (let count = 0; count < 320; count += 1) tick(seeds);
    const before = statReads();
    for (let count = 0; count < 300; count += 1) tick(seeds);
    expect(statReads() - before).toBe(1);
    parent.cpuNs += 1e6;
    tick(seeds);
    const afterRun = statReads();
    for (let count = 0; count < 11; count += 1) tick(seeds);
    expect(statReads() - afterRun).toBe(1);
  });

  it('spreads the readings of processes that came together and do not run over the half minute', () => {
    for (let index = 0; index < 60; index += 1) proc.start(200 + index, root);
    proc.start(root, 1);
    const statReads = (): number =>
      Array.from({ length: 60 }, (_, index) => proc.readCounts.get(`/proc/${200 + index}/stat`) ?? 0).reduce(
        (sum, count) => sum + count,
      );
    for (let count = 0; count < 40; count += 1) tick(seeds);
    let most = 0;
    const before = statReads();
    for (let second = 0; second < 30; second += 1) {
      const beforeSecond = statReads();
      for (let count = 0; count < 10; count += 1) tick(seeds);
      most = Math.max(most, statReads() - beforeSecond);
    }
    expect(statReads() - before).toBeGreaterThanOrEqual(54);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('looks for the children of who had none in twenty searches three times a second, until there is one', () => {
    const parent = proc.start(root, 1);
    const runAndTick = (): number => {
      parent.cpuNs += 1e6;
      // Someone else forks all the time.
      proc.forks += 1;
      return tick(seeds).length;
    };
    const searches = (): number => proc.readCounts.get(`/proc/${root}/task/${root}/children`) ?? 0;
    for (let count = 0; count < 20; count += 1) runAndTick();
    expect(searches()).toBe(20);
    for (let count = 0; count < 30; count += 1) runAndTick();
    expect(searches()).toBe(30);
    proc.start(200, root);
    const found = [runAndTick(), runAndTick(), runAndTick()];
    expect(found.at(-1)).toBe(2);
    const before = searches();
    runAndTick();
    expect(searches() - before).toBe(1);
  });

  it('shows the new parent of a process that never runs in the tick after its old one has ended', () => {
    const parent = proc.start(root, 1);
    proc.start(200, root);
    proc.start(300, 200);
    for (let count = 0; count < 20; count += 1) tick(seeds);
    proc.end(200);
    proc.adopt(300, root);
    parent.cpuNs += 1e6;
    tick(seeds);
    expect(tick(seeds).map(({ pid, parentPid }) => [pid, parentPid])).toEqual([
      [root, 1],
      [300, root],
    ]);
  });

  it('passes over processes that are born and end within one interval, and shows what was waited for', () => {
    const parent = proc.start(root, 1);
    tick(seeds);
    proc.start(200, root);
    proc.end(200);
    parent.cpuNs += 1e6;
    parent.waitedForTicks = 7;
    expect(tick(seeds)).toHaveLength(1);
    const uses = reader.readUse(seeds);
    if (uses instanceof Promise) throw new Error('the answer is there at once');
    expect(uses.get(root)?.waitedForMs).toBe(70);
  });

  it('reads what a parent has waited for after it finds the child gone, in the same tick', () => {
    const parent = proc.start(root, 1);
    proc.start(200, root).cpuNs = 5e7;
    expect(tick(seeds)).toHaveLength(2);
    proc.end(200);
    parent.cpuNs += 1e6;
    parent.waitedForTicks = 6;
    expect(tick(seeds)).toHaveLength(1);
    const uses = reader.readUse(seeds);
    if (uses instanceof Promise) throw new Error('the answer is there at once');
    expect(uses.get(root)?.waitedForMs).toBe(60);
  });

  it('notices a child that was waited for between the clocks and the parent’s stat', () => {
    const parent = proc.start(root, 1);
    proc.start(200, root).cpuNs = 5e7;
    tick(seeds);
    parent.cpuNs += 1e6;
    let reaped = false;
    // The clock of the child is read, then the parent's stat: in between, the parent waits for it.
    const { calls } = proc;
    const reapFirst = (): void => {
      if (reaped || !isArmed) return;
      reaped = true;
      proc.end(200);
      parent.waitedForTicks = 5;
    };
    let isArmed = false;
    reader.close();
    reader = readerOf(proc, {
      nowMs: () => now,
      capacity: 256,
      calls: {
        ...calls,
        open(path) {
          if (path === `/proc/${root}/stat`) reapFirst();
          return calls.open(path);
        },
        read(descriptor, buffer, offset, position) {
          const length = calls.read(descriptor, buffer, offset, position);
          if (!buffer.toString('utf8', 0, 12).startsWith(`${root} (fake)`)) return length;
          reapFirst();
          return calls.read(descriptor, buffer, offset, position);
        },
      },
    });
    expect(tick(seeds)).toHaveLength(2);
    isArmed = true;
    parent.cpuNs += 1e6;
    const facts = tick(seeds);
    const uses = reader.readUse(seeds);
    if (uses instanceof Promise) throw new Error('the answer is there at once');
    // Either it is there, or its time is in what was waited for; never both.
    expect([facts.length, uses.get(root)?.waitedForMs]).toEqual([1, 50]);
  });

  it('keeps a process whose files are hidden from it for as long as its clock runs', () => {
    const process = proc.start(root, 1);
    tick(seeds);
    process.isHidden = true;
    process.cpuNs += 8e6;
    expect(tick(seeds)).toHaveLength(1);
    tick(seeds, 1500);
    const uses = reader.readUse(seeds);
    if (uses instanceof Promise) throw new Error('the answer is there at once');
    expect(uses.get(root)).toMatchObject({ cpuMs: 8, rssBytes: Number.NaN });
    proc.end(root);
    expect(tick(seeds)).toHaveLength(0);
  });

  it('does not know a process that was hidden from the beginning', () => {
    proc.start(root, 1).isHidden = true;
    expect(tick(seeds)).toEqual([]);
    expect(tick(seeds)).toEqual([]);
  });

  it('reads cores and clocks once more where it was interrupted, so that one instant stands for both', () => {
    const burner = proc.start(root, 1);
    let interruptedMs = 0;
    // The interruption falls into the reading of the clock; the process goes on meanwhile on another core.
    reader = readerOf(proc, {
      nowMs: () => now,
      cpuClock: {
        readNs(pid) {
          now += interruptedMs;
          burner.cpuNs = now * 1e6;
          interruptedMs = 0;
          return proc.readNs(pid);
        },
      },
    });
    tick(seeds);
    tick(seeds);
    const statsRead = (): number => proc.readCounts.get('/proc/stat') ?? 0;
    const before = statsRead();
    interruptedMs = 8;
    tick(seeds);
    expect(statsRead() - before).toBe(2);
    const uses = reader.readUse(seeds);
    if (uses instanceof Promise) throw new Error('the answer is there at once');
    // 100 ms per tick, and the 8 ms: not the middle of them.
    expect(reader.coreTimesReadAtMs?.()).toBe(308);
    expect(uses.get(root)).toMatchObject({ cpuMs: 308, readAtMs: 308 });
    tick(seeds);
    expect(statsRead() - before).toBe(3);
  });
});
