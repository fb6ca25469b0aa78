import type { Estimate, Objective, StrategyScaling } from './experiment-analysis.ts';
import { formatBytes, formatDuration } from './format.ts';

/** Findings in words, the same on screen, in the terminal and in reports. */

/** Behind `recommended for`. */
export const objectiveNames: Readonly<Record<Objective, string>> = {
  balanced: 'the best balance of time, memory and CPU time',
  fastest: 'the least time',
  leanest: 'the least memory within 10 % of the fastest',
  safest: 'surviving a crash within 20 % of the fastest',
};

/** How a strategy scales, or why that cannot be said, and what a worker costs. Clauses, without the name. */
export function describeFit(scaling: StrategyScaling): string {
  const { fit } = scaling;
  const costs = describeWorkerCosts(scaling);
  const perWorker = costs === '' ? '' : ` ${costs}`;
  if (fit.state === 'refused') return `no scaling curve. ${fit.reason}${perWorker}`;
  const { bestWorkers, bestWorkersLow, bestWorkersHigh } = fit;
  const range =
    bestWorkersLow === bestWorkersHigh ? '' : `, 95 % interval ${bestWorkersLow} to ${bestWorkersHigh}`;
  const law = fit.law === 'usl' ? 'Universal Scalability Law' : "Amdahl's law";
  const coherency = fit.coherency > 0 ? `, β ${fit.coherency.toPrecision(2)}` : '';
  const end = fit.endsAt === null ? '' : ` The curve ends at ${fit.endsAt.atWorkers}: ${fit.endsAt.reason}.`;
  const edge = fit.isBestAtEdge ? ' (the most it holds for)' : '';
  return (
    `best at ${bestWorkers} ${bestWorkers === 1 ? 'worker' : 'workers'}${edge}${range}; ${law}, ${serialShare(fit.contention)}${coherency}.` +
    `${end}${perWorker}`
  );
}

/** From 1 on every worker more adds time: as a share that would read as a slip. */
function serialShare(contention: number): string {
  return contention < 1
    ? `serial share ${(contention * 100).toFixed(1)} %`
    : 'nothing of it is done sooner by more workers';
}

/** What a worker more costs in memory and start-up, as a sentence; empty where neither is known. */
export function describeWorkerCosts({
  memoryPerWorkerBytes,
  startupPerWorkerMs,
}: Pick<StrategyScaling, 'memoryPerWorkerBytes' | 'startupPerWorkerMs'>): string {
  const costs = [
    costOfOne(memoryPerWorkerBytes, formatBytes, 'memory'),
    costOfOne(startupPerWorkerMs, formatDuration, 'start-up'),
  ].filter((cost) => cost !== '');
  return costs.length === 0 ? '' : `Each worker more costs ${costs.join(' and ')}.`;
}

/** A cost whose interval reaches to 0 or below cannot be told from none. */
function costOfOne(cost: Estimate | null, format: (value: number) => string, name: string): string {
  if (cost === null) return '';
  return cost.ci95[0] > 0 ? `${format(cost.median)} of ${name}` : `no detectable ${name}`;
}

/** The rule of each objective as a sentence; the rules themselves are `analysis/matrix/objectives.ts`. */
export const objectiveRules: Readonly<Record<Objective, string>> = {
  balanced:
    'The best balance of time, memory and CPU time: twice the memory has to buy 16 % of the time, twice the CPU time 7 %.',
  fastest: 'The cheapest of those that cannot be told apart from the fastest.',
  leanest: 'The least memory of those that take at most 10 % longer than the fastest.',
  safest:
    'Survives the crash of a worker; the fastest of those, if it takes at most 20 % longer than the fastest of all.',
};
