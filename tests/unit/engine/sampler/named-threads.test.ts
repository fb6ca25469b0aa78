import { beforeEach, describe, expect, it } from 'vitest';
import { createNamedThreads, type NamedThreads } from '../../../../src/engine/sampler/named-threads.ts';
import { createProcessTree, type ProcessTree } from '../../../../src/engine/sampler/tree.ts';
import { drawEntities, drawSystem } from './support/tree-drawing.ts';

let tree: ProcessTree;
let threads: NamedThreads;
/** CPU time by thread id; a thread that is not in it is gone. */
let cpuMs: Map<number, number>;
/** Pids of which all threads are wanted, those of all of them, and what the kernel calls them. */
let whole: Set<number>;
let listed: readonly number[];
let names: Map<number, string>;

interface Seen {
  readonly appeared: string[];
  readonly goneKeys: readonly number[];
  readonly rows: string[];
}

function sampleAt(nowMs: number): Seen {
  const { appeared, goneKeys, rows } = threads.sample({
    findProcess: (pid) => tree.find(pid),
    readThread(_pid, tid) {
      const known = cpuMs.get(tid);
      return known === undefined ? null : { cpuMs: known };
    },
    wholeProcesses: [...whole].flatMap((pid) => tree.find(pid) ?? []),
    listThreads: () => listed,
    readName: (_pid, tid) => names.get(tid) ?? null,
    nowMs: () => nowMs,
  });
  return {
    appeared: drawEntities(appeared),
    goneKeys,
    rows: rows.map(({ key, cpuShare }) => `${key}: ${cpuShare}`),
  };
}

function see(text: string): void {
  const { facts, describe } = drawSystem(text);
  tree.update(facts, describe);
}

beforeEach(() => {
  let lastKey = 0;
  const takeKey = (): number => ++lastKey;
  tree = createProcessTree(takeKey);
  threads = createNamedThreads(takeKey);
  cpuMs = new Map([
    [101, 0],
    [102, 0],
  ]);
  whole = new Set();
  listed = [];
  names = new Map();
  tree.watch({ pid: 10, owner: 'run' });
  see(`10 python3`);
});

describe('named threads', () => {
  it('shows two threads that share one core as half a core each', () => {
    threads.announce(10, 101, 'worker 1');
    threads.announce(10, 102, 'worker 2');
    expect(sampleAt(0)).toEqual({
      appeared: ['2: 10 worker 1 run/10 under 1', '3: 10 worker 2 run/10 under 1'],
      goneKeys: [],
      rows: ['2: NaN', '3: NaN'],
    });
    cpuMs = new Map([
      [101, 50],
      [102, 50],
    ]);
    expect(sampleAt(100)).toEqual({ appeared: [], goneKeys: [], rows: ['2: 0.5', '3: 0.5'] });
  });

  it('gives the main thread no second row', () => {
    threads.announce(10, 10, 'main');
    cpuMs.set(10, 0);
    expect(sampleAt(0).rows).toEqual([]);
  });

  it('takes the row away when the thread ends', () => {
    threads.announce(10, 101, 'worker 1');
    sampleAt(0);
    cpuMs.delete(101);
    expect(sampleAt(100)).toEqual({ appeared: [], goneKeys: [2], rows: [] });
    cpuMs.set(101, 0);
    expect(sampleAt(200)).toEqual({ appeared: [], goneKeys: [], rows: [] });
  });

  it('takes the rows away with their process', () => {
    threads.announce(10, 101, 'worker 1');
    sampleAt(0);
    see(`99 unrelated`);
    expect(sampleAt(100)).toEqual({ appeared: [], goneKeys: [2], rows: [] });
  });

  it('waits ten seconds for a process that has not been found yet', () => {
    threads.announce(20, 101, 'early');
    threads.announce(30, 102, 'never');
    expect(sampleAt(0).rows).toEqual([]);
    see(`
      10 python3
        20 child`);
    expect(sampleAt(9000).appeared).toEqual(['3: 20 early run/10 under 2']);
    sampleAt(10_001);
    see(`
      10 python3
        20 child
        30 late`);
    expect(sampleAt(10_002).appeared).toEqual([]);
  });

  it('does not give a name to the next bearer of a pid', () => {
    threads.announce(10, 101, 'worker 1');
    sampleAt(0);
    see(`10 successor @99`);
    tree.watch({ pid: 10, owner: 'run' });
    see(`10 successor @99`);
    expect(sampleAt(100)).toEqual({ appeared: [], goneKeys: [2], rows: [] });
  });

  it('follows its process to the run’s tree, and goes on measuring', () => {
    tree.unwatch(10);
    tree.watch({ pid: 10, owner: 'corescope' });
    see(`10 python3`);
    threads.announce(10, 101, 'worker 1');
    expect(sampleAt(0).rows).toEqual([]);
    tree.watch({ pid: 10, owner: 'run' });
    see(`10 python3`);
    cpuMs.set(101, 25);
    expect(sampleAt(100)).toEqual({
      appeared: ['4: 10 worker 1 run/10 under 3'],
      goneKeys: [],
      rows: ['4: 0.25'],
    });
  });

  it('shows a new name under a new key, and the same name under the same', () => {
    threads.announce(10, 101, 'pool');
    sampleAt(0);
    threads.announce(10, 101, 'pool');
    expect(sampleAt(100)).toMatchObject({ appeared: [], goneKeys: [] });
    threads.announce(10, 101, 'worker 1');
    expect(sampleAt(200)).toMatchObject({ appeared: ['3: 10 worker 1 run/10 under 1'], goneKeys: [2] });
  });

  it('shows all threads of a process where that is wanted, the main one too, under their own names', () => {
    whole.add(10);
    listed = [10, 101];
    cpuMs.set(10, 0);
    names = new Map([
      [10, 'python3'],
      [101, 'python3'],
      [102, 'reader'],
    ]);
    expect(sampleAt(0).appeared).toEqual(['2: 10 python3 run/10 under 1', '3: 10 python3 run/10 under 1']);
    listed = [10, 101, 102];
    expect(sampleAt(100).appeared).toEqual(['4: 10 reader run/10 under 1']);
  });

  it('gives a process with one thread no second row, also when the others have ended', () => {
    whole.add(10);
    listed = [10];
    cpuMs.set(10, 0);
    names.set(10, 'python3').set(101, 'worker');
    expect(sampleAt(0).rows).toEqual([]);
    listed = [10, 101];
    expect(sampleAt(100).appeared).toEqual(['2: 10 python3 run/10 under 1', '3: 10 worker run/10 under 1']);
    listed = [10];
    cpuMs.delete(101);
    expect(sampleAt(200)).toEqual({ appeared: [], goneKeys: [2, 3], rows: [] });
  });

  it('shows the name that a thread has taken a second after it began, unless it was announced', () => {
    whole.add(10);
    listed = [10, 101, 102];
    cpuMs.set(10, 0);
    names.set(10, 'main').set(101, 'python3').set(102, 'python3');
    sampleAt(0);
    threads.announce(10, 102, 'worker 1');
    names.set(101, 'reader').set(102, 'other');
    expect(sampleAt(999).appeared).toEqual(['5: 10 worker 1 run/10 under 1']);
    expect(sampleAt(1000)).toMatchObject({ appeared: ['6: 10 reader run/10 under 1'], goneKeys: [3] });
    expect(sampleAt(3000)).toMatchObject({ appeared: [], goneKeys: [] });
  });

  it('takes the listed threads away when they are no longer wanted', () => {
    whole.add(10);
    listed = [10, 101];
    cpuMs.set(10, 0);
    names.set(10, 'main').set(101, 'reader');
    sampleAt(0);
    whole.clear();
    expect(sampleAt(100)).toEqual({ appeared: [], goneKeys: [2, 3], rows: [] });
  });
});
