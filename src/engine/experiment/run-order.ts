import type { ExperimentPlan } from '../../shared/experiment.ts';
import type { PlannedRun } from '../../shared/experiment-event.ts';
import { hasOneWorker, type StrategyId } from '../../shared/workload.ts';
import { seededRandom, shuffle } from '../random.ts';

/** How many workers a strategy really gets: never more than there are tasks, and one where all is on one thread. */
export function workersOf(strategy: StrategyId, plan: ExperimentPlan): number {
  return hasOneWorker(strategy) ? 1 : Math.min(plan.workers, plan.workload.tasks);
}

/**
 * Every run in the order in which it will happen. Each block holds every strategy once, in an order of its own,
 * so that whatever drifts (heat, a neighbour's load) falls on all strategies alike. The same seed gives the same
 * order.
 */
export function planRuns(plan: ExperimentPlan): PlannedRun[] {
  const random = seededRandom(plan.seed);
  const runs: PlannedRun[] = [];
  for (let round = 1 - plan.warmUpBlocks; round <= plan.blocks; round += 1) {
    for (const strategy of shuffle(plan.strategies, random)) {
      runs.push({
        order: runs.length + 1,
        block: Math.max(round, 0),
        warmUp: round < 1,
        strategy,
        workers: workersOf(strategy, plan),
      });
    }
  }
  return runs;
}
