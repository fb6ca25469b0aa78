import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  errorOf,
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
}));

describe('the truth of the accuracy benchmark', () => {
  const truth = establishTruth(edges, checkpoints);

  it('adds to each interval what the kernel charges beyond the own account', () => {
    expect(truth.overheadMs).toBe(1);
    expect(truth.log.edges.slice(0, 4)).toEqual([-0.5, 4.5, 9.5, 14.5]);
  });

  it('then agrees with the kernel wherever the burner slept', () => {
    expect(truthErrors(truth, checkpoints, 30)).toEqual([0, 0, 0]);
    expect(wholeRunError(truth, checkpoints)).toBe(0);
  });

  it('shows an interval that the kernel saw otherwise as its own error', () => {
    const odd = checkpoints.map((checkpoint, index) =>
      index >= 5 ? { ...checkpoint, burnerMs: checkpoint.burnerMs + 1 } : checkpoint,
    );
    const errors = truthErrors({ log: truth.log, overheadMs: 1 }, odd, 10);
    expect(errors.filter((error) => error !== 0)).toEqual([-10]);
  });

  it('corrects nothing where the burner never sleeps', () => {
    const restless = establishTruth([0, 100], checkpoints);
    expect(restless.overheadMs).toBe(0);
    expect(truthErrors(restless, checkpoints, 10)).toEqual([]);
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
