import { describe, expect, it } from 'vitest';
import { estimateRemainingMs } from '../../../../src/engine/experiment/run-experiment.ts';
import type { PlannedRun } from '../../../../src/shared/experiment-event.ts';
import type { StrategyId } from '../../../../src/shared/workload.ts';

function planned(strategy: StrategyId, workers = 1): PlannedRun {
  return { order: 1, block: 1, warmUp: false, strategy, workers };
}

function ended(
  strategy: StrategyId,
  durationMs: number,
  workers = 1,
): Parameters<typeof estimateRemainingMs>[0][number] {
  const record = { order: 1, block: 1, warmUp: false, state: 'cancelled' } as const;
  return { run: planned(strategy, workers), record, durationMs };
}

describe('the remaining time', () => {
  it('is unknown before anything has ended', () => {
    expect(estimateRemainingMs([], [planned('serial')])).toBeNull();
  });

  it("goes by a strategy's own runs, and by the mean of all where it has none", () => {
    const past = [ended('serial', 1000), ended('serial', 2000), ended('threads', 600)];
    expect(estimateRemainingMs(past, [planned('serial'), planned('threads'), planned('processes')])).toBe(
      1500 + 600 + 1200,
    );
  });

  it('tells numbers of workers apart, and goes by the strategy where one of them was not run', () => {
    const past = [ended('threads', 1000, 1), ended('threads', 500, 2), ended('serial', 9000)];
    expect(estimateRemainingMs(past, [planned('threads', 2), planned('threads', 4)])).toBe(500 + 750);
  });

  it('is zero when nothing is left', () => {
    expect(estimateRemainingMs([ended('serial', 1000)], [])).toBe(0);
  });
});
