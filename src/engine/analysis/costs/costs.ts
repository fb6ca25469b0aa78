import type { Estimate } from '../../../shared/experiment-analysis.ts';
import { linearMedianInterval, type Stopping } from '../inference/median-interval.ts';
import type { WeightsBySize } from '../inference/median-weights.ts';
import { knownValues, type Cell } from '../measurements.ts';

/** What a cell costs besides wall time; null where it is known of fewer than two runs. */
export interface Costs {
  readonly startupMs: Estimate | null;
  readonly peakPssBytes: Estimate | null;
  readonly cpuSeconds: Estimate | null;
  readonly voluntarySwitches: Estimate | null;
  readonly involuntarySwitches: Estimate | null;
}

export function costsOf(cell: Cell, weightsOf: WeightsBySize, stopping: Stopping = 'fixed'): Costs {
  // Not on logarithms: a switch count and a start-up can be 0.
  const estimate = (column: keyof Costs): Estimate | null =>
    notNegative(linearMedianInterval(knownValues(cell.runs, column), weightsOf, stopping));
  return {
    startupMs: estimate('startupMs'),
    peakPssBytes: estimate('peakPssBytes'),
    cpuSeconds: estimate('cpuSeconds'),
    voluntarySwitches: estimate('voluntarySwitches'),
    involuntarySwitches: estimate('involuntarySwitches'),
  };
}

/** No cost is below 0, so the part of the interval that is says nothing: without it, it holds as often as before. */
function notNegative(estimate: Estimate | null): Estimate | null {
  if (estimate === null) return null;
  const [low, high] = estimate.ci95;
  return { ...estimate, ci95: [Math.max(0, low), high] };
}
