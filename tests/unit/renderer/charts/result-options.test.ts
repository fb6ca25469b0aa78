import { describe, expect, it } from 'vitest';
import { axisDuration } from '../../../../src/renderer/charts/chart-options.ts';
import { resultText, runDots } from '../../../../src/renderer/charts/result-options.ts';
import type { RunRecord, StrategyResult } from '../../../../src/shared/experiment.ts';

function finished(order: number, wallMs: number, warmUp = false): RunRecord {
  return {
    order,
    block: warmUp ? 0 : order,
    warmUp,
    state: 'finished',
    wallMs,
    startupMs: 1,
    cpuSeconds: 1,
    effectiveCores: 1,
    peakRssBytes: null,
    peakPssBytes: null,
    checksum: 'c',
    workMs: null,
    tearDownMs: null,
    lostTasks: 0,
    metrics: [],
    notes: [],
    usage: null,
    disturbances: [],
  };
}
function result(
  strategy: StrategyResult['strategy'],
  wallMs: StrategyResult['wallMs'],
  runs: readonly RunRecord[],
): StrategyResult {
  return {
    strategy,
    workers: strategy === 'serial' ? 1 : 2,
    wallMs,
    speedup: null,
    effectiveCores: null,
    startupMs: null,
    peakRssBytes: null,
    peakPssBytes: null,
    cpuSeconds: null,
    checksum: null,
    analysis: null,
    runs,
  };
}

const results = [
  result('serial', { median: 830, ci95: [820, 841] }, [
    finished(1, 900, true),
    finished(2, 820),
    finished(3, 841),
  ]),
  result('processes', null, [{ order: 4, block: 1, warmUp: false, state: 'timed-out', afterMs: 9 }]),
];

describe('the result chart', () => {
  it('has a dot for every run that counts, spread over the row', () => {
    expect(runDots(results).map(({ row, run, offset }) => [row, run.order, offset])).toEqual([
      [0, 2, -1],
      [0, 3, 1],
    ]);
  });

  it('says in words what it shows', () => {
    expect(resultText(results, (milliseconds) => `${milliseconds} ms`)).toBe(
      'Wall time by strategy; shorter is better. serial: median 830 ms, 95 % interval 820 to 841 ms, 2 runs. ' +
        'processes × 2: no run finished.',
    );
    expect(resultText([], String)).toBe('No results yet.');
  });
});

describe('a mark of a time axis', () => {
  it('has no digits that say nothing', () => {
    expect([0, 0.2, 1, 150, 1500, 2000, 10_000, 200_000].map(axisDuration)).toEqual([
      '0',
      '200 µs',
      '1 ms',
      '150 ms',
      '1.5 s',
      '2 s',
      '10 s',
      '3 min 20 s',
    ]);
  });
});
