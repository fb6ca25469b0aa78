import type { CellId, Experiment, Objective, StrategyScaling } from '../../shared/experiment.ts';
import { formatBytes, formatDuration } from '../../shared/format.ts';

export { holdsFor } from '../analysis/matrix/verdict.ts';

/** What ran the work, as people call it: `CPython 3.11.7`, `Node 20.20.2`; without a version where none is known. */
export function interpreterName({ interpreter, workload }: Experiment): string {
  if (workload.runtime === 'command') return interpreter === null ? 'a command' : interpreter.implementation;
  if (workload.runtime === 'node') return interpreter === null ? 'Node' : `Node ${interpreter.version}`;
  return interpreter === null ? 'Python' : `${interpreter.implementation} ${interpreter.version}`;
}

/** `2 tasks of count-loop, n = 10000000` */
export function describeWork({ workload }: Experiment): string {
  const params = Object.entries(workload.params).map(([name, value]) => `${name} = ${value}`);
  return [`${workload.tasks} ${workload.tasks === 1 ? 'task' : 'tasks'} of ${workload.id}`, ...params].join(
    ', ',
  );
}

/** Behind `recommended for`. */
export const objectiveNames: Readonly<Record<Objective, string>> = {
  balanced: 'the best balance of time, memory and CPU time',
  fastest: 'the least time',
  leanest: 'the least memory within 10 % of the fastest',
  safest: 'surviving a crash within 20 % of the fastest',
};

/** Documents of earlier versions recommend nothing: there, the winner. */
export function isRecommended({ strategy, workers }: CellId, { verdict }: Experiment): boolean {
  if (verdict.recommended === null) return strategy === verdict.strategy;
  return strategy === verdict.recommended.strategy && workers === verdict.recommended.workers;
}

/** How a strategy scales, or why that cannot be said, and what a worker costs. Clauses, without the name. */
export function describeFit({ fit, memoryPerWorkerBytes, startupPerWorkerMs }: StrategyScaling): string {
  const costs = [
    memoryPerWorkerBytes === null ? '' : `${formatBytes(memoryPerWorkerBytes.median)} of memory`,
    startupPerWorkerMs === null ? '' : `${formatDuration(startupPerWorkerMs.median)} of start-up`,
  ].filter((cost) => cost !== '');
  const perWorker = costs.length === 0 ? '' : ` Each worker more costs ${costs.join(' and ')}.`;
  if (fit.state === 'refused') return `no scaling curve. ${fit.reason}${perWorker}`;
  const { bestWorkers, bestWorkersLow, bestWorkersHigh } = fit;
  const range =
    bestWorkersLow === bestWorkersHigh ? '' : `, 95 % interval ${bestWorkersLow} to ${bestWorkersHigh}`;
  const law = fit.law === 'usl' ? 'Universal Scalability Law' : "Amdahl's law";
  const coherency = fit.coherency > 0 ? `, β ${fit.coherency.toPrecision(2)}` : '';
  const end = fit.endsAt === null ? '' : ` The curve ends at ${fit.endsAt.atWorkers}: ${fit.endsAt.reason}.`;
  const edge = fit.isBestAtEdge ? ' (the most it holds for)' : '';
  return (
    `best at ${bestWorkers} workers${edge}${range}; ${law}, serial share ${(fit.contention * 100).toFixed(1)} %${coherency}.` +
    `${end}${perWorker}`
  );
}
