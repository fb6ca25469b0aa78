import { describe, expect, it } from 'vitest';
import { budgetAt, createPace, refuseRate } from '../../../../src/engine/sampler/pace.ts';

/**
 * Lets `seconds` pass at a cost of `percent` of a core each, ticks at the pace's own rate, and tells after each second
 * what it is: `100` for ticks 100 ms apart, `100t` where it is thrifty as well.
 */
function paceOver(
  requestedEveryMs: number,
  parts: readonly (readonly [seconds: number, percent: number])[],
): string {
  const pace = createPace(requestedEveryMs);
  let nowMs = 0;
  let cpuMs = 500;
  const seen: string[] = [];
  pace.note(nowMs, cpuMs);
  for (const [seconds, percent] of parts) {
    for (let second = 0; second < seconds; second += 1) {
      const endMs = nowMs + 1000;
      while (nowMs < endMs) {
        nowMs += pace.everyMs;
        cpuMs += (pace.everyMs * percent) / 100;
        pace.note(nowMs, cpuMs);
      }
      seen.push(`${pace.everyMs}${pace.isThrifty ? 't' : ''}`);
    }
  }
  return seen.join(' ');
}

describe('the pace', () => {
  it('stays as asked below the budget of 1 % of a core', () => {
    expect(paceOver(100, [[5, 0.98]])).toBe('100 100 100 100 100');
  });

  it('first reads the seldom things less often, after three seconds above the budget', () => {
    expect(paceOver(100, [[6, 1.8]])).toBe('100 100 100t 100t 100t 100t');
  });

  it('doubles the time between ticks after three more above twice the budget, down to one tick a second', () => {
    expect(paceOver(100, [[18, 4]])).toBe(
      '100 100 100t 100t 100t 200t 200t 200t 400t 400t 800t 800t 1000t 1000t 1000t 1000t 1000t 1000t',
    );
  });

  it('does not mind a burst shorter than three seconds', () => {
    expect(
      paceOver(100, [
        [2, 10],
        [1, 0.2],
        [2, 10],
      ]),
    ).toBe('100 100 100 100 100');
  });

  it('comes back step by step, after ten seconds each below half of what made it slow', () => {
    const slow = '100 100 100t 100t 100t 200t';
    const calm = [...Array<string>(9).fill('200t'), ...Array<string>(10).fill('100t'), '100'].join(' ');
    expect(
      paceOver(100, [
        [6, 4],
        [20, 0.4],
      ]),
    ).toBe(`${slow} ${calm}`);
  });

  it('stays slow where the faster rate would be above the limit again', () => {
    expect(
      paceOver(100, [
        [6, 4],
        [15, 1.2],
      ]).endsWith('200t 200t 200t'),
    ).toBe(true);
  });

  it('has a budget that grows with the rate that was asked for', () => {
    expect([1000, 200, 100, 50, 10].map(budgetAt)).toEqual([0.01, 0.01, 0.01, 0.02, 0.1]);
    expect(paceOver(10, [[4, 9.8]])).toBe('10 10 10 10');
    expect(paceOver(10, [[6, 22]])).toBe('10 10 10t 10t 10t 20t');
  });

  it('never goes below one tick a second, and keeps that where it was asked for', () => {
    expect(paceOver(1000, [[9, 16]])).toBe('1000 1000 1000t 1000t 1000t 1000t 1000t 1000t 1000t');
  });

  it('changes nothing while the cost is not known', () => {
    expect(paceOver(100, [[9, Number.NaN]])).toBe('100 100 100 100 100 100 100 100 100');
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
