import type { WorkloadParams } from '../../../shared/workload.ts';
import type { NodeWorkload, TaskContext } from '../../workloads/node-task.ts';
import { nodeWorkloads } from '../../workloads/node-tasks.ts';
import type { RunPlan } from '../protocol.ts';
import type { listenForMarks } from './marks.ts';

/** The planned work, loaded. */
export interface Work {
  /** The catalogue's own function: one of ours around it would be compiled with it once more, a millisecond of a run. */
  readonly run: (params: WorkloadParams, context: TaskContext) => string | Promise<string>;
  readonly params: WorkloadParams;
  /** Null where it is the user's own. */
  readonly workload: NodeWorkload | null;
  /** Of the user's own only: workloads of the catalogue set no marks, and must not pay for listening. */
  readonly listenForMarks?: typeof listenForMarks;
}

/** Throws with words for the user where it cannot be loaded. */
export async function loadWork(plan: RunPlan): Promise<Work> {
  const { target, params } = plan;
  if (target === null) {
    const workload = await findNodeWorkload(plan);
    return { workload, params, run: workload.run };
  }
  if (target.kind !== 'module') throw new Error(`this host has no work of the kind "${target.kind}"`);
  // A library may come with it, which other work does not need.
  const [{ loadModule }, { listenForMarks }] = await Promise.all([
    import('./user-module.ts'),
    import('./marks.ts'),
  ]);
  const run = await loadModule(target.path);
  return {
    workload: null,
    params,
    listenForMarks,
    run: (_, { task, tasks, worker, workers, strategy, seed }) =>
      run({ task, tasks, worker, workers, strategy, seed, params }),
  };
}

export async function findNodeWorkload({ workloadId }: Pick<RunPlan, 'workloadId'>): Promise<NodeWorkload> {
  const load = nodeWorkloads.get(workloadId);
  if (load === undefined) throw new Error(`this host has no workload "${workloadId}"`);
  return load();
}
