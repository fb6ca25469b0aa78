import { describe, expect, it } from 'vitest';
import { expectedMs, usualPlan } from '../../../../src/engine/differences/measure.ts';
import { batteryMs, remainingTime } from '../../../../src/engine/differences/steps.ts';

describe('what a battery takes', () => {
  it('grows by a round of CPU work and of idle workers', () => {
    const roundMs = 3 * 700 + 4 * 1700;
    expect(batteryMs('node', 3) - batteryMs('node', 1)).toBe(2 * roundMs);
    expect(batteryMs('node', 1)).toBe(roundMs + 3 * 600 + 4 * 700 + 2 * 500 + 2 * 600 + 600 + 300);
    expect(batteryMs('python', 1) - batteryMs('node', 1)).toBe(700 - 300);
  });

  it('is under two minutes for both runtimes on two cores', () => {
    expect(expectedMs(usualPlan('whole', 2))).toBeLessThan(120_000);
  });

  it('has at least two workers and at most four', () => {
    expect([1, 2, 3, 64].map((cores) => usualPlan('quick', cores).workers)).toEqual([2, 2, 3, 4]);
  });

  it('is expected to go on as fast as it went so far, once that says something', () => {
    expect(remainingTime(0, 10_000, 0)).toBe(10_000);
    expect(remainingTime(400, 10_000, 4_000)).toBe(9_600);
    expect(remainingTime(5_000, 10_000, 20_000)).toBe(20_000);
    expect(remainingTime(11_000, 10_000, 20_000)).toBe(0);
  });
});
