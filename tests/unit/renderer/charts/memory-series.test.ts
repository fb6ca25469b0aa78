import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  memoryAxisEnd,
  memoryLine,
  pointAt,
  type MemoryPoint,
} from '../../../../src/renderer/charts/memory-series.ts';

/** A point per 250 ms; the digits are MB, `?` is unknown, a space is a point that never came. */
function pointsOf(text: string): MemoryPoint[] {
  return Array.from(text).flatMap((character, index) => {
    if (character === ' ') return [];
    const pssBytes = character === '?' ? Number.NaN : Number(character) * 1e6;
    return [{ atMs: index * 250, pssBytes, rssBytes: 2 * pssBytes }];
  });
}

/** The line as text: MB per point, `|` where it is broken. */
function drawn(points: readonly MemoryPoint[], startMs: number, spanMs: number, columns = 1_000): string {
  return memoryLine(points, 'pssBytes', { startMs, spanMs }, columns)
    .map(([, bytes]) => (bytes === null ? '|' : String(bytes / 1e6)))
    .join('');
}

describe('the memory line', () => {
  it('joins what is in the range with one point on either side', () => {
    expect(drawn(pointsOf('123456789'), 750, 500)).toBe('3456');
  });

  it('breaks where memory is unknown and where points are lost, and begins with a value', () => {
    expect(drawn(pointsOf('??12??34        56'), 0, 10_000)).toBe('12|34|56');
  });

  it('is never drawn as 0 where it is unknown', () => {
    expect(drawn(pointsOf('????'), 0, 10_000)).toBe('');
  });

  it('shows lowest and highest of each column where points are many, in their order', () => {
    expect(drawn(pointsOf('59188735'), 0, 2_000, 2)).toBe('9183');
  });

  it('keeps the highest value however few columns there are', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 40 }),
        (values, columns) => {
          const points = values.map((bytes, index) => ({
            atMs: index * 250,
            pssBytes: bytes,
            rssBytes: bytes,
          }));
          const line = memoryLine(points, 'pssBytes', { startMs: 0, spanMs: values.length * 250 }, columns);
          expect(Math.max(...line.map(([, bytes]) => bytes ?? 0))).toBe(Math.max(...values));
          expect(line.length).toBeLessThanOrEqual(Math.max(2 * columns + 2, values.length));
        },
      ),
    );
  });

  it('finds the nearest point, or none where the nearest is too far', () => {
    const points = pointsOf('12             3');
    expect(pointAt(points, 130)?.pssBytes).toBe(2e6);
    expect(pointAt(points, 120)?.pssBytes).toBe(1e6);
    expect(pointAt(points, 1_760)).toBeNull();
    expect(pointAt([], 0)).toBeNull();
  });

  it('ends its axis at a round number that holds the highest value', () => {
    expect([0, 2e7, 2.1e7, 64e6, 96e6, 1.1e9].map(memoryAxisEnd)).toEqual([2e7, 2e7, 4e7, 8e7, 1e8, 2e9]);
  });
});
