import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSchedule } from '../../../../src/engine/sampler/schedule.ts';

/** The deadlines given when each one is asked for at these times, as `deadline(missed)`. */
function deadlinesAt(timesMs: readonly number[]): string {
  const schedule = createSchedule(1000, 100);
  return timesMs
    .map((nowMs) => schedule.next(nowMs))
    .map(({ atMs, missedTicks }) => `${atMs}(${missedTicks})`)
    .join(' ');
}

describe('the schedule', () => {
  it('begins at once and keeps to the grid, whatever each tick took', () => {
    expect(deadlinesAt([1000, 1001, 1130, 1299])).toBe('1000(0) 1100(0) 1200(0) 1300(0)');
  });

  it('takes a tick late rather than never when its deadline passed during the one before', () => {
    expect(deadlinesAt([1000, 1150])).toBe('1000(0) 1100(0)');
  });

  it('skips and counts the deadlines that passed, and does not make up for them', () => {
    expect(deadlinesAt([1000, 1350, 1351, 1352])).toBe('1000(0) 1300(2) 1400(2) 1500(2)');
  });

  it('leaves out the deadline right after a tick that was begun late: nothing can be read of two milliseconds', () => {
    const schedule = createSchedule(1000, 100);
    const at = (nowMs: number, startedAtMs: number): string => {
      const { atMs, missedTicks } = schedule.next(nowMs, startedAtMs);
      return `${atMs}(${missedTicks})`;
    };
    schedule.next(1000);
    // Begun 98, 74 and 76 ms late; and in time, but with a long reading.
    expect([at(1001, 1000), at(1199, 1198), at(1375, 1374), at(1477, 1476), at(1690, 1600)].join(' ')).toBe(
      '1100(0) 1300(1) 1400(1) 1600(2) 1700(2)',
    );
  });

  it('takes another step from the last deadline on, and goes on counting', () => {
    const schedule = createSchedule(1000, 100);
    const at = (nowMs: number): string => {
      const { atMs, missedTicks } = schedule.next(nowMs);
      return `${atMs}(${missedTicks})`;
    };
    const slow = [at(1000), at(1001), at(1310)];
    schedule.changeEvery(200);
    schedule.changeEvery(200);
    const slower = [at(1320), at(1501), at(1950)];
    schedule.changeEvery(100);
    expect([...slow, ...slower, at(1960), at(2001)].join(' ')).toBe(
      '1000(0) 1100(0) 1300(1) 1500(1) 1700(1) 1900(1) 2000(1) 2100(1)',
    );
  });

  it('keeps its first deadline when the step changes before it', () => {
    const schedule = createSchedule(1000, 100);
    schedule.changeEvery(400);
    expect([schedule.next(1000).atMs, schedule.next(1001).atMs]).toEqual([1000, 1400]);
  });

  it('goes on counting over several stalls', () => {
    expect(deadlinesAt([1000, 1310, 1320, 1999, 2000])).toBe('1000(0) 1300(2) 1400(2) 1900(6) 2000(6)');
  });

  it('never gives a deadline twice, never goes back, and accounts for every one', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 500, noNaN: true })), (tickLengthsMs) => {
        const schedule = createSchedule(0, 10);
        let nowMs = 0;
        let startedAtMs = Number.NEGATIVE_INFINITY;
        tickLengthsMs.forEach((lengthMs, taken) => {
          const { atMs, missedTicks } = schedule.next(nowMs, startedAtMs);
          expect(atMs / 10).toBe(taken + missedTicks);
          expect(nowMs - atMs).toBeLessThan(10);
          expect(Math.max(nowMs, atMs) - startedAtMs).toBeGreaterThanOrEqual(2.5);
          startedAtMs = Math.max(nowMs, atMs) + (lengthMs % 30);
          nowMs = startedAtMs + lengthMs;
        });
      }),
    );
  });
});
