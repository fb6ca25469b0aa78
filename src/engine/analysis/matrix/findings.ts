import type { Estimate } from '../../../shared/experiment-analysis.ts';
import type { Result } from '../../../shared/result.ts';
import type { BreakEven } from '../costs/break-even.ts';
import type { Costs } from '../costs/costs.ts';
import type { Shift } from '../inference/hodges-lehmann.ts';
import type { MannWhitney } from '../inference/mann-whitney.ts';
import type { Cell } from '../measurements.ts';
import type { Kink, ScalingFit } from '../scaling/fit.ts';
import type { ScalingPoint } from '../scaling/speedup.ts';
import type { CauseFinding } from './causes.ts';

export interface CellAnalysis {
  readonly cell: Cell;
  readonly wallMs: Estimate | null;
  readonly costs: Costs;
  /** Null without serial work to compare with. */
  readonly scaling: ScalingPoint | null;
  /** By how many ms the cell is slower than serial (below 0: faster), paired by block. */
  readonly shiftMs: Shift | null;
  /** Against serial; `adjustedP` by Benjamini and Hochberg over all cells. */
  readonly test: MannWhitney | null;
  readonly adjustedP: number | null;
  /** Blocks whose wall time is an outlier among the cell's. Flagged, not left out. */
  readonly outlierBlocks: readonly number[];
  readonly cause: CauseFinding | null;
}

export interface StrategyAnalysis {
  readonly strategy: string;
  readonly fit: Result<ScalingFit>;
  readonly kinks: readonly Kink[];
  readonly memoryPerWorkerBytes: Estimate | null;
  readonly startupPerWorkerMs: Estimate | null;
  /** The cell with the smallest median wall against serial: from which length of a task on it pays. */
  readonly breakEven: BreakEven;
}
