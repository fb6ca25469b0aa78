import { describe, expect, it } from 'vitest';
import { findGrowth, type Holding } from '../../../../bench/growth/judge.ts';
import { createTicks, type Ticks } from '../../../../src/engine/sampler/index.ts';
import { createFakeProc, type FakeProc } from './support/fake-proc.ts';
import { readerOf } from './support/drawn-reader.ts';

/** A sampler, whole, on a /proc of our own. `npm run bench:growth` does the same to real processes. */
class Watched {
  readonly proc: FakeProc = createFakeProc();
  readonly ticks: Ticks;
  /** Keys that were told of and have not gone. */
  readonly alive = new Set<number>();
  told = 0;
  #nowMs = 0;

  constructor() {
    const { proc } = this;
    const nowMs = (): number => this.#nowMs;
    const reader = readerOf(proc, {
      nowMs,
      capacity: 256,
    });
    const clock = { originNs: 0n, startedUnixMs: 0, nowMs, fromNs: (ns: bigint) => Number(ns) / 1e6 };
    this.ticks = createTicks({ clock, everyMs: 100, reader });
    this.ticks.subscribe((message) => {
      if (message.type !== 'entities') return;
      this.told += message.appeared.length;
      for (const key of message.goneKeys) this.alive.delete(key);
      for (const { key } of message.appeared) this.alive.add(key);
    });
  }

  tick(count = 1): void {
    for (let taken = 0; taken < count; taken += 1) {
      this.#nowMs += 100;
      if (this.ticks.take({ atMs: this.#nowMs, missedTicks: 0 }) !== null)
        throw new Error('it answers at once');
    }
  }

  /** So many processes under one, two hundred at a time, half of whose time is waited for, each with a thread that is named and never found. */
  passBy(root: number, count: number): void {
    const parent = this.proc.processes.get(root);
    if (parent === undefined) throw new Error(`there is no process ${root}`);
    for (let begun = 0; begun < count; begun += 200) {
      const pids = Array.from({ length: 200 }, (_, index) => 20_000 + begun + index);
      for (const pid of pids) this.proc.start(pid, root).cpuNs = 3e6;
      parent.cpuNs += 1e6;
      this.tick();
      for (const pid of pids) this.ticks.nameThread(pid, pid + 100_000, 'worker');
      this.tick();
      for (const pid of pids) this.proc.end(pid);
      parent.waitedForTicks += 30;
      parent.cpuNs += 1e6;
      this.tick();
    }
  }
}

describe('what the sampler keeps', () => {
  it('of 100 processes stays what it is while 1 000 others come and go', { timeout: 20_000 }, () => {
    const watched = new Watched();
    const { proc, ticks } = watched;
    const root = 100;
    proc.start(root, 1);
    for (let pid = root + 1; pid < root + 100; pid += 1) proc.start(pid, root);
    ticks.watch({ pid: root, owner: 'run' });
    watched.tick(25);
    const { files: filesBefore, ...before } = ticks.countKept();
    expect(before).toMatchObject({ tree: 101, processes: 100, told: 101, threadRows: 0 });
    watched.passBy(root, 1000);
    // A thread whose process was never found is waited for, for ten seconds.
    watched.tick(125);
    expect(watched.told).toBeGreaterThanOrEqual(1100);
    // One more: the time of exited children has a row, for as long as their parent is there.
    const { rowsUnder, told, files, ...after } = ticks.countKept();
    expect({ rowsUnder, told }).toEqual({ rowsUnder: 1, told: 102 });
    expect(after).toEqual({ ...before, rowsUnder: undefined, told: undefined });
    expect(watched.alive.size).toBe(101);
    // Fewer: of who has not run since, files were closed for those who came.
    expect(files).toBeLessThanOrEqual(filesBefore ?? Number.NaN);
    expect(proc.openCount).toBe(files);
  });

  it('is nothing once nothing is watched', () => {
    const watched = new Watched();
    const { proc, ticks } = watched;
    for (const root of [100, 200]) {
      proc.start(root, 1);
      ticks.watch({ pid: root, owner: 'run' });
    }
    watched.passBy(200, 200);
    ticks.unwatch(100);
    ticks.unwatch(200);
    watched.tick(125);
    const { files, told, ...kept } = ticks.countKept();
    expect(Object.values(kept).every((count) => count === 0)).toBe(true);
    // The machine's own two or three, and who listens.
    expect([files, told]).toEqual([proc.openCount, 1]);
    ticks.close();
    expect(proc.openCount).toBe(0);
  });
});

describe('the judgement of growth', () => {
  const moment = (when: string, changes: Partial<Holding> = {}): Holding => ({
    when,
    descriptors: 60,
    kept: { tree: 1001, files: 40 },
    heapBytes: 10e6,
    rssBytes: 80e6,
    ...changes,
  });

  it('holds entries against the first moment, and memory against the last but one', () => {
    expect(findGrowth([moment('start', { heapBytes: 5e6 }), moment('middle'), moment('end')])).toEqual([]);
    const grown = moment('end', {
      descriptors: 171,
      kept: { tree: 1100, files: 48, threads: 6 },
      heapBytes: 10.6e6,
      rssBytes: 97e6,
    });
    expect(findGrowth([moment('start'), moment('middle'), grown])).toEqual([
      'descriptors: 60 to 171',
      'tree: 1001 to 1100',
      'threads: 0 to 6',
      'heap bytes: 10000000 to 10600000',
      'resident bytes: 80000000 to 97000000',
    ]);
  });

  it('refuses two moments, which show no growth', () => {
    expect(() => findGrowth([moment('start'), moment('end')])).toThrow(RangeError);
  });
});
