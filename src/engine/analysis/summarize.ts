import type { Estimate, RunRecord, StrategyResult } from '../../shared/experiment.ts';
import type { StrategyId } from '../../shared/workload.ts';
import { seededRandom } from '../random.ts';
import { measuredRuns, pairedWallRatios } from './runs.ts';
import { estimateMedian, medianOfKnown } from './statistics.ts';

/** All runs of one strategy, warm-ups included. */
export interface StrategyRuns {
  readonly strategy: StrategyId;
  readonly workers: number;
  readonly runs: readonly RunRecord[];
}

/**
 * The figures of each strategy over its finished runs, warm-ups left out: medians, and for wall time and speed-up
 * the 95 % interval too.
 *
 * An estimate is null where fewer than two runs (for the speed-up: two blocks with serial) finished: a median
 * without an interval would claim a certainty that one run cannot give. That run's own time stands in `runs`.
 * Serial's own speed-up is exactly 1.
 */
export function summarizeStrategies(records: readonly StrategyRuns[], seed: number): StrategyResult[] {
  const serial = records.find((record) => record.strategy === 'serial') ?? null;
  return records.map((record) => {
    const finished = measuredRuns(record.runs);
    return {
      strategy: record.strategy,
      workers: record.workers,
      // Every estimate starts the sequence anew, so that no strategy's figures depend on which others were run.
      wallMs: estimateMedian(
        finished.map((run) => run.wallMs),
        seededRandom(seed),
      ),
      speedup: serial === null ? null : speedupOver(serial, record, seed),
      effectiveCores: medianOfKnown(finished.map((run) => run.effectiveCores)),
      startupMs: medianOfKnown(finished.map((run) => run.startupMs)),
      peakRssBytes: medianOfKnown(finished.map((run) => run.peakRssBytes)),
      peakPssBytes: medianOfKnown(finished.map((run) => run.peakPssBytes)),
      cpuSeconds: medianOfKnown(finished.map((run) => run.cpuSeconds)),
      checksum: finished[0]?.checksum ?? null,
      runs: record.runs,
    };
  });
}

function speedupOver(serial: StrategyRuns, record: StrategyRuns, seed: number): Estimate | null {
  if (record === serial) return measuredRuns(record.runs).length > 0 ? { median: 1, ci95: [1, 1] } : null;
  return estimateMedian(pairedWallRatios(serial.runs, record.runs), seededRandom(seed));
}
