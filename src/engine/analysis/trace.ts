import type { SessionMs } from '../../shared/units.ts';
import type { StrategyId } from '../../shared/workload.ts';

/**
 * What the sampler saw during one run. `sampleMs` and the columns beside it are parallel, one entry per sample, in
 * order of time; NaN is unknown.
 */
export interface RunTrace {
  order: number;
  block: number;
  warmUp: boolean;
  strategy: StrategyId;
  workers: number;
  hostStartMs: SessionMs;
  /** When the first worker was asked for; null where the run did not get that far. */
  workStartMs: SessionMs | null;
  /** When the last worker had been joined; null where the run did not get that far. */
  workEndMs: SessionMs | null;
  endMs: SessionMs;
  coreCount: number;
  sampleMs: number[];
  /** One array of `coreCount` busy shares (0 to 1) per sample: the load since the sample before. */
  coreBusy: Float64Array[];
  /** Sums over the run's own tree. */
  rssBytes: number[];
  pssBytes: number[];
  cpuShare: number[];
}
