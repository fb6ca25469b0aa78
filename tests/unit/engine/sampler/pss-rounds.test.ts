import { describe, expect, it } from 'vitest';
import { createPssRounds } from '../../../../src/engine/sampler/pss-rounds.ts';
import { createProcessDetails } from '../../../../src/engine/sampler/linux/process-counters.ts';
import type { ProcessUse } from '../../../../src/engine/sampler/system-reader.ts';
import type { ProcessNode } from '../../../../src/engine/sampler/tree.ts';
import type { EntityOwner } from '../../../../src/shared/sample.ts';

function makeProcess(pid: number, owner: EntityOwner, rootPid = 1): ProcessNode {
  const info = { key: pid, kind: 'process', pid, tid: null, parentKey: null, rootPid, owner } as const;
  return {
    pid,
    startMark: pid,
    parentPid: 1,
    info: { ...info, name: '', commandLine: '', user: null, startedUnixMs: null },
  };
}

interface Machine {
  nowMs: number;
  processes: readonly ProcessNode[];
  /** What is resident of each, in MB; 100 where nothing is said. */
  rssMb: Record<number, number>;
  cpuMs: Record<number, number>;
  /** Page faults of each; not counted where nothing is said. */
  faults: Record<number, number>;
  /** Pages that each has for itself since it wrote to them; its size is the same. */
  copiedMb: Record<number, number>;
  /** What each has in common with others. */
  sharedMb: Record<number, number>;
  /** How long one reading takes. */
  costMs: number;
  isThrifty: boolean;
}

/** `at` moves the machine to a time, changes it, and tells which pids were read then. */
function watchReadings(
  processes: readonly ProcessNode[],
  changes: Partial<Machine> = {},
): {
  readonly at: (nowMs: number, changes?: Partial<Machine>) => string;
  readonly pssMb: () => readonly number[];
} {
  const machine: Machine = {
    nowMs: 0,
    processes,
    rssMb: {},
    cpuMs: {},
    faults: {},
    copiedMb: {},
    sharedMb: {},
    costMs: 0,
    isThrifty: false,
    ...changes,
  };
  let read: number[] = [];
  const rssBytes = (pid: number): number => (machine.rssMb[pid] ?? 100) * 1e6;
  const rounds = createPssRounds({
    readMemory(pid) {
      read.push(pid);
      machine.nowMs += machine.costMs;
      const sharedDirtyBytes = (machine.sharedMb[pid] ?? 0) * 1e6;
      const pssBytes = rssBytes(pid) + (machine.copiedMb[pid] ?? 0) * 1e6;
      return { pssBytes, ussBytes: 0, swapBytes: 0, sharedDirtyBytes };
    },
    nowMs: () => machine.nowMs,
  });
  return {
    at(nowMs, later = {}) {
      Object.assign(machine, { nowMs, ...later });
      read = [];
      const useOf = (pid: number): ProcessUse => ({
        cpuMs: machine.cpuMs[pid] ?? 0,
        rssBytes: rssBytes(pid),
        details: { ...createProcessDetails(), minorFaults: machine.faults[pid] ?? Number.NaN },
      });
      rounds.sample(machine.processes, useOf, machine.isThrifty);
      return read.join(',');
    },
    pssMb: () => [...rounds.pssBytes].map((bytes) => bytes / 1e6),
  };
}

const first = makeProcess(1, 'run');
const second = makeProcess(2, 'run');
const third = makeProcess(3, 'run');
const own = makeProcess(9, 'corescope', 9);

describe('PSS rounds', () => {
  it('read a new run at once, and then nothing that neither ran nor changed its size', () => {
    const { at } = watchReadings([first, second]);
    expect([at(0), at(100), at(200), at(5000), at(60_000)]).toEqual(['1,2', '', '', '', '']);
  });

  it('read what changed its size by a megabyte, 200 ms after the last round at the earliest', () => {
    const { at, pssMb } = watchReadings([first, second]);
    at(0);
    at(1000, { rssMb: { 1: 102 } });
    const bothGrown = { rssMb: { 1: 102, 2: 102 } };
    expect([at(1100, bothGrown), at(1200), at(1400, { rssMb: { 1: 102, 2: 102.9 } })]).toEqual(['', '2', '']);
    expect(pssMb()).toEqual([102, 102]);
  });

  it('leave a new run alone for a quarter of a second, and read then all that it has become', () => {
    const { at } = watchReadings([]);
    at(1000);
    const watched = at(1100, { processes: [first] });
    const forked = at(1200, { processes: [first, second], rssMb: { 1: 130 } });
    const ticks = Array.from({ length: 10 }, (_, index) => 1300 + index * 100);
    const later = ticks.filter((nowMs) => at(nowMs, { rssMb: { 1: 100 + nowMs / 10 } }) !== '');
    expect([watched, forked, later]).toEqual(['', '', [1300, 1500, 1900, 2100]]);
  });

  it('read at once what may have been there for longer, because samples are far apart or begin with it', () => {
    const { at } = watchReadings([first]);
    expect([at(0), at(1000, { processes: [first, makeProcess(2, 'run', 2)] })]).toEqual(['1', '2']);
  });

  it('are as far apart as a run is old in its first half second, and 200 ms from then on', () => {
    const { at } = watchReadings([first]);
    const ticks = Array.from({ length: 13 }, (_, index) => index * 100);
    const isRead = (nowMs: number): boolean => at(nowMs, { rssMb: { 1: 100 + nowMs / 10 } }) !== '';
    expect(ticks.filter(isRead)).toEqual([0, 100, 200, 400, 800, 1000, 1200]);
  });

  it('leave in that time what grew by less than a twentieth', () => {
    const { at } = watchReadings([first]);
    at(0);
    const grown = [104, 106, 112].map((size, tick) => at(100 + tick * 100, { rssMb: { 1: size } }));
    expect(grown).toEqual(['', '1', '']);
  });

  it('read who comes in that time at the next one, for the run may end with it', () => {
    const { at } = watchReadings([first]);
    at(0);
    expect([at(100, { processes: [first, second] }), at(200, { processes: [first, second, third] })]).toEqual(
      ['2', '3'],
    );
  });

  it('read at the first tick after the sampler was stopped what ran meanwhile, and again after three seconds', () => {
    // 500 MB for 6.6 ms, as in bench:perturbation, whose sampler is stopped in turns.
    const large = { rssMb: { 1: 500 }, costMs: 6.6 };
    const { at } = watchReadings([makeProcess(1, 'run')], { ...large, faults: { 1: 0 } });
    at(0);
    at(100);
    const step = (nowMs: number): string => at(nowMs, { cpuMs: { 1: nowMs }, faults: { 1: nowMs } });
    for (let nowMs = 200; nowMs <= 12_000; nowMs += 100) step(nowMs);
    const ticks = Array.from({ length: 25 }, (_, index) => 25_000 + index * 100);
    expect(ticks.filter((nowMs) => step(nowMs) !== '')).toEqual([25_000]);
  });

  it('need a change of one per cent where that is more', () => {
    const { at } = watchReadings([first], { rssMb: { 1: 500 } });
    at(0);
    expect([at(1000, { rssMb: { 1: 504 } }), at(1200, { rssMb: { 1: 506 } })]).toEqual(['', '1']);
  });

  it('read what ran after three seconds: copied pages change PSS and not the size', () => {
    const { at } = watchReadings([first, second]);
    at(0);
    expect([at(2900, { cpuMs: { 2: 50 } }), at(3100), at(5000), at(6200)]).toEqual(['', '2', '', '']);
  });

  it('leave what ran with few page faults for half a minute: a page is copied by a fault', () => {
    const { at } = watchReadings([first, second], { faults: { 1: 1000, 2: 1000 } });
    at(0);
    const ran = { cpuMs: { 1: 50, 2: 50 }, faults: { 1: 1243, 2: 1244 } };
    expect([at(3100, ran), at(29_900), at(30_100)]).toEqual(['2', '', '1']);
  });

  it('leave who was found as it was for twice as long each time, up to half a minute, until it has changed', () => {
    const { at } = watchReadings([first]);
    let cpuMs = 0;
    const ran = (nowMs: number, changes: Partial<Machine> = {}): string =>
      at(nowMs, { cpuMs: { 1: (cpuMs += 10) }, ...changes });
    expect(ran(0)).toBe('1');

    const seconds = [3, 8, 9, 20, 21, 44, 45, 74, 75];
    expect(seconds.map((atSeconds) => ran(atSeconds * 1000)).join(' ')).toBe('1  1  1  1  1');
    expect([104, 105, 107, 108].map((atSeconds) => ran(atSeconds * 1000, { copiedMb: { 1: 8 } }))).toEqual([
      '',
      '1',
      '',
      '1',
    ]);
  });

  it('keep to 0.2 % of the time once the first 10 ms for a run are spent', () => {
    // Four readings of 3.3 ms are 1.2 ms more than there was: those take 0.6 s, and the next one's 1.65 s more.
    const { at } = watchReadings([first], { costMs: 3.3 });
    const rssMb = (size: number): Partial<Machine> => ({ rssMb: { 1: size } });
    const times = [0, 600, 800, 1000, 1200];
    expect(times.map((nowMs, round) => at(nowMs, rssMb(100 + 10 * round)))).toEqual(['1', '1', '1', '1', '']);
    expect([at(1590), at(1610), at(3200, rssMb(150)), at(3270)]).toEqual(['', '1', '', '1']);
  });

  it('do not count against the budget that the sampler itself waited for a core', () => {
    // A reading of 100 MB takes about 1 ms, so of the 50 no more than three times that is believed.
    const { at } = watchReadings([first], { costMs: 50 });
    const readings = [100, 110, 120].map((size, round) => at(round * 300, { rssMb: { 1: size } }));
    expect(readings).toEqual(['1', '1', '1']);
  });

  it('read in one round all that share pages, so that the sum counts each page once', () => {
    const sharedMb = { 1: 80, 2: 80 };
    const { at } = watchReadings([first, second, third], { sharedMb });
    at(0);
    expect([at(300, { rssMb: { 2: 120 } }), at(600, { rssMb: { 2: 120, 3: 120 } })]).toEqual(['2,1', '3']);
  });

  it('read those that share again when one of them has gone', () => {
    const { at, pssMb } = watchReadings([first, second, third], { sharedMb: { 1: 80, 2: 80, 3: 0 } });
    at(0);
    expect(at(300, { processes: [first, third] })).toBe('1');
    expect(pssMb()).toEqual([100, 100]);
  });

  it('read a newcomer, and with it those it shares with', () => {
    const { at } = watchReadings([first], { sharedMb: { 1: 80, 2: 80 } });
    at(0);
    expect(at(300, { processes: [first, second] })).toBe('2,1');
  });

  it('leave a newcomer to its second tick where there is little saved up: most do not get there', () => {
    const { at, pssMb } = watchReadings([first], { costMs: 3 });
    at(0);
    at(200, { rssMb: { 1: 110 } });
    expect(at(400, { processes: [first, second] })).toBe('');
    expect(pssMb()).toEqual([110, Number.NaN]);
    expect(at(500)).toBe('2');
  });

  it('have readings left for a run however much Corescope’s own processes cost', () => {
    const { at } = watchReadings([own], { rssMb: { 9: 1000 }, costMs: 30 });
    expect(at(0)).toBe('');
    expect(at(60_000)).toBe('9');
    at(60_100, { processes: [own, first] });
    expect([at(60_300), at(60_600, { rssMb: { 1: 40 } })]).toEqual(['1', '1']);
  });

  it('read Corescope’s own processes every five seconds at most', () => {
    const { at } = watchReadings([own], { cpuMs: { 9: 1 } });
    expect([at(0), at(5000)]).toEqual(['', '9']);
    const rssMb = { 9: 200 };
    expect([at(9900, { rssMb }), at(10_100)]).toEqual(['', '9']);
  });

  it('take twice the time between rounds while sampling is thrifty', () => {
    const { at } = watchReadings([first], { isThrifty: true });
    at(0);
    at(1000, { rssMb: { 1: 120 } });
    expect([at(1200, { rssMb: { 1: 140 } }), at(1300), at(1400)]).toEqual(['', '', '1']);
  });
});
