import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareCosts } from '../../../bench/sampler/compare.ts';
import { parseCpuFields, spentBetween } from '../../../bench/support/cpu-cost.ts';
import { parseSamplingTask, samplingParameters } from '../../../bench/support/reading.ts';
import { orderOfRound } from '../../../bench/support/rounds.ts';
import { errorFigures, spreadOf } from '../../../bench/support/statistics.ts';
import { drawTable, showNumber, showRatio } from '../../../bench/support/table.ts';

const nothing = { median: Number.NaN, lowest: Number.NaN, highest: Number.NaN };

describe('statistics of the benchmarks', () => {
  it('leave out what is not known', () => {
    expect(spreadOf([3, Number.NaN, 1, 2])).toEqual({ median: 2, lowest: 1, highest: 3 });
    expect(errorFigures([3, -4, Number.NaN])).toEqual({ count: 2, rms: Math.sqrt(12.5), bias: -0.5 });
  });

  it('know nothing of nothing', () => {
    expect(spreadOf([])).toEqual(nothing);
    expect(errorFigures([Number.NaN])).toEqual({ count: 0, rms: Number.NaN, bias: Number.NaN });
  });
});

describe('the comparison of costs', () => {
  it('divides within each round, before it takes the middle', () => {
    const costs = new Map<string, ({ cpuShare: number; heldHz: number } | null)[]>([
      ['ours', [0.01, 0.02, 0.03].map((cpuShare) => ({ cpuShare, heldHz: 10 }))],
      ['peer', [0.02, 0.08, 0.03].map((cpuShare) => ({ cpuShare, heldHz: Number.NaN }))],
      ['unable', [null, null, null]],
    ]);
    expect(compareCosts(costs, 'ours')).toEqual([
      {
        name: 'ours',
        cost: { median: 0.02, lowest: 0.01, highest: 0.03 },
        heldHz: 10,
        ratio: { median: 1, lowest: 1, highest: 1 },
      },
      {
        name: 'peer',
        cost: { median: 0.03, lowest: 0.02, highest: 0.08 },
        heldHz: Number.NaN,
        ratio: { median: 0.5, lowest: 0.25, highest: 1 },
      },
      { name: 'unable', cost: nothing, heldHz: Number.NaN, ratio: nothing },
    ]);
  });
});

describe('the CPU cost of a program', () => {
  it('is read after the last bracket, with the children that were waited for', () => {
    const stat = '12 (a) b ) S 1 2 3 4 5 6 7 8 9 10 11 22 33 44 20 0 1 0 77 8 9';
    expect(parseCpuFields(stat)).toEqual({ ownMs: 330, waitedForMs: 770 });
  });

  it('is not known from any other text', () => {
    expect(parseCpuFields('')).toBeNull();
    expect(parseCpuFields('12 (a) S 1 2')).toBeNull();
    fc.assert(
      fc.property(fc.string(), (text) => {
        const fields = parseCpuFields(text);
        expect(fields === null || !Number.isNaN(fields.ownMs + fields.waitedForMs)).toBe(true);
      }),
    );
  });

  it('is what the threads used, or the coarse count where threads have ended', () => {
    const before = { threadsMs: 100, ticksMs: 100 };
    expect(spentBetween(before, { threadsMs: 103.5, ticksMs: 140 })).toBe(3.5);
    expect(spentBetween(before, { threadsMs: 103.5, ticksMs: 150 })).toBe(50);
    expect(spentBetween(before, { threadsMs: 50, ticksMs: 150 })).toBe(50);
    expect(spentBetween(before, { threadsMs: Number.NaN, ticksMs: 120 })).toBe(20);
  });
});

describe('the order of rounds', () => {
  it('turns by one and runs backwards every second time', () => {
    const orders = [0, 1, 2, 3].map((round) => orderOfRound(['a', 'b', 'c'], round).join(''));
    expect(orders).toEqual(['abc', 'acb', 'cab', 'cba']);
    expect(orderOfRound([], 3)).toEqual([]);
  });

  it('leaves nobody out', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 1 }), fc.nat(), (items, round) => {
        expect(orderOfRound(items, round).toSorted()).toEqual(items.toSorted());
      }),
    );
  });
});

describe('tables of the benchmarks', () => {
  it('align figures to the right', () => {
    expect(drawTable(['who', 'CPU'], [['ours', '0.5'], ['a peer', '12'], ['nobody']])).toBe(
      ['who     CPU', '------  ---', 'ours    0.5', 'a peer   12', 'nobody'].join('\n'),
    );
  });

  it('show three digits, ratios as people say them, and what is not known as such', () => {
    expect([0.12345, 1.2345, 12.345, 123.45, -12.34, Number.NaN].map(showNumber)).toEqual([
      '0.123',
      '1.23',
      '12.3',
      '123',
      '-12.3',
      'n/a',
    ]);
    expect([0.125, 2, 1, Number.NaN].map(showRatio)).toEqual(['1/8.00', '2.00x', '1.00x', 'n/a']);
  });
});

describe('the parameters of a sampling program', () => {
  it('come out as they went in', () => {
    const tasks = [
      { rootPid: 12, everyMs: 100, core: null },
      { rootPid: 12, everyMs: 1000, core: 1 },
    ];
    for (const task of tasks) expect(parseSamplingTask(samplingParameters(task))).toEqual(task);
  });

  it('are refused when they are not numbers', () => {
    expect(() => parseSamplingTask(['x', '100', '-'])).toThrow('expected PID EVERY_MS CORE|-, got x 100 -');
    expect(() => parseSamplingTask(['12', '0', '-'])).toThrow();
    expect(() => parseSamplingTask(['12', '100', 'y'])).toThrow();
    expect(() => parseSamplingTask([])).toThrow();
  });
});
