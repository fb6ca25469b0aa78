import { describe, expect, it } from 'vitest';
import { isWithin, judgeAdded } from '../../../bench/runner/judge.ts';

const bareMs = [100, 110, 90, 105, 95, 100, 102, 98];

describe('what run hosts add', () => {
  it('is met where it is no more than 5 ms of a short run', () => {
    const oursMs = bareMs.map((ms) => ms + 4);
    expect(judgeAdded(oursMs, bareMs)).toEqual({
      addedMs: 4,
      lowMs: 4,
      highMs: 4,
      allowedMs: 5,
      verdict: 'met',
    });
  });

  it('may be 1 % of a long one', () => {
    const longMs = bareMs.map((ms) => 10 * ms);
    expect(
      judgeAdded(
        longMs.map((ms) => ms + 9),
        longMs,
      ),
    ).toMatchObject({ addedMs: 9, allowedMs: 10, verdict: 'met' });
  });

  it('is missed where every round adds more', () => {
    const oursMs = bareMs.map((ms) => ms + 6);
    expect(judgeAdded(oursMs, bareMs).verdict).toBe('missed');
  });

  it('is unclear where the middle is more and the rounds differ widely', () => {
    const noiseMs = [-20, 30, -15, 40, -10, 25, 35, -5];
    const oursMs = bareMs.map((ms, round) => ms + (noiseMs[round] ?? 0));
    const { addedMs, lowMs, verdict } = judgeAdded(oursMs, bareMs);
    expect(addedMs).toBe(10);
    expect(lowMs).toBeLessThan(5);
    expect(verdict).toBe('unclear');
  });

  it('is not moved by one round that something else disturbed', () => {
    const oursMs = bareMs.map((ms, round) => ms + (round === 3 ? 900 : 2));
    expect(judgeAdded(oursMs, bareMs)).toMatchObject({ addedMs: 2, verdict: 'met' });
  });

  it('needs as many rounds of either side', () => {
    expect(() => judgeAdded([1, 2, 3], [1, 2])).toThrow('at least two pairs');
    expect(() => judgeAdded([1], [1])).toThrow('at least two pairs');
  });
});

describe('a ratio', () => {
  it.each([
    [1.5, [1.4, 1.6], true],
    [1.4, [1.4, 1.6], true],
    [1.7, [1.4, 1.6], false],
    [Number.NaN, [1.4, 1.6], false],
    [1.5, [Number.NaN, Number.NaN], false],
  ] as const)('of %d within %j: %j', (median, interval, within) => {
    expect(isWithin(median, interval)).toBe(within);
  });
});
