import { describe, expect, it } from 'vitest';
import { summarizeStrategies } from '../../../../src/engine/analysis/summarize.ts';
import { resultsFrom, runsFrom } from './drawn-experiment.ts';

describe('summarizing strategies', () => {
  it('takes medians over the finished runs', () => {
    const [serial, processes] = resultsFrom(`
      strategy    | walls by block     | cores | start-up ms | PSS MB
      serial      | 1000 1040 x   1020 | 1.00  | 0.1         | 12
      processes×2 | 500  530  510 520  | 1.95  | 31          | -`);
    expect(serial).toMatchObject({
      strategy: 'serial',
      workers: 1,
      wallMs: { median: 1020 },
      effectiveCores: 1,
      startupMs: 0.1,
      peakPssBytes: 12e6,
      cpuSeconds: 1.02,
      checksum: '42',
    });
    expect(processes).toMatchObject({
      workers: 2,
      wallMs: { median: 515 },
      peakPssBytes: null,
      peakRssBytes: null,
    });
  });

  it('pairs the speed-up by block: a slow block slows both, and the ratio does not see it', () => {
    const [, processes] = resultsFrom(`
      strategy    | walls by block | cores | start-up ms | PSS MB
      serial      | 1000 3000 2000 | 1.00  | 0.1         | 12
      processes×2 | 500  1500 1000 | 1.95  | 31          | 24`);
    expect(processes?.speedup).toEqual({ median: 2, ci95: [2, 2] });
    expect(processes?.wallMs?.ci95[1]).toBeGreaterThan(2000);
  });

  it('leaves out blocks in which one of the pair did not finish', () => {
    const [, threads] = resultsFrom(`
      strategy  | walls by block    | cores | start-up ms | PSS MB
      serial    | 1000 1000 9000    | 1.00  | 0.1         | 12
      threads×2 | 500  500  x       | 1.95  | 5           | 14`);
    expect(threads?.speedup).toEqual({ median: 2, ci95: [2, 2] });
  });

  it("gives serial's own speed-up as exactly 1", () => {
    const [serial] = resultsFrom(`
      strategy | walls by block | cores | start-up ms | PSS MB
      serial   | 1000 1200 1100 | 1.00  | 0.1         | 12`);
    expect(serial?.speedup).toEqual({ median: 1, ci95: [1, 1] });
  });

  it('gives no speed-up without serial', () => {
    const [threads] = resultsFrom(`
      strategy  | walls by block | cores | start-up ms | PSS MB
      threads×2 | 1000 1200 1100 | 1.00  | 0.1         | 12`);
    expect(threads?.speedup).toBeNull();
  });

  it('gives no estimate from a single run, but keeps the run and what needs no interval', () => {
    const [serial] = resultsFrom(`
      strategy | walls by block | cores | start-up ms | PSS MB
      serial   | 1000           | 1.00  | 0.1         | 12`);
    expect(serial).toMatchObject({ wallMs: null, effectiveCores: 1, checksum: '42' });
    expect(serial?.runs).toMatchObject([{ wallMs: 1000 }]);
  });

  it('does not count warm-ups', () => {
    const records = runsFrom(`
      strategy | walls by block      | cores | start-up ms | PSS MB
      serial   | 9000 1000 1000 1000 | 1.00  | 0.1         | 12`).map((record) => ({
      ...record,
      runs: record.runs.map((run, index) => (index === 0 ? { ...run, block: 0, warmUp: true } : run)),
    }));
    const [serial] = summarizeStrategies(records, 1);
    expect(serial?.wallMs).toEqual({ median: 1000, ci95: [1000, 1000] });
    expect(serial?.runs).toHaveLength(4);
  });

  it('says nothing of a strategy of which no run finished', () => {
    const [serial] = resultsFrom(`
      strategy | walls by block | cores | start-up ms | PSS MB
      serial   | x t c          | 1.00  | 0.1         | 12`);
    expect(serial).toMatchObject({
      wallMs: null,
      speedup: null,
      effectiveCores: null,
      startupMs: null,
      peakRssBytes: null,
      cpuSeconds: null,
      checksum: null,
    });
  });
});
