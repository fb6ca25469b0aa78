import type { RunRecord } from '../../shared/experiment.ts';
import type { PlannedRun } from '../../shared/experiment-event.ts';
import { cellKey } from './run-order.ts';

export interface EndedRun {
  readonly run: PlannedRun;
  readonly record: RunRecord;
  readonly durationMs: number;
}

/**
 * Remaining runs are expected to last as long as those of their strategy and number of workers did; without any as
 * those of the strategy, without any of these as the mean of all. Null before anything has ended.
 */
export function estimateRemainingMs(
  ended: readonly EndedRun[],
  remaining: readonly PlannedRun[],
): number | null {
  if (ended.length === 0) return null;
  const overall = meanBy(ended, () => 'all').get('all') ?? Number.NaN;
  const ofCell = meanBy(ended, cellKey);
  const ofStrategy = meanBy(ended, ({ strategy }) => strategy);
  return remaining.reduce(
    (sum, run) => sum + (ofCell.get(cellKey(run)) ?? ofStrategy.get(run.strategy) ?? overall),
    0,
  );
}

function meanBy(ended: readonly EndedRun[], keyOf: (run: PlannedRun) => string): Map<string, number> {
  const sums = new Map<string, { durationMs: number; runs: number }>();
  for (const { run, durationMs } of ended) {
    const sum = sums.get(keyOf(run)) ?? { durationMs: 0, runs: 0 };
    sums.set(keyOf(run), { durationMs: sum.durationMs + durationMs, runs: sum.runs + 1 });
  }
  return new Map([...sums].map(([key, { durationMs, runs }]) => [key, durationMs / runs]));
}
