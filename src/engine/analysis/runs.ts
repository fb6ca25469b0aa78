import type { RunRecord, StrategyResult } from '../../shared/experiment.ts';

export { strategyName } from '../../shared/strategy-name.ts';

export type FinishedRun = Extract<RunRecord, { state: 'finished' }>;

/** The runs that count: finished, and not a warm-up. */
export function measuredRuns(runs: readonly RunRecord[]): FinishedRun[] {
  return runs.filter((run): run is FinishedRun => run.state === 'finished' && !run.warmUp);
}

/** The measured run whose wall time is nearest to the strategy's median; null where none finished. */
export function medianRun(result: StrategyResult): FinishedRun | null {
  const byWall = measuredRuns(result.runs).sort((left, right) => left.wallMs - right.wallMs);
  return byWall[Math.floor((byWall.length - 1) / 2)] ?? null;
}
