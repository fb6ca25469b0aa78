import { describe, expect, it } from 'vitest';
import { KnownEntities } from '../../../../src/renderer/state/known-entities.ts';
import { RowHistory } from '../../../../src/renderer/state/live-rows.ts';
import { drawnEntity, drawnFrame } from '../../../support/drawn-frame.ts';

function rowsOf(...keys: readonly number[]): Pick<RowHistory, 'keys'> {
  return { keys: () => new Set(keys) };
}

/** `count` that come and go, from the key `from` on. */
function passBy(known: KnownEntities, from: number, count: number): void {
  for (let key = from; key < from + count; key += 1) {
    known.add(drawnEntity({ key, pid: key }));
    known.end(key);
  }
}

describe('what is known by name', () => {
  it('is there, or has ended and still has a row that is kept', () => {
    const known = new KnownEntities(rowsOf(7, 1_500));
    known.add(drawnEntity({ key: 1, pid: 1 }));
    passBy(known, 2, 3_000);
    expect([...known.byKey.keys()]).toEqual([1, 7, 1_500]);
  });

  it('has ended a short while ago: rows are not looked through for each', () => {
    let looks = 0;
    const known = new KnownEntities({
      keys: () => {
        looks += 1;
        return new Set();
      },
    });
    passBy(known, 1, 2_999);
    expect(looks).toBe(2);
    expect(known.byKey.size).toBe(999);
  });

  it('is looked through no more often where much of it stays', () => {
    let looks = 0;
    const all = new Set(Array.from({ length: 5_000 }, (_, key) => key));
    const known = new KnownEntities({
      keys: () => {
        looks += 1;
        return all;
      },
    });
    passBy(known, 0, 5_000);
    expect(looks).toBe(5);
    expect(known.byKey.size).toBe(5_000);
  });

  it('is forgotten from the oldest on where very many have rows', () => {
    const all = Array.from({ length: 30_000 }, (_, key) => key);
    const known = new KnownEntities(rowsOf(...all));
    passBy(known, 0, 30_000);
    expect(known.byKey.size).toBe(20_000);
    expect([...known.byKey.keys()][0]).toBe(10_000);
  });

  it('is there again under a key that was told of before', () => {
    const known = new KnownEntities(rowsOf());
    known.add(drawnEntity({ key: 1, pid: 1 }));
    known.end(1);
    known.add(drawnEntity({ key: 1, pid: 1, name: 'exec' }));
    passBy(known, 2, 1_000);
    expect(known.byKey.get(1)?.name).toBe('exec');
  });

  it('does not grow with the day: rows that are thinned out take the names with them', () => {
    const rows = new RowHistory();
    const known = new KnownEntities(rows);
    const standing = 400;
    const every = 4;
    const keys = Float64Array.from({ length: standing + every }, (_, key) => key);
    for (let key = 0; key < standing; key += 1) known.add(drawnEntity({ key, pid: key }));
    // Four processes of a second each among 400 that stay.
    for (let second = 0; second < 2_500; second += 1) {
      const fresh = Array.from({ length: every }, (_, index) => standing + second * every + index);
      keys.set(fresh, standing);
      for (const key of fresh) known.add(drawnEntity({ key, pid: key }));
      rows.add(drawnFrame({ atMs: second * 1_000, keys }), known.byKey);
      for (const key of fresh) known.end(key);
    }
    const past = known.byKey.size - standing;
    // Of ten thousand.
    expect(past).toBeLessThan(4_000);
    const shown = rows.over(0, 2_500_000)?.frame.keys ?? new Float64Array(0);
    expect([...shown].every((key) => known.byKey.has(key))).toBe(true);
  });
});
