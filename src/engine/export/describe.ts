import type { CellId } from '../../shared/experiment-analysis.ts';
import type { Experiment } from '../../shared/experiment.ts';
import { nameWork } from './work-name.ts';

export { holdsFor } from '../analysis/matrix/verdict.ts';
export { describeFit, objectiveNames } from '../../shared/describe-experiment.ts';

/** What ran the work, as people call it: `CPython 3.11.7`, `Node 20.20.2`; without a version where none is known. */
export function interpreterName({ interpreter, workload }: Experiment): string {
  if (workload.runtime === 'command') return interpreter === null ? 'a command' : interpreter.implementation;
  if (workload.runtime === 'node') return interpreter === null ? 'Node' : `Node ${interpreter.version}`;
  return interpreter === null ? 'Python' : `${interpreter.implementation} ${interpreter.version}`;
}

/** `2 tasks of count-loop, n = 10000000`, `4 tasks of task.mjs` */
export function describeWork({ workload }: Experiment): string {
  const params = Object.entries(workload.params).map(([name, value]) => `${name} = ${value}`);
  return [
    `${workload.tasks} ${workload.tasks === 1 ? 'task' : 'tasks'} of ${nameWork(workload)}`,
    ...params,
  ].join(', ');
}

/** Documents of earlier versions recommend nothing: there, the winner. */
export function isRecommended({ strategy, workers }: CellId, { verdict }: Experiment): boolean {
  if (verdict.recommended === null) return strategy === verdict.strategy;
  return strategy === verdict.recommended.strategy && workers === verdict.recommended.workers;
}
