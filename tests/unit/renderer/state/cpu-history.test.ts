import fc from 'fast-check';
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

  it('is told of a row that is asked for each second as of one that never was', () => {
    const asked = new CpuHistory();
    const other = new CpuHistory();
    const seconds = [0, 700, 900, 2900, 2900, 3000];
    for (const [second, cpuMs] of seconds.entries()) {
      const frame = drawnFrame({
        atMs: second * 1000,
        keys: Float64Array.of(7),
        cpuMs: Float64Array.of(cpuMs),
      });
      asked.add(frame);
      other.add(frame);
      asked.of(7);
    }
    expect(picture(asked.of(7), 6)).toBe('. 70 20 200 0 10');
    expect(asked.of(7)).toEqual(other.of(7));
    expect(asked.of(7)).toBe(asked.of(7));
  });

  it('is drawn with one core at the top, or the most that there was, and with gaps', () => {
    const size = { width: 30, height: 10 };
    expect(historyPath([0, 0.5, 1, 0], size)).toBe('m0 10l10 -5l10 -5l10 10');
    expect(historyPath([2, Number.NaN, 1, 2], size)).toBe('m0 0h1m19 5l10 -5');
    expect(historyPath([Number.NaN, Number.NaN], size)).toBe('');
  });

  it('is drawn in one step where it stays level', () => {
    const size = { width: 60, height: 10 };
    expect(historyPath([0.5, 0.5, 0.5, 1, 1, Number.NaN, 1], size)).toBe('m0 5h20l10 -5h10m20 0h1');
  });

  it('is drawn through every point that is known', () => {
    const size = { width: 680, height: 150 };
    const share = fc.oneof(
      fc.constant(Number.NaN),
      fc.constant(0.5),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(share, { minLength: 2, maxLength: historyPoints }), (shares) => {
        const drawn = pointsOf(historyPath(shares, size));
        for (const [index, each] of shares.entries()) {
          const x = Math.round((index / (shares.length - 1)) * size.width);
          const expected = Number.isNaN(each) ? undefined : Math.round(size.height * (1 - each));
          expect(drawn.get(x)).toBe(expected);
        }
      }),
    );
  });
});

/** Height by place, of all places that a path goes through or ends at; between two corners only where it is level. */
function pointsOf(path: string): Map<number, number> {
  const heights = new Map<number, number>();
  let [x, y] = [0, 0];
  for (const [, step = '', across = '', down = '0'] of path.matchAll(/([mlh])(-?\d+)(?: (-?\d+))?/g)) {
    const toX = x + Number(across);
    // A dot is as long as it has to be to be seen.
    const isDot = step === 'h' && Number(across) === 1;
    if (step === 'h' && !isDot) for (let at = x; at <= toX; at += 1) heights.set(at, y);
    x = toX;
    y += Number(down);
    if (!isDot) heights.set(x, y);
  }
  return heights;
}
