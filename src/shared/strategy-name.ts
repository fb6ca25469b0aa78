import { hasOneWorker, type StrategyId } from './workload.ts';

/** How a strategy is called in sentences and tables: `serial`, `threads × 2`. */
export function strategyName(cell: { readonly strategy: StrategyId; readonly workers: number }): string {
  return hasOneWorker(cell.strategy) ? cell.strategy : `${cell.strategy} × ${cell.workers}`;
}
