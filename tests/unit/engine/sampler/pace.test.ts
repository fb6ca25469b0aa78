import { describe, expect, it } from 'vitest';
import { budgetAt, createPace, refuseRate } from '../../../../src/engine/sampler/pace.ts';

/**
 * Lets `seconds` pass at a cost of `percent` of a core each, ticks at the pace's own rate, and tells what it was from which
 * second on: `100` for ticks 100 ms apart, `100t` where it is thrifty as well.
 */
function paceOver(
  requestedEveryMs: number,
  parts: readonly (readonly [seconds: number, percent: number])[],
): string {
  const pace = createPace(requestedEveryMs);
  let nowMs = 0;
  let cpuMs = 500;
  let second = 0;
  let last = '';
  const changes: string[] = [];
  pace.note(nowMs, cpuMs);
  for (const [seconds, percent] of parts) {
    for (const endSecond = second + seconds; second < endSecond;) {
      second += 1;
      while (nowMs < second * 1000) {
        nowMs += pace.everyMs;
        cpuMs += (pace.everyMs * percent) / 100;
        pace.note(nowMs, cpuMs);
      }
      const state = `${pace.everyMs}${pace.isThrifty ? 't' : ''}`;
      if (state !== last) changes.push(`${second} s: ${state}`);
      last = state;
    }
  }
  return changes.join(', ');
}

const fullSpeed = '1 s: 100';

describe('the pace', () => {
  it('stays as asked below the budget of 1 % of a core', () => {
    expect(paceOver(100, [[60, 0.98]])).toBe(fullSpeed);
  });

  it('does not count the first five seconds, when no code is compiled yet', () => {
    const start = [5, 30] as const;
    expect(paceOver(100, [start, [60, 0.9]])).toBe(fullSpeed);
    expect(paceOver(100, [start, [10, 2]])).toBe(`${fullSpeed}, 15 s: 100t`);
  });

  it('reads the seldom things less often above the budget, and ticks no slower up to three times the budget', () => {
    expect(paceOver(100, [[120, 2.9]])).toBe(`${fullSpeed}, 15 s: 100t`);
  });

  it('ticks as much slower as it takes to come below three times the budget, down to one tick a second', () => {
    expect(paceOver(100, [[15, 4]])).toBe(`${fullSpeed}, 15 s: 200t`);
    expect(paceOver(100, [[15, 10]])).toBe(`${fullSpeed}, 15 s: 400t`);
    expect(paceOver(100, [[15, 80]])).toBe(`${fullSpeed}, 15 s: 1000t`);
  });

  it('goes on from there where that was not enough', () => {
    expect(paceOver(100, [[25, 4]])).toBe(`${fullSpeed}, 15 s: 200t, 25 s: 400t`);
  });

  it('does not mind a burst of less than half of ten seconds', () => {
    const burst = [4, 50] as const;
    const calm = [6, 0.2] as const;
    expect(paceOver(100, [[20, 0.2], burst, calm, burst, calm, burst, calm])).toBe(fullSpeed);
    expect(
      paceOver(100, [
        [20, 0.2],
        [6, 50],
      ]).startsWith(`${fullSpeed}, 25 s: `),
    ).toBe(true);
  });

  it('comes back step by step, after ten looks each below half of what made it slow', () => {
    expect(
      paceOver(100, [
        [15, 10],
        [40, 0.4],
      ]),
    ).toBe(`${fullSpeed}, 15 s: 400t, 23 s: 200t, 33 s: 100t, 43 s: 100`);
  });

  it('stays slow where the faster rate would be above the limit again', () => {
    expect(
      paceOver(100, [
        [15, 4],
        [60, 1.6],
      ]),
    ).toBe(`${fullSpeed}, 15 s: 200t`);
  });

  it('has a budget that grows with the rate that was asked for', () => {
    expect([1000, 200, 100, 50, 10].map(budgetAt)).toEqual([0.01, 0.01, 0.01, 0.02, 0.1]);
    expect(paceOver(10, [[30, 9.8]])).toBe('1 s: 10');
    expect(paceOver(10, [[15, 32]])).toBe('1 s: 10, 15 s: 20t');
  });

  it('never goes below one tick a second, and keeps that where it was asked for', () => {
    expect(paceOver(1000, [[60, 16]])).toBe('1 s: 1000, 15 s: 1000t');
  });

  it('changes nothing while the cost is not known', () => {
    expect(paceOver(100, [[30, Number.NaN]])).toBe(fullSpeed);
  });
});

describe('a rate that was asked for', () => {
  it('is 100 Hz to 1 Hz, and anything else is refused with what can be had', () => {
    expect([10, 100, 1000].map(refuseRate)).toEqual([null, null, null]);
    expect(
      [9.99, 1000.1, 0, -1, Number.NaN, Number.POSITIVE_INFINITY].map((rate) => refuseRate(rate)?.kind),
    ).toEqual(Array.from({ length: 6 }, () => 'bad-sampling-rate'));
    expect(refuseRate(5)).toEqual({
      kind: 'bad-sampling-rate',
      message: "Sampling every 5 ms is not possible: the kernel's counters do not move so fast.",
      advice: 'Choose 10 to 1000 ms (100 Hz to 1 Hz); 100 ms is usual.',
    });
  });
});
