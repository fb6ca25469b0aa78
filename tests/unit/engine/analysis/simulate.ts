import type { Cell, RunMeasurement } from '../../../../src/engine/analysis/measurements.ts';
import type { Random } from '../../../../src/engine/random.ts';

/** Box and Muller. */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

const unknown: Omit<RunMeasurement, 'block' | 'wallMs'> = {
  startupMs: null,
  workMs: null,
  cpuSeconds: null,
  peakPssBytes: null,
  voluntarySwitches: null,
  involuntarySwitches: null,
  majorFaults: null,
  runnableMs: null,
  throttledMs: null,
  blockedMs: null,
  messageMs: null,
  slowestWorkerMs: null,
  medianWorkerMs: null,
};

/** A run of which nothing is known but its time and what is given. */
export function run(block: number, wallMs: number, known: Partial<RunMeasurement> = {}): RunMeasurement {
  return { ...unknown, block, wallMs, ...known };
}

export function runsOf(walls: readonly number[], known: Partial<RunMeasurement> = {}): RunMeasurement[] {
  return walls.map((wallMs, index) => run(index + 1, wallMs, known));
}

const isolatedStrategies = ['processes', 'process-pool', 'copies'];

export function cell(strategy: string, workers: number, runs: readonly RunMeasurement[]): Cell {
  const isolated = isolatedStrategies.includes(strategy);
  return { strategy, workers, isolated, sharesInterpreter: !isolated, runs };
}

/** How much every block slows down or speeds up all of its runs: `spread` on the logarithmic scale. */
export function drawBlockEffects(blocks: number, spread: number, random: Random): number[] {
  return Array.from({ length: blocks }, () => Math.exp(spread * normal(random)));
}

/** Runs of that true median with log-normal noise and the effects of their blocks. */
export function drawRuns(
  medianMs: number,
  noise: number,
  effects: readonly number[],
  random: Random,
): RunMeasurement[] {
  return runsOf(effects.map((effect) => medianMs * effect * Math.exp(noise * normal(random))));
}
