import { describe, expect, it } from 'vitest';
import { rowIds } from '../../../../src/shared/differences.ts';
import { breakEvenTask } from '../../../../src/engine/differences/figures.ts';
import { describeDifferences, shortCount } from '../../../../src/engine/differences/rows.ts';
import { drawnFigures, drawnTimes, drawnWay } from './drawn-figures.ts';

function draw(...args: Parameters<typeof describeDifferences>): string[] {
  return describeDifferences(...args).map(
    ({ title, threads, processes }) => `${title} | ${threads.text} | ${processes.text}`,
  );
}

describe('the table of differences', () => {
  it('of a Python with its lock', () => {
    expect(draw('python', drawnFigures())).toEqual([
      'CPU work | 1.01 cores, 0.99× | 1.95 cores, 1.85×',
      'waiting work | 120 ms | 120 ms',
      'memory per worker | < 200 kB | 8.00 MB',
      'start-up per worker | 20.0 ms | 20.0 ms',
      'messages | 20k/s, no copy | 20k/s, 800 MB/s',
      'sharing 100 MB | 200 µs, shared | 90.0 ms, copied',
      'a worker crashes | all die | others go on',
      'killing a worker | impossible | 3.00 ms',
      'interpreter lock | on; hashing 1.90 cores | one each',
      'pays from tasks of | never | 40.0 ms',
    ]);
  });

  it('of Node, where threads can be ended from inside', () => {
    const rows = draw('node', drawnFigures({ terminatedMs: 2, unlockedCores: null }));
    expect(rows).toContain('killing a worker | 2.00 ms, from inside | 3.00 ms');
    expect(rows).toContain('messages | 20k/s, 800 MB/s | 20k/s, 800 MB/s');
    expect(rows).toContain('interpreter lock | none | none');
  });

  it('has every row in its order, and says of each cell how it was measured', () => {
    const rows = describeDifferences('python', drawnFigures());
    expect(rows.map(({ id }) => id)).toEqual(rowIds);
    for (const { threads, processes } of rows) {
      expect(threads.how).toMatch(/^\S.*\.$/s);
      expect(processes.how).toMatch(/^\S.*\.$/s);
    }
  });

  it('shows what could not be measured as n/a, with the reason and without figures', () => {
    const nothing = drawnWay({
      waitingWallMs: null,
      memoryPerWorkerBytes: null,
      startupPerWorkerMs: null,
      roundTripsPerSecond: null,
      sharedMs: null,
      crash: null,
    });
    const rows = describeDifferences(
      'node',
      drawnFigures({ serial: null, threads: nothing, processes: nothing }),
    );
    const cells = rows
      .filter(({ id }) => id !== 'lock')
      .flatMap(({ threads, processes }) => [threads, processes]);
    expect(cells.map(({ text }) => text)).toEqual(cells.map(() => 'n/a'));
    expect(cells.every(({ figures, how }) => figures.length === 0 && how !== '')).toBe(true);
  });

  it('shortens counts to what fits a column', () => {
    expect([0.52, 9.96, 950, 1000, 9949, 9960, 25_300, 999_400, 999_600, 1.44e6].map(shortCount)).toEqual([
      '0.5',
      '10.0',
      '950',
      '1.0k',
      '9.9k',
      '10k',
      '25k',
      '999k',
      '1.0M',
      '1.4M',
    ]);
  });
});

describe('the length of a task from which on a way pays', () => {
  it('is its overhead over what it gains, per task', () => {
    // 40 ms of overhead; half of the serial work is saved; two tasks: 40 / 0.5 / 2.
    expect(breakEvenTask(drawnTimes(500, 2, 40), drawnTimes(1000, 1, 0), 2)).toEqual({
      state: 'breaks-even',
      taskMs: 40,
    });
  });

  it('is none where nothing is gained, and unknown without serial work', () => {
    expect(breakEvenTask(drawnTimes(990, 1), drawnTimes(1000, 1), 2)).toEqual({ state: 'never' });
    expect(breakEvenTask(drawnTimes(500, 1), null, 2)).toEqual({ state: 'unknown' });
  });

  it('is 0 where serial work has as much overhead', () => {
    expect(breakEvenTask(drawnTimes(500, 2, 5), drawnTimes(1000, 1, 8), 2)).toEqual({
      state: 'breaks-even',
      taskMs: 0,
    });
  });
});
