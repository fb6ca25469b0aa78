import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFrame } from '../../../../src/shared/frame-codec.ts';
import { coreTimeKinds } from '../../../../src/engine/sampler/core-times.ts';
import { coreErrorShare, createCoreWindow } from '../../../../src/engine/sampler/core-window.ts';

function show(value: number): string {
  return Number.isNaN(value) ? '-' : String(Math.round(value * 1000) / 1000);
}

function readNumber(text: string): number {
  return text === '-' ? Number.NaN : Number(text);
}

function drawn(table: string): string[] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/ +/g, ' '));
}

/**
 * Plays a table of `at | idle of each core | window busy…`: the right-hand side is what is expected. A dash is
 * unknown. The cores are in user mode while they are not idle.
 */
function expectTable(table: string): void {
  const window = createCoreWindow();
  const played = drawn(table).map((line) => {
    const [at = '', idle = ''] = line.split('|').map((part) => part.trim());
    const times = idle.split(' ').flatMap((text) => {
      const idleMs = readNumber(text);
      return [idleMs, Number(at) - idleMs, 0, 0, 0, 0];
    });
    window.push(Number(at), Float64Array.from(times), Number.NaN);
    const { columns } = createFrame({ cores: window.coreCount, rows: 0, details: 0 });
    window.write(columns);
    return `${at} | ${idle} | ${[window.windowMs, ...columns.coreBusy].map(show).join(' ')}`;
  });
  expect(played.join('\n')).toBe(drawn(table).join('\n'));
}

describe('the core window', () => {
  it('knows nothing until it is 200 ms long, then slides', () => {
    expectTable(`
      0   | 1000 5000 | - - -
      100 | 1100 5000 | - - -
      200 | 1200 5000 | 200 0 1
      300 | 1250 5000 | 200 0.25 1
      400 | 1250 5100 | 200 0.75 0.5`);
  });

  it('uses the shortest window that is long enough when ticks are late', () => {
    expectTable(`
      0    | 0   | - -
      130  | 130 | - -
      230  | 230 | 230 0
      900  | 230 | 670 1
      1200 | 530 | 300 0`);
  });

  it('does not wait for another tick when one is a little early', () => {
    expectTable(`
      0   | 0  | - -
      99  | 0  | - -
      198 | 99 | 198 0.5`);
  });

  it('stays between 0 and 1 where the idle counter steps by 10 ms', () => {
    expectTable(`
      0   | 0   | - -
      205 | 210 | 205 0
      405 | 410 | 200 0
      605 | 410 | 200 1`);
  });

  it('takes a stall of the sampler for what it is: one window over all of it, and no burst after it', () => {
    expectTable(`
      0   | 0   | - -
      100 | 50  | - -
      200 | 100 | 200 0.5
      400 | 200 | 200 0.5
      500 | 250 | 300 0.5
      600 | 300 | 200 0.5`);
  });

  it('knows a core that came once it was there for a window, and the others all the while', () => {
    expectTable(`
      0   | 0 0     | - - -
      200 | 0 200   | 200 1 0
      400 | 0 400 0 | 200 1 0 -
      500 | 0 500 0 | 300 1 0 -
      600 | 0 600 0 | 200 1 0 1`);
  });

  it('knows nothing of a core that is away, nor over the time that it was', () => {
    expectTable(`
      0   | 0 100 | - - -
      100 | 0 200 | - - -
      200 | 0 -   | 200 1 -
      300 | 0 -   | 200 1 -
      400 | 0 210 | 200 1 -
      500 | 0 310 | 200 1 -
      600 | 0 410 | 200 1 0`);
  });

  it('begins anew where cores have other places than before', () => {
    expectTable(`
      0   | 0 0 0 | - - - -
      200 | 0 0 0 | 200 1 1 1
      400 | 0 0   | - - -
      600 | 0 200 | 200 1 0`);
  });

  it('knows nothing of one core whose counter went back, even where it is soon further on', () => {
    expectTable(`
      0   | 10  0   | - - -
      100 | 0   0   | - - -
      200 | 100 100 | 200 - 0.5
      300 | 150 200 | 200 0.25 0`);
  });

  it('does not take the time that a machine was suspended for work', () => {
    const window = createCoreWindow();
    const busyAt = (atMs: number, ranMs: number): number => {
      window.push(atMs, Float64Array.of(ranMs / 2, ranMs / 2, 0, 0, 0, 0), Number.NaN);
      const { columns } = createFrame({ cores: 1, rows: 0, details: 0 });
      window.write(columns);
      return columns.coreBusy[0] ?? Number.NaN;
    };
    expect([busyAt(0, 0), busyAt(200, 200)]).toEqual([Number.NaN, 0.5]);
    // The clock went on for a minute, the counters for 0.2 s.
    expect([busyAt(60_200, 400), busyAt(60_300, 500), busyAt(60_400, 600)]).toEqual([
      Number.NaN,
      Number.NaN,
      0.5,
    ]);
    // A sampler that was held up for as long is another matter: the counters tell of all of it.
    expect(busyAt(120_400, 60_600)).toBe(0.5);
  });

  it('sees a load in step with the kernel tick as it is, for it never looks at tick-counted busy time', () => {
    // 37 % busy in 10 ms periods: the idle counter gains 6.3 ms in each, and is told in steps of 10 ms.
    const window = createCoreWindow();
    const loads: number[] = [];
    for (let atMs = 0; atMs <= 10_000; atMs += 100) {
      const idleMs = Math.floor((atMs * 0.63) / 10) * 10;
      window.push(atMs, Float64Array.of(idleMs, 0, 0, 0, 0, 0), Number.NaN);
      const { columns } = createFrame({ cores: 1, rows: 0, details: 0 });
      window.write(columns);
      loads.push(columns.coreBusy[0] ?? Number.NaN);
    }
    const known = loads.filter((load) => !Number.isNaN(load));
    expect(known).toHaveLength(99);
    expect(Math.max(...known.map((load) => Math.abs(load - 0.37)))).toBeLessThanOrEqual(0.05);
    expect(known.reduce((sum, load) => sum + load, 0) / known.length).toBeCloseTo(0.37, 2);
  });

  it('gives the other kinds of time over the same window, and unknown for one that was taken back', () => {
    const window = createCoreWindow();
    window.push(0, Float64Array.of(100, 10, 20, 50, 5, 1), Number.NaN);
    window.push(200, Float64Array.of(200, 70, 40, 40, 15, 11), Number.NaN);
    const { columns } = createFrame({ cores: 1, rows: 0, details: 0 });
    window.write(columns);
    const { coreBusy, coreUser, coreSystem, coreIowait, coreIrq, coreSteal, coreMhz } = columns;
    const kinds = [coreBusy, coreUser, coreSystem, coreIowait, coreIrq, coreSteal, coreMhz];
    expect(kinds.map(([share]) => share)).toEqual([0.5, 0.3, 0.1, Number.NaN, 0.05, 0.05, Number.NaN]);
  });

  it('gives the share of the window in which the work was held back', () => {
    const window = createCoreWindow();
    const throttledAt = (atMs: number, heldBackMs: number): number => {
      window.push(atMs, new Float64Array(coreTimeKinds), heldBackMs);
      return window.throttledShare;
    };
    expect([throttledAt(0, 0), throttledAt(200, 0), throttledAt(400, 50)]).toEqual([Number.NaN, 0, 0.25]);
    expect([throttledAt(600, 450), throttledAt(800, Number.NaN)]).toEqual([1, Number.NaN]);
  });
});

describe('the error of a core window', () => {
  it('is what was measured, at the windows that were', () => {
    const windows = [10, 20, 50, 100, 200, 500, 1000];
    const points = windows.map((windowMs) => coreErrorShare(windowMs, 4) * 100);
    [47, 19, 5.9, 3.4, 1.7, 0.7, 0.5].forEach((measured, index) => {
      expect(points[index]).toBeCloseTo(measured, 10);
    });
  });

  it('lies between the measured ones elsewhere, and never grows with the window', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 1e5, noNaN: true }),
        fc.double({ min: 1, max: 2, noNaN: true }),
        (window, by) => {
          const shorter = coreErrorShare(window, 4);
          const longer = coreErrorShare(window * by, 4);
          expect(shorter).toBeLessThanOrEqual(0.47 + 1e-12);
          expect(longer).toBeGreaterThanOrEqual(0.005 - 1e-12);
          expect(longer).toBeLessThanOrEqual(shorter + 1e-12);
        },
      ),
    );
  });

  it('is no smaller for a shorter tick, grows with a longer one, and is unknown without', () => {
    expect(coreErrorShare(200, 1)).toBe(coreErrorShare(200, 4));
    expect(coreErrorShare(200, 10)).toBeCloseTo(0.0425, 10);
    expect(coreErrorShare(200, null)).toBeNaN();
    expect(coreErrorShare(Number.NaN, 4)).toBeNaN();
  });
});
