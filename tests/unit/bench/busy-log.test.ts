import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBusyLog, fillShortGaps, widen } from '../../../bench/accuracy/busy-log.ts';

describe('the busy log', () => {
  const log = createBusyLog([10, 14, 20, 26]);

  it('adds up the parts of intervals that lie in a window', () => {
    expect(log.busyBetween(0, 30)).toBe(10);
    expect(log.busyBetween(12, 22)).toBe(4);
    expect(log.busyBetween(21, 23)).toBe(2);
    expect(log.busyBetween(14, 20)).toBe(0);
    expect(log.busyBetween(30, 40)).toBe(0);
  });

  it('knows where the burner slept, with a margin to either side', () => {
    expect(log.isAsleepAround(17, 2)).toBe(true);
    expect(log.isAsleepAround(15, 2)).toBe(false);
    expect(log.isAsleepAround(19, 2)).toBe(false);
    expect(log.isAsleepAround(12, 1)).toBe(false);
    expect(log.isAsleepAround(17, 10)).toBe(false);
  });

  it('is empty without edges', () => {
    const empty = createBusyLog([]);
    expect(empty.busyBetween(0, 1000)).toBe(0);
    expect(empty.firstMs).toBeNaN();
  });

  it('refuses edges that go back or lack a partner', () => {
    expect(() => createBusyLog([1, 3, 2, 4])).toThrow('edge 2 (2) comes before 3');
    expect(() => createBusyLog([1, Number.NaN])).toThrow(RangeError);
    expect(() => createBusyLog([1])).toThrow('1 edges do not make intervals');
  });

  it('grows at both ends of each interval', () => {
    expect(widen(log, () => 1).edges).toEqual([9.5, 14.5, 19.5, 26.5]);
    expect(widen(log, () => -1).edges).toEqual([10.5, 13.5, 20.5, 25.5]);
  });

  it('grows until neighbours meet, and shrinks until nothing is left', () => {
    expect(widen(log, () => 100).edges).toEqual([-40, 17, 17, 76]);
    expect(widen(log, () => -100).edges).toEqual([12, 12, 23, 23]);
  });

  it('grows each interval by its own amount', () => {
    expect(widen(log, (interval) => [2, 0][interval] ?? 9).edges).toEqual([9, 15, 20, 26]);
  });

  it('loses its shortest gaps until the time to be filled is used up', () => {
    const restless = createBusyLog([0, 10, 13, 20, 21, 30, 32, 40]);
    expect(fillShortGaps(restless, 0.9).edges).toEqual(restless.edges);
    expect(fillShortGaps(restless, 1).edges).toEqual([0, 10, 13, 30, 32, 40]);
    expect(fillShortGaps(restless, 5.5).edges).toEqual([0, 10, 13, 40]);
    expect(fillShortGaps(restless, 100).edges).toEqual([0, 40]);
    expect(fillShortGaps(restless, -1).edges).toEqual(restless.edges);
  });

  it('says the same as counting in small steps', () => {
    const edgesOf = fc
      .array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 })
      .map((steps) => steps.slice(0, steps.length - (steps.length % 2)))
      .map((steps) => {
        let atMs = 0;
        return steps.map((step) => (atMs += step));
      });
    const bound = fc.integer({ min: -10, max: 600 });
    fc.assert(
      fc.property(edgesOf, bound, bound, (edges, one, other) => {
        const fromMs = Math.min(one, other);
        const toMs = Math.max(one, other);
        let counted = 0;
        for (let atMs = fromMs; atMs < toMs; atMs += 1) {
          const isBusy = edges.some(
            (edge, index) => index % 2 === 0 && edge <= atMs && atMs < (edges[index + 1] ?? edge),
          );
          if (isBusy) counted += 1;
        }
        expect(createBusyLog(edges).busyBetween(fromMs, toMs)).toBe(counted);
      }),
    );
  });
});
