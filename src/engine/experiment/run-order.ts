import type { CellId } from '../../shared/experiment-analysis.ts';
import type { ExperimentPlan } from '../../shared/experiment.ts';
import type { PlannedRun } from '../../shared/experiment-event.ts';
import { hasOneWorker, type StrategyId } from '../../shared/workload.ts';
import { seededRandom, shuffle } from '../random.ts';

/**
 * How many workers a strategy really gets: never more than there are tasks, and one where all is on one thread. Each
 * number once.
 */
export function workersOf(strategy: StrategyId, plan: ExperimentPlan): readonly number[] {
  if (hasOneWorker(strategy)) return [1];
  return [...new Set(plan.workerCounts.map((workers) => Math.min(workers, plan.workload.tasks)))];
}

/** The fields of the matrix, in the order of the plan's strategies and by ascending workers. */
export function cellsOf(plan: ExperimentPlan): readonly CellId[] {
  return plan.strategies.flatMap((strategy) =>
    workersOf(strategy, plan).map((workers) => ({ strategy, workers })),
  );
}

/** The field that is run twice in every block: serial work, which every other one is compared with, or the first. */
export function controlCell(plan: ExperimentPlan): CellId | null {
  if (plan.controlPair !== true) return null;
  const cells = cellsOf(plan);
  return cells.find(({ strategy }) => strategy === 'serial') ?? cells[0] ?? null;
}

/**
 * Every run in the order in which it will happen. Each block holds every field of the matrix once, and the control
 * once more, in an order of its own, so that whatever drifts (heat, a neighbour's load) falls on all alike. The same
 * seed gives the same order; more blocks add to its end.
 */
export function planRuns(plan: ExperimentPlan): PlannedRun[] {
  const random = seededRandom(plan.seed);
  const control = controlCell(plan);
  const cells: readonly Pick<PlannedRun, 'strategy' | 'workers' | 'control'>[] = [
    ...cellsOf(plan),
    ...(control === null ? [] : [{ ...control, control: true as const }]),
  ];
  const runs: PlannedRun[] = [];
  for (let round = 1 - plan.warmUpBlocks; round <= plan.blocks; round += 1) {
    for (const cell of shuffle(cells, random)) {
      // A warm-up of the control would warm nothing that its double does not.
      if (round < 1 && cell.control === true) continue;
      runs.push({ order: runs.length + 1, block: Math.max(round, 0), warmUp: round < 1, ...cell });
    }
  }
  return runs;
}

/** How a field of the matrix is called as a key: `threads 2`. */
export function cellKey({ strategy, workers }: CellId): string {
  return `${strategy} ${workers}`;
}
