import type { Estimate, StrategyResult } from '../../shared/experiment.ts';
import { seededRandom } from '../random.ts';
import { pairedWallRatios } from './runs.ts';
import { estimateMedian } from './statistics.ts';

/** How much slower `slower` is than `faster`: wall / wall, paired by block. Above 1 where the name is deserved. */
export interface Comparison {
  readonly slower: StrategyResult;
  readonly faster: StrategyResult;
  readonly ratio: Estimate;
}

/** Null where fewer than two blocks hold a finished run of both. */
export function compare(slower: StrategyResult, faster: StrategyResult, seed: number): Comparison | null {
  const ratio = estimateMedian(pairedWallRatios(slower.runs, faster.runs), seededRandom(seed));
  return ratio === null ? null : { slower, faster, ratio };
}

/** Whether the difference is outside the noise: the whole 95 % interval lies above 1. */
export function isBeyondNoise(comparison: Comparison): boolean {
  return comparison.ratio.ci95[0] > 1;
}

/** The memory that two strategies can be compared by, in bytes: PSS where all have it, else RSS, else nothing. */
export function comparableMemory(
  results: readonly StrategyResult[],
): ((result: StrategyResult) => number) | null {
  for (const column of ['peakPssBytes', 'peakRssBytes'] as const) {
    if (results.every((result) => result[column] !== null)) {
      return (result) => result[column] ?? Number.NaN;
    }
  }
  return null;
}

/** Least memory first; in the given order where memory could not be read of all of them. */
export function leanestFirst(results: readonly StrategyResult[]): StrategyResult[] {
  const memory = comparableMemory(results);
  return memory === null ? [...results] : [...results].sort((left, right) => memory(left) - memory(right));
}
