import type { Objective } from '../../shared/experiment-analysis.ts';
import type { Experiment } from '../../shared/experiment.ts';
import type { WorkloadKind } from '../../shared/workload.ts';
import { conclude } from './conclude.ts';
import type { MachineLimits } from './measurements.ts';

/**
 * The same experiment judged for another objective, without a new run: the runs, the seed and so all intervals stay;
 * only what is recommended, and why, may change. `limits` are those of the machine that it ran on.
 */
export function reconclude(
  experiment: Experiment,
  objective: Objective,
  { workloadKind, limits }: { readonly workloadKind: WorkloadKind; readonly limits: MachineLimits },
): Experiment {
  const { strategies, workload, interpreter, controlPair, plan } = experiment;
  const conclusion = conclude(
    strategies.map(({ strategy, workers, runs }) => ({ strategy, workers, runs })),
    {
      runtime: workload.runtime,
      interpreter,
      workloadKind,
      tasks: workload.tasks,
      limits,
      objective,
      stopping: plan.adaptive === null ? 'fixed' : 'adaptive',
      control: controlPair,
      seed: plan.seed,
    },
  );
  return { ...experiment, ...conclusion };
}
