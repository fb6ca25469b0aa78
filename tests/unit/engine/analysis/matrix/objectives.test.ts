import { describe, expect, it } from 'vitest';
import type { Candidate } from '../../../../../src/engine/analysis/matrix/candidate.ts';
import { choose } from '../../../../../src/engine/analysis/matrix/objectives.ts';
import type { Objective } from '../../../../../src/shared/experiment-analysis.ts';
import { paretoFront } from '../../../../../src/engine/analysis/matrix/pareto.ts';
import { cell } from '../simulate.ts';

/**
 * Candidates drawn one a line: name, time over that of the fastest (`=` cannot be told apart from it, `?` behind it:
 * nothing explains the gain), memory in MB (`-` unknown), CPU seconds, and by how many MB its runs differ.
 */
function candidatesFrom(drawing: string): Candidate[] {
  return drawing
    .trim()
    .split('\n')
    .map((line): Candidate => {
      const [name = '', time = '', megabytes = '', cpuSeconds = '', spread = '0'] = line.trim().split(/\s+/);
      const ratio = time === '=' ? 1 : Number(time.replace('?', ''));
      return {
        cell: cell(name, 2, []),
        wallMs: { median: 100 * ratio, ci95: [100 * ratio, 100 * ratio] },
        ratio: { median: ratio, ci95: [ratio, ratio] },
        isTied: ratio === 1,
        isDoubted: time.endsWith('?'),
        memoryBytes: megabytes === '-' ? null : Number(megabytes) * 1e6,
        memorySpreadBytes: Number(spread) * 1e6,
        cpuSeconds: Number(cpuSeconds),
      };
    });
}

function chosen(objective: Objective, drawing: string): string {
  return choose(objective, candidatesFrom(drawing)).candidate.cell.strategy;
}

describe('a gain that nothing explains', () => {
  const drawing = `
    threads   1.00  90 1
    serial    1.15? 40 1
    processes 1.12  30 1`;

  it.each(['balanced', 'fastest', 'leanest'] as const)(
    'buys nothing: %s picks the cheaper one',
    (objective) => {
      expect(chosen(objective, drawing)).toBe('serial');
      expect(chosen(objective, drawing.replace('?', ' '))).not.toBe('serial');
    },
  );

  it('counts for nothing among the safe ones either', () => {
    expect(chosen('safest', 'processes 1.00 90 1\ncopies 1.15? 40 1')).toBe('copies');
  });
});

describe('balanced', () => {
  it('lets twice the memory buy 16 % of the time and no less', () => {
    const drawing = (ratio: string): string => `
      fast    1.00     200 1
      serial  ${ratio} 100 1`;
    expect(chosen('balanced', drawing('1.17'))).toBe('serial');
    expect(chosen('balanced', drawing('1.21'))).toBe('fast');
  });

  it('lets twice the CPU time buy 7 % of the time and no less', () => {
    const drawing = (ratio: string): string => `
      fast    1.00     100 2
      serial  ${ratio} 100 1`;
    expect(chosen('balanced', drawing('1.05'))).toBe('serial');
    expect(chosen('balanced', drawing('1.09'))).toBe('fast');
  });

  it('takes memory that differs by less than equal runs do for the same', () => {
    const drawing = (spread: string): string => `
      async   1.00 100 2 0
      threads =    104 1 ${spread}`;
    expect(chosen('balanced', drawing('1'))).toBe('async');
    expect(chosen('balanced', drawing('5'))).toBe('threads');
  });

  it('leaves memory out where it is unknown of one', () => {
    expect(chosen('balanced', 'fast 1 - 1\n serial 1.02 1 1')).toBe('fast');
  });
});

describe('the other objectives', () => {
  const drawing = `
    threads      1.00 300 4
    async        =    301 4
    serial       1.09 100 1
    tiny         1.11 1   1
    processes    1.19 500 4
    process-pool 1.30 90  4`;

  it('take the cheapest of the tied, the leanest within 10 %, the fastest isolated within 20 %', () => {
    expect(chosen('fastest', drawing)).toBe('threads');
    expect(chosen('leanest', drawing)).toBe('serial');
    expect(choose('safest', candidatesFrom(drawing))).toMatchObject({
      isMet: true,
      candidate: { cell: { strategy: 'processes' } },
    });
    expect(choose('safest', candidatesFrom(drawing.replace('1.19', '1.21')))).toMatchObject({ isMet: false });
  });

  it('know the leanest of those near the fastest by their memory alone, and need none to know it of one', () => {
    const isKnown = (drawn: string): boolean => choose('leanest', candidatesFrom(drawn)).isMet;
    expect(isKnown('serial 1 20 1\n threads 1.05 40 1\n processes 1.5 - 1')).toBe(true);
    expect(isKnown('serial 1 - 1\n threads 1.05 40 1\n processes 1.5 60 1')).toBe(false);
    expect(isKnown('serial 1 - 1\n threads 1.5 40 1\n processes 2 60 1')).toBe(true);
  });
});

describe('the Pareto front', () => {
  const isFaster = (first: Candidate, second: Candidate): boolean => first.ratio.median < second.ratio.median;
  const front = (drawing: string): string[] =>
    paretoFront(candidatesFrom(drawing), isFaster).map(({ cell: { strategy } }) => strategy);

  it('leaves out what is slower and dearer and no safer', () => {
    expect(front('threads 1 100 1\n async 1.5 200 1\n serial 2 50 1')).toEqual(['threads', 'serial']);
  });

  it('keeps what survives a crash, however slow, unless something else does and is better', () => {
    expect(front('threads 1 100 1\n processes 1.5 200 1\n copies 1.6 300 1')).toEqual([
      'threads',
      'processes',
    ]);
  });

  it('keeps equals, and what nobody knows the memory of', () => {
    expect(front('threads 1 100 1\n async = 100.3 1')).toEqual(['threads', 'async']);
    expect(front('threads 1 100 1\n async = - 1')).toEqual(['threads', 'async']);
  });
});
