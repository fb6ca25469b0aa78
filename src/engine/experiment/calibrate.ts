import type { ExperimentPlan } from '../../shared/experiment.ts';
import type { TimedRun } from '../../shared/plan-estimate.ts';
import type { ExperimentTools } from './experiment-tools.ts';
import type { EndedRun } from './remaining-time.ts';
import { runExperiment } from './run-experiment.ts';

/**
 * Makes one run of a plan, so that it can be told how long the whole will take: in series where the plan has that, or
 * else its first strategy with the most workers. Empty where it was cancelled. It ends with the time limit of a run.
 */
export async function calibratePlan(
  plan: ExperimentPlan,
  tools: ExperimentTools,
  signal: AbortSignal,
): Promise<readonly TimedRun[]> {
  const [first] = plan.strategies;
  if (first === undefined) throw new Error('a plan without strategies was made');
  const ended: TimedRun[] = [];
  await runExperiment(
    {
      ...plan,
      strategies: [plan.strategies.includes('serial') ? 'serial' : first],
      workerCounts: [Math.max(...plan.workerCounts)],
      blocks: 1,
      warmUpBlocks: 0,
      controlPair: false,
    },
    tools,
    {
      onEvent: () => undefined,
      signal,
      journal: { append: (entry) => ended.push(timedRunOf(entry)), close: () => undefined },
    },
  );
  return ended;
}

export function timedRunOf({ run, record, durationMs }: EndedRun): TimedRun {
  const { strategy, workers } = run;
  return { strategy, workers, durationMs, wallMs: record.state === 'finished' ? record.wallMs : null };
}
