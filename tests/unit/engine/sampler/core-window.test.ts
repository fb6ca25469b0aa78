import { describe, expect, it } from 'vitest';
import { createCoreWindow } from '../../../../src/engine/sampler/core-window.ts';

/**
 * Plays a table of `at | idle of each core | window busy…` and gives back the same table with the right-hand side
 * computed. A dash is NaN.
 */
function play(table: string): string {
  const window = createCoreWindow();
  const show = (value: number): string =>
    Number.isNaN(value) ? '-' : String(Math.round(value * 1000) / 1000);
  return drawn(table)
    .map((line) => {
      const [at = '', idle = ''] = line.split('|').map((part) => part.trim());
      const { busy, windowMs } = window.push(Number(at), Float64Array.from(idle.split(/\s+/), Number));
      return `${at} | ${idle} | ${[windowMs, ...busy].map(show).join(' ')}`;
    })
    .join('\n');
}

function drawn(table: string): string[] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().replace(/ +/g, ' '));
}

function expectTable(table: string): void {
  expect(play(table)).toBe(drawn(table).join('\n'));
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

  it('knows nothing after a core came or went', () => {
    expectTable(`
      0   | 0 0     | - - -
      200 | 0 200   | 200 1 0
      400 | 0 400 0 | - - - -
      600 | 0 600 0 | 200 1 0 1
      800 | 0 800   | - - -`);
  });

  it('knows nothing of one core whose counter went back, and still the others', () => {
    expectTable(`
      0   | 900 0   | - - -
      200 | 10  100 | 200 - 0.5
      400 | 110 200 | 200 0.5 0.5`);
  });

  it('sees a load in step with the kernel tick as it is, for it never looks at tick-counted busy time', () => {
    // 37 % busy in 10 ms periods: the idle counter gains 6.3 ms in each, and is told in steps of 10 ms.
    const window = createCoreWindow();
    const loads: number[] = [];
    for (let atMs = 0; atMs <= 10_000; atMs += 100) {
      const idleMs = Math.floor((atMs * 0.63) / 10) * 10;
      loads.push(window.push(atMs, Float64Array.of(idleMs)).busy[0] ?? Number.NaN);
    }
    const known = loads.filter((load) => !Number.isNaN(load));
    expect(known).toHaveLength(99);
    expect(Math.max(...known.map((load) => Math.abs(load - 0.37)))).toBeLessThanOrEqual(0.05);
    expect(known.reduce((sum, load) => sum + load, 0) / known.length).toBeCloseTo(0.37, 2);
  });
});
