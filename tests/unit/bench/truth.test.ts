import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  errorOf,
  establishAccount,
  establishTruth,
  othersUntil,
  truthErrors,
  wholeRunError,
} from '../../../bench/accuracy/truth.ts';

/** Busy 4 of every 10 ms by its own account, from 0 to 100. */
const edges = Array.from({ length: 11 }, (_, period) => [period * 10, period * 10 + 4]).flat();

/** The kernel charges 5 ms a period; a checkpoint in each sleep, and others use 1 ms in 10. */
const checkpoints: Checkpoint[] = Array.from({ length: 10 }, (_, period) => ({
  atMs: period * 10 + 7,
  burnerMs: 1000 + (period + 1) * 5,
  coreMs: 5000 + (period + 1) * 5 + period,
  clockMs: Number.NaN,
}));

describe('the truth of the accuracy benchmark', () => {
  const truth = establishTruth(edges, checkpoints, true);

  it('adds to each interval what the kernel charges beyond the own account', () => {
    expect(truth.overheadMs).toBe(1);
    expect(truth.log.edges.slice(0, 4)).toEqual([-0.5, 4.5, 9.5, 14.5]);
  });

  it('then agrees with the kernel from each moment of sleep to the next, however much it charges', () => {
    const uneven = checkpoints.map((checkpoint, index) => ({
      ...checkpoint,
      burnerMs: checkpoint.burnerMs + (index >= 5 ? 2 : 0),
    }));
    const settled = establishTruth(edges, uneven, true);
    expect(settled.busyBetween(47, 57)).toBe(7);
    expect(settled.busyBetween(57, 67)).toBe(5);
    expect(wholeRunError(settled, uneven)).toBe(0);
  });

  it('is not the kernel’s account, which stays what it is where a better clock says less', () => {
    const clocked = checkpoints.map((checkpoint, period) => ({ ...checkpoint, clockMs: (period + 1) * 4 }));
    expect(establishTruth(edges, clocked, true).busyBetween(17, 57)).toBeCloseTo(16, 9);
    const account = establishAccount(edges, clocked, true);
    expect([account.by, account.busyBetween(17, 57)]).toEqual(['account', 20]);
  });

  it('finds its own error at moments that it was not made from', () => {
    expect(truthErrors(edges, checkpoints, true, 20)).toEqual([0, 0, 0, 0]);
    const odd = checkpoints.map((checkpoint, index) => ({
      ...checkpoint,
      burnerMs: checkpoint.burnerMs + (index === 5 ? 1 : 0),
    }));
    expect(truthErrors(edges, odd, true, 20)).toEqual([0, -5, 5, 0]);
  });

  it('fills the short gaps of a burner that never sleeps until the sums agree', () => {
    // Off the CPU for 1 ms and for 10 ms by its own account, for 10 ms by the kernel's.
    const busy = [
      { atMs: 10, burnerMs: 10, coreMs: 10, clockMs: Number.NaN },
      { atMs: 90, burnerMs: 80, coreMs: 80, clockMs: Number.NaN },
    ];
    const restless = establishTruth([0, 40, 50, 70, 71, 100], busy, false);
    expect(restless.log.edges).toEqual([0, 40, 50, 100]);
    expect(wholeRunError(restless, busy)).toBe(0);
  });

  it('leaves the account as it is where there is nothing to hold it against', () => {
    expect(establishTruth(edges, [], true).log.edges).toEqual(edges);
    expect(establishTruth(edges, [], false).log.edges).toEqual(edges);
    expect(truthErrors(edges, [], true, 10)).toEqual([]);
    expect(wholeRunError(truth, [])).toBeNaN();
  });

  it('takes what others used on the core between checkpoints as even', () => {
    expect(othersUntil(checkpoints, 12)).toBe(4000.5);
    expect(othersUntil(checkpoints, 6)).toBeNaN();
    expect(othersUntil(checkpoints, 98)).toBeNaN();
  });

  it('holds a process reading against the burner, and a core reading against all', () => {
    const window = { fromMs: 20, toMs: 40 };
    expect(errorOf({ what: 'process', share: 0.53, ...window }, truth, checkpoints)).toBeCloseTo(3, 9);
    expect(errorOf({ what: 'core', share: 0.53, ...window }, truth, checkpoints)).toBeCloseTo(-7, 9);
  });

  it('holds a core against the burner alone where nothing else is known', () => {
    const blind = checkpoints.map((checkpoint) => ({ ...checkpoint, coreMs: Number.NaN }));
    const reading = { what: 'core', share: 0.53, fromMs: 20, toMs: 40 } as const;
    expect(errorOf(reading, truth, blind)).toBeCloseTo(3, 9);
  });

  it('judges no reading that reaches beyond the run or has no length', () => {
    const share = 0.5;
    expect(errorOf({ what: 'process', share, fromMs: -20, toMs: 40 }, truth, checkpoints)).toBeNaN();
    expect(errorOf({ what: 'process', share, fromMs: 90, toMs: 200 }, truth, checkpoints)).toBeNaN();
    expect(errorOf({ what: 'process', share, fromMs: 50, toMs: 50 }, truth, checkpoints)).toBeNaN();
    expect(errorOf({ what: 'process', share, fromMs: Number.NaN, toMs: 50 }, truth, checkpoints)).toBeNaN();
  });
});
