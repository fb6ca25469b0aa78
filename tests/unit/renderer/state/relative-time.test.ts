import { describe, expect, it } from 'vitest';
import { formatAgo, formatMoment, formatTimeOfDay } from '../../../../src/renderer/state/relative-time.ts';

const now = Date.UTC(2026, 10, 21, 12);
const secondMs = 1000;
const hourMs = 3600 * secondMs;

describe('how long ago', () => {
  it.each([
    [59 * secondMs, 'just now'],
    [60 * secondMs, '1 min ago'],
    [59.9 * 60 * secondMs, '59 min ago'],
    [23.9 * hourMs, '23 h ago'],
    [24 * hourMs, 'yesterday'],
    [29.5 * 24 * hourMs, '29 days ago'],
  ])('%d ms is "%s"', (agoMs, words) => {
    expect(formatAgo(now - agoMs, now)).toBe(words);
  });

  it('stands beside the time of day, in which an unknown moment is n/a', () => {
    expect(formatTimeOfDay(new Date(2026, 10, 21, 7, 5, 9, 999).getTime())).toBe('07:05:09');
    expect(formatTimeOfDay(Number.NaN)).toBe('n/a');
  });

  it('is the date from a month on', () => {
    const long = now - 40 * 24 * hourMs;
    expect(formatAgo(long, now)).toBe(formatMoment(long).slice(0, 10));
    expect(formatMoment(long)).toMatch(/^2026-10-1[12] \d\d:00$/);
  });
});
