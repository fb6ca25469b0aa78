import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breakDownWait, type WaitFigures } from '../../../src/shared/wait-breakdown.ts';

const unknown = Number.NaN;

function breakDown(changes: Partial<WaitFigures>): unknown {
  return breakDownWait({ cpuShare: 0.5, waitShare: 0.25, throttledShare: unknown, threads: 1, ...changes });
}

describe('where the time of threads went', () => {
  it('without a quota: on a core, waiting for one, and the rest blocked', () => {
    expect(breakDown({})).toEqual({ running: 0.5, waiting: 0.25, throttled: unknown, blocked: 0.25 });
    expect(breakDown({ threads: 4 })).toMatchObject({ blocked: 3.25 });
  });

  it('with a quota that held nothing back: none of the wait is the quota’s', () => {
    expect(breakDown({ throttledShare: 0 })).toEqual({
      running: 0.5,
      waiting: 0.25,
      throttled: 0,
      blocked: 0.25,
    });
  });

  it('with a burner at half a core of quota: all of its wait is the quota’s', () => {
    expect(breakDown({ cpuShare: 0.5, waitShare: 0.5, throttledShare: 0.5 })).toEqual({
      running: 0.5,
      waiting: 0,
      throttled: 0.5,
      blocked: 0,
    });
  });

  it('with two burners on one core, held back half of the time: half of their time is the quota’s', () => {
    expect(breakDown({ cpuShare: 0.5, waitShare: 1.5, throttledShare: 0.5, threads: 2 })).toEqual({
      running: 0.5,
      waiting: 0.5,
      throttled: 1,
      blocked: 0,
    });
  });

  it('leaves unknown what cannot be told without an unknown part', () => {
    expect(breakDown({ cpuShare: unknown, throttledShare: 0.5 })).toEqual({
      running: unknown,
      waiting: unknown,
      throttled: unknown,
      blocked: unknown,
    });
    expect(breakDown({ waitShare: unknown })).toEqual({
      running: 0.5,
      waiting: unknown,
      throttled: unknown,
      blocked: unknown,
    });
    expect(breakDown({ threads: unknown })).toMatchObject({ waiting: 0.25, blocked: unknown });
  });

  it('adds up to the number of threads, with no part below nothing', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        share,
        share,
        share,
        (threads, busy, ran, throttledShare) => {
          const cpuShare = threads * busy * ran;
          const waitShare = threads * busy - cpuShare;
          const parts = Object.values(
            breakDownWait({ cpuShare, waitShare, throttledShare, threads }),
          ) as number[];
          expect(parts.reduce((sum, part) => sum + part, 0)).toBeCloseTo(threads, 9);
          expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
