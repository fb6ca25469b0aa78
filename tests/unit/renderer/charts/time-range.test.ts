import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clampRange,
  formatSessionTime,
  panRange,
  timeTicks,
  zoomRange,
} from '../../../../src/renderer/charts/time-range.ts';

const bounds = { firstMs: 0, latestMs: 300_000 };

describe('zooming', () => {
  it('keeps the time under the pointer in place', () => {
    const zoomed = zoomRange({ startMs: 100_000, spanMs: 60_000 }, 0.25, 0.5, bounds);
    expect(zoomed).toEqual({ startMs: 107_500, spanMs: 30_000 });
  });

  it('ends at one second and at the whole recording', () => {
    const range = { startMs: 100_000, spanMs: 60_000 };
    expect(zoomRange(range, 0.5, 1e-6, bounds)).toEqual({ startMs: 129_500, spanMs: 1_000 });
    expect(zoomRange(range, 0.5, 1e6, bounds)).toEqual({ startMs: 0, spanMs: 300_000 });
  });

  it('reaches a minute even in a session of five seconds', () => {
    const young = { firstMs: 100, latestMs: 5_000 };
    expect(zoomRange({ startMs: 0, spanMs: 2_000 }, 0, 1e6, young)).toEqual({ startMs: 0, spanMs: 60_000 });
  });
});

describe('panning', () => {
  it('moves by a fraction of what is shown and keeps the span to the bit', () => {
    const range = { startMs: 100_000, spanMs: 60_000 / 7 };
    expect(panRange(range, 0.5, bounds)).toEqual({ startMs: 100_000 + 30_000 / 7, spanMs: 60_000 / 7 });
  });

  it('stops at the first and at the newest sample', () => {
    const range = { startMs: 100_000, spanMs: 60_000 };
    expect(panRange(range, -9, bounds)).toEqual({ startMs: 0, spanMs: 60_000 });
    expect(panRange(range, 9, bounds)).toEqual({ startMs: 240_000, spanMs: 60_000 });
  });

  it('stays within the recording whatever is asked, and is then left alone', () => {
    const time = fc.double({ min: 0, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(
        time,
        time,
        time,
        fc.double({ min: 1, max: 1e8, noNaN: true }),
        (first, length, startMs, spanMs) => {
          const some = { firstMs: first, latestMs: first + length };
          const once = clampRange({ startMs, spanMs }, some);
          expect(once.startMs).toBeGreaterThanOrEqual(0);
          expect(once.startMs).toBeLessThanOrEqual(some.latestMs);
          expect(clampRange(once, some)).toEqual(once);
        },
      ),
    );
  });
});

describe('the time axis', () => {
  it('has round ticks, as many as fit', () => {
    expect(timeTicks({ startMs: 12_345, spanMs: 60_000 }, 540)).toEqual({
      stepMs: 10_000,
      ticksMs: [20_000, 30_000, 40_000, 50_000, 60_000, 70_000],
    });
    expect(timeTicks({ startMs: 900, spanMs: 1_000 }, 900).ticksMs).toEqual([
      900, 1_000, 1_100, 1_200, 1_300, 1_400, 1_500, 1_600, 1_700, 1_800, 1_900,
    ]);
  });

  it.each([
    [0, 1_000, '0:00'],
    [61_999, 1_000, '1:01'],
    [3_600_000, 1_000, '1:00:00'],
    [46_520, 100, '0:46.5'],
    [46_520, 10, '0:46.52'],
    [3 * 100.1 - 0.3, 100, '0:00.3'],
    [0.3 * 1_000 - 1e-10, 100, '0:00.3'],
    [Number.NaN, 100, 'n/a'],
  ])('writes %d ms at a precision of %d ms as %s', (atMs, precisionMs, text) => {
    expect(formatSessionTime(atMs, precisionMs)).toBe(text);
  });
});
