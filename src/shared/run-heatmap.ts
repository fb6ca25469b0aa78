import type { CellId } from './experiment-analysis.ts';

/**
 * The loads of the cores during single runs, for small pictures side by side: all on one scale of time, so that lengths
 * compare.
 */
export interface RunHeatmaps {
  /** What the width of every picture stands for: the length of the longest run. */
  readonly spanMs: number;
  /** Steps of time in `spanMs`. */
  readonly columns: number;
  /** In the order of the strategies, and of a strategy in that in which the runs were made. */
  readonly runs: readonly RunHeatmap[];
}

export interface RunHeatmap extends CellId {
  readonly order: number;
  readonly block: number;
  readonly warmUp: boolean;
  /** The run whose wall time is nearest to the median of its strategy. */
  readonly isRepresentative: boolean;
  /** Null where the run did not finish. */
  readonly wallMs: number | null;
  /** From the start of the run's host to its end; the rest of the picture stays empty. */
  readonly lengthMs: number;
  /** Between these, counted from the start of the host, the wall time was measured; null where it did not get that far. */
  readonly workStartMs: number | null;
  readonly workEndMs: number | null;
  readonly coreCount: number;
  /** Mean busy share of every core while the work was measured; NaN where no sample fell into it. */
  readonly meanBusy: readonly number[];
  /** `levels[core * columns + column]`: a share of 0 to 1 as 0 to `mostLevel`, or `unknownLevel`. */
  readonly levels: Uint8Array;
}

/** A byte for each point: 256 colours are all that is drawn, and a run of 64 cores takes 40 kB. */
export const mostLevel = 254;
export const unknownLevel = 255;

/** Which runs are asked for: the representative one of each strategy, or all that were sampled. */
export const heatmapChoices = ['representative', 'all'] as const;
export type HeatmapChoice = (typeof heatmapChoices)[number];
