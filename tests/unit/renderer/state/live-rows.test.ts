import { describe, expect, it } from 'vitest';
import { RowHistory } from '../../../../src/renderer/state/live-rows.ts';
import type { EntityInfo, SampleFrame } from '../../../../src/shared/sample.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';

const entities: ReadonlyMap<number, EntityInfo> = new Map(
  [1, 2, 3].map((key) => [key, drawnEntity({ key, pid: 100 + key, owner: key === 3 ? 'corescope' : 'run' })]),
);

/** Rows by key: CPU time so far in ms, and PSS in bytes. The first one is the root: its total is the sum. */
function frame(
  atMs: number,
  rows: Readonly<Record<number, readonly [cpuMs: number, pss: number]>>,
): SampleFrame {
  const keys = Object.keys(rows).map(Number);
  const column = (index: 0 | 1): Float64Array => Float64Array.from(keys, (key) => rows[key]?.[index] ?? 0);
  const totals = (own: Float64Array): Float64Array => {
    const all = own.reduce((sum, value) => sum + value, 0);
    return own.map((value, index) => (index === 0 ? all : value));
  };
  return drawnFrame({
    atMs,
    keys: Float64Array.from(keys),
    cpuMs: column(0),
    totalCpuMs: totals(column(0)),
    pssBytes: column(1),
    totalPssBytes: totals(column(1)),
  });
}

function historyOf(...frames: SampleFrame[]): RowHistory {
  const history = new RowHistory();
  for (const each of frames) history.add(each, entities);
  return history;
}

describe('the rows of a range of the past', () => {
  const history = historyOf(
    frame(1_000, { 1: [100, 10] }),
    frame(2_000, { 1: [600, 10], 2: [50, 40] }),
    frame(3_000, { 1: [700, 30], 2: [1_050, 20] }),
    frame(4_000, { 1: [800, 10] }),
  );

  it('used what the counters gained in it, per time', () => {
    const rows = history.over(2_000, 3_000);
    expect([...(rows?.frame.keys ?? [])]).toEqual([1, 2]);
    expect([...(rows?.frame.cpuMs ?? [])]).toEqual([100, 1_000]);
    expect([...(rows?.frame.cpuShare ?? [])]).toEqual([0.1, 1]);
  });

  it('used as much per time where the range begins between two samples', () => {
    expect([...(history.over(2_400, 3_000)?.frame.cpuShare ?? [])]).toEqual([0.1, 1]);
  });

  it('count from nothing where they began in it, and are there though they have ended', () => {
    const rows = history.over(1_000, 4_000);
    expect([...(rows?.frame.cpuMs ?? [])]).toEqual([700, 1_050]);
    expect([...(rows?.frame.cpuShare ?? [])]).toEqual([700 / 3_000, 0.35]);
  });

  it('have their own peaks of memory; together they took the highest sum', () => {
    const rows = history.over(1_000, 4_000);
    expect([...(rows?.frame.pssBytes ?? [])]).toEqual([30, 40]);
    expect(rows?.peakPssBytes).toBe(50);
  });

  it('do not count what was used before anything was known', () => {
    const rows = history.over(0, 2_000);
    expect([...(rows?.frame.cpuMs ?? [])]).toEqual([500, 50]);
  });

  it('are none where no run was, and Corescope is none of them', () => {
    expect(historyOf(frame(1_000, { 3: [5, 5] })).over(0, 5_000)).toBeNull();
    expect(history.over(5_000, 6_000)).toBeNull();
  });

  it('are thinned out rather than forgotten when they take too much', () => {
    const many = new Map(
      Array.from({ length: 2_000 }, (_, key) => [key, drawnEntity({ key, pid: key + 1 })]),
    );
    const crowd = new RowHistory();
    const keys = Float64Array.from({ length: 2_000 }, (_, key) => key);
    for (let tick = 0; tick < 600; tick += 1) {
      crowd.add(drawnFrame({ atMs: tick * 2_000, keys, cpuMs: keys.map(() => tick), pssBytes: keys }), many);
    }
    expect(crowd.byteLength).toBeLessThanOrEqual(32e6);
    expect(crowd.firstMs).toBe(0);
    expect(crowd.over(0, 1_198_000)?.frame.cpuMs[7]).toBe(599);
  });
});
