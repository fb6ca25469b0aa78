import type { Objective } from '../../../shared/experiment-analysis.ts';
import { cheapestOf, fastestOf, type Candidate } from './candidate.ts';

/** How much more time than the fastest the leanest and the safest may take. */
export const leanestTimeRatio = 1.1;
export const safestTimeRatio = 1.2;

/**
 * What memory and CPU time weigh against wall time for `balanced`. With 0.25, twice the memory has to buy 16 % of the
 * time (1 − 2^−0.25); with 0.1, twice the CPU time has to buy 7 %. Higher picks serial where a core lies idle, lower
 * buys a last percent with a gigabyte.
 */
const memoryWeight = 0.25;
const cpuWeight = 0.1;

export interface Choice {
  readonly candidate: Candidate;
  /** False where nothing meets the objective; the candidate is then the nearest to it. */
  readonly isMet: boolean;
  /** The rule by which it was chosen, as a clause. */
  readonly rule: string;
}

/**
 * Those that cannot be told apart from the fastest, and those that can but for no reason that was measured: what costs
 * more is not recommended for a gain that may be the luck of the draw.
 *
 * | objective | chosen                                                                                            |
 * |-----------|---------------------------------------------------------------------------------------------------|
 * | fastest   | the cheapest of those that cannot be told apart from the fastest                                   |
 * | leanest   | the cheapest of those that take at most 1.1 times the fastest's time                               |
 * | safest    | of those that survive a worker's crash and take at most 1.2 times the fastest's time: the fastest, |
 * |           | where some cannot be told apart from the fastest of all, the cheapest of these                     |
 * | balanced  | the least time ratio · (memory / least memory)^0.25 · (CPU time / least CPU time)^0.1; the ratio    |
 * |           | counts as 1 for those that cannot be told apart from the fastest; what is unknown of any is left   |
 * |           | out for all; of those within 1 % of the least, the cheapest; where one of these cannot be told    |
 * |           | apart from the fastest, the cheapest of all that cannot                                           |
 *
 * Cheapest: `cheapestOf`.
 */
export function choose(objective: Objective, candidates: readonly Candidate[]): Choice {
  switch (objective) {
    case 'fastest':
      return {
        candidate: cheapestOf(candidates.filter(isNearest)),
        isMet: true,
        rule: 'for the least time',
      };
    case 'leanest': {
      const near = candidates.filter((candidate) => timeRatio(candidate) <= leanestTimeRatio);
      return {
        candidate: cheapestOf(near),
        // One alone is the leanest of them, whatever it needs.
        isMet: near.length === 1 || near.every(({ memoryBytes }) => memoryBytes !== null),
        rule: 'for the least memory within 10 % of the fastest',
      };
    }
    case 'safest':
      return chooseSafest(candidates);
    case 'balanced':
      return {
        candidate: chooseBalanced(candidates),
        isMet: true,
        rule: 'for the best balance of time, memory and CPU time',
      };
  }
}

function chooseSafest(candidates: readonly Candidate[]): Choice {
  const rule = 'for surviving a crash within 20 % of the fastest';
  const isolated = candidates.filter(({ cell }) => cell.isolated);
  if (isolated.length === 0) return { candidate: fastestOf(candidates), isMet: false, rule };
  const tied = isolated.filter(isNearest);
  if (tied.length > 0) return { candidate: cheapestOf(tied), isMet: true, rule };
  const candidate = fastestOf(isolated);
  return { candidate, isMet: timeRatio(candidate) <= safestTimeRatio, rule };
}

function chooseBalanced(candidates: readonly Candidate[]): Candidate {
  const scores = candidates.map(timeRatio).map(Math.log);
  for (const [weight, measure] of [
    [memoryWeight, ({ memoryBytes }: Candidate) => memoryBytes],
    [cpuWeight, ({ cpuSeconds }: Candidate) => cpuSeconds],
  ] as const) {
    const values = candidates.map((candidate) => measure(candidate) ?? Number.NaN);
    // NaN and 0 have no ratio to anything.
    if (!values.every((value) => value > 0)) continue;
    const least = Math.min(...values);
    for (const [index, value] of values.entries()) {
      scores[index] = (scores[index] ?? Number.NaN) + weight * Math.log(value / least);
    }
  }
  const best = Math.min(...scores);
  const balanced = candidates.filter((_, index) => (scores[index] ?? Infinity) <= best + 0.01);
  return cheapestOf(balanced.some(isNearest) ? candidates.filter(isNearest) : balanced);
}

function timeRatio(candidate: Candidate): number {
  return isNearest(candidate) ? 1 : candidate.ratio.median;
}

function isNearest({ isTied, isDoubted }: Candidate): boolean {
  return isTied || isDoubted;
}
