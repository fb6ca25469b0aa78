import type { AdaptiveBlocks, ExperimentPlan } from '../../shared/experiment.ts';
import type { ExperimentEvent, PlannedRun } from '../../shared/experiment-event.ts';
import { medianWeightsBySize } from '../analysis/inference/median-weights.ts';
import { medianOf } from '../analysis/inference/select.ts';
import { shouldStop } from '../analysis/inference/stop-rule.ts';
import { toMeasurement } from '../analysis/measure.ts';
import type { RunMeasurement } from '../analysis/measurements.ts';
import { measuredRuns } from '../analysis/runs.ts';
import type { EndedRun } from './remaining-time.ts';
import { cellKey } from './run-order.ts';

/** What was seen after a block. */
export interface Look {
  readonly told: Omit<Extract<ExperimentEvent, { type: 'looked' }>, 'type' | 'atMs'>;
  /** No end is considered before that many blocks. */
  readonly nextLookAtBlocks: number;
}

export interface BlockWatch {
  /** Null in the middle of a block. */
  look(ended: readonly EndedRun[], planned: readonly PlannedRun[]): Look | null;
}

/** Fewer than for the answer: the width of an interval needs no third digit. */
const resamples = 2_000;

/** Decides after each block whether there have been enough: every field against the fastest so far (stop-rule.ts). */
export function createBlockWatch(plan: ExperimentPlan, adaptive: AdaptiveBlocks): BlockWatch {
  const weightsOf = medianWeightsBySize(plan.seed, resamples);
  return {
    look(ended, planned) {
      const last = ended.at(-1);
      const isBlockOver = planned[ended.length]?.block !== last?.run.block;
      if (last === undefined || last.run.warmUp || !isBlockOver) return null;
      const blocks = last.run.block;
      const [warmUpMs, spentMs] = [true, false].map((warmUp) =>
        ended.filter(({ run }) => run.warmUp === warmUp).reduce((sum, { durationMs }) => sum + durationMs, 0),
      );
      if (warmUpMs === undefined || spentMs === undefined) throw new Error('two sums were asked for');
      const decision = shouldStop(
        { blocks, spentMs, comparisons: compareWithFastest(ended) },
        {
          targetHalfWidth: adaptive.targetHalfWidth,
          mostBlocks: plan.blocks,
          timeMs: adaptive.timeMs - warmUpMs,
        },
        weightsOf,
      );
      return {
        told: {
          blocks,
          halfWidth: decision.halfWidth,
          targetHalfWidth: adaptive.targetHalfWidth,
          spentMs: warmUpMs + spentMs,
          budgetMs: adaptive.timeMs,
          stoppedBy: decision.stop ? decision.reason : null,
        },
        nextLookAtBlocks: decision.stop ? blocks : decision.nextLookAtBlocks,
      };
    },
  };
}

function compareWithFastest(
  ended: readonly EndedRun[],
): { readonly slower: readonly RunMeasurement[]; readonly faster: readonly RunMeasurement[] }[] {
  const cells = new Map<string, RunMeasurement[]>();
  for (const { run, record } of ended) {
    const [measured] = measuredRuns([record]);
    if (measured === undefined || run.control === true) continue;
    const runs = cells.get(cellKey(run)) ?? [];
    runs.push(toMeasurement(measured));
    cells.set(cellKey(run), runs);
  }
  const [fastest, ...others] = [...cells.values()]
    .map((runs) => ({ runs, medianMs: medianOf(runs.map(({ wallMs }) => wallMs)) }))
    .sort((left, right) => left.medianMs - right.medianMs);
  return fastest === undefined ? [] : others.map(({ runs }) => ({ slower: runs, faster: fastest.runs }));
}
