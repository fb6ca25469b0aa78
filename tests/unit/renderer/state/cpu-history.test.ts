import { describe, expect, it } from 'vitest';
import { CpuHistory, historyPath, historyPoints } from '../../../../src/renderer/state/cpu-history.svelte.ts';
import { drawnFrame } from '../../../support/drawn-frame.ts';

function history(...frames: readonly (readonly [atMs: number, cpuMs: Readonly<Record<number, number>>])[]) {
  const made = new CpuHistory();
  for (const [atMs, cpuMs] of frames) {
    const keys = Float64Array.from(Object.keys(cpuMs), Number);
    made.add(drawnFrame({ atMs, keys, cpuMs: Float64Array.from(Object.values(cpuMs)) }));
  }
  return made;
}

/** Per cent of a core, the last ones; `.` is unknown. */
function picture(shares: readonly number[] | null, last: number): string {
  if (shares === null) return 'nothing';
  return shares
    .slice(-last)
    .map((share) => (Number.isNaN(share) ? '.' : String(Math.round(share * 100))))
    .join(' ');
}

describe('the CPU of a row over the last minute', () => {
  it('has a point a second, from what was counted between them', () => {
    const made = history(
      [1000, { 1: 500 }],
      [1100, { 1: 600 }],
      [2000, { 1: 1000 }],
      [2985, { 1: 1985 }],
      [4000, { 1: 1985 }],
    );
    expect(picture(made.of(1), 4)).toBe('. 50 100 0');
    expect(made.of(1)).toHaveLength(historyPoints);
  });

  it('has a gap where no samples came, and where the row was not there', () => {
    const made = history(
      [1000, { 1: 0, 2: 0 }],
      [2000, { 1: 1000, 2: 100 }],
      [5000, { 1: 4000 }],
      [6000, { 1: 4500, 2: 200 }],
    );
    expect(picture(made.of(1), 6)).toBe('. 100 . . 100 50');
    expect(picture(made.of(2), 6)).toBe('. 10 . . . .');
  });

  it('forgets what was not seen for a minute, and keeps no point for longer', () => {
    const made = history([0, { 1: 0, 2: 0 }], [1000, { 1: 1000, 2: 1000 }]);
    for (let second = 2; second <= 61; second += 1) {
      made.add(
        drawnFrame({
          atMs: second * 1000,
          keys: Float64Array.of(1),
          cpuMs: Float64Array.of(1000),
        }),
      );
    }
    expect(made.of(2)).toBeNull();
    expect(new Set(made.of(1))).toEqual(new Set([0]));
  });

  it('is drawn with one core at the top, or the most that there was, and with gaps', () => {
    const size = { widthPx: 30, heightPx: 10 };
    expect(historyPath([0, 0.5, 1, 0], size)).toBe('M0.0 10.0L10.0 5.0L20.0 0.0L30.0 10.0');
    expect(historyPath([2, Number.NaN, 1, 2], size)).toBe('M0.0 0.0h0.1M20.0 5.0L30.0 0.0');
    expect(historyPath([Number.NaN, Number.NaN], size)).toBe('');
    expect(historyPath([0, 1], { ...size, topPx: 25 })).toBe('M0.0 35.0L30.0 25.0');
  });
});
