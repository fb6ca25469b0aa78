import type { MatrixInput } from '../../src/engine/analysis/matrix/analyze.ts';
import type { Cell, RunMeasurement } from '../../src/engine/analysis/measurements.ts';
import { seededRandom, type Random } from '../../src/engine/random.ts';

export interface Size {
  readonly strategies: number;
  readonly workerCounts: readonly number[];
  readonly blocks: number;
}

const names = [
  'serial',
  'async',
  'threads',
  'processes',
  'thread-pool',
  'process-pool',
  'hybrid',
  'interpreter-pool',
  'cluster',
  'copies',
];

/** A full experiment with every column known, so that nothing is skipped: scaling, noise, block effects, costs. */
export function drawExperiment({ strategies, workerCounts, blocks }: Size, seed: number): MatrixInput {
  const random = seededRandom(seed);
  const effects = Array.from({ length: blocks }, () => Math.exp(0.1 * normal(random)));
  const cells = names
    .slice(0, strategies)
    .flatMap((strategy, index) =>
      workerCounts.map((workers) => drawCell(strategy, index, workers, effects, random)),
    );
  const control = (): RunMeasurement[] => drawCell('threads', 2, 2, effects, random).runs.slice();
  return {
    cells,
    controlPair: [control(), control()],
    limits: { usableCores: 64, physicalCores: 32, performanceCores: 16, quotaCores: null, memoryBytes: 64e9 },
    interpreter: { name: 'CPython', gilEnabled: true },
    tasks: 256,
    objective: 'balanced',
    stopping: 'fixed',
    resamples: 10_000,
    seed,
  };
}

function drawCell(
  strategy: string,
  index: number,
  workers: number,
  effects: readonly number[],
  random: Random,
): Cell {
  const startupMs = index * workers;
  const workMs = (1000 * (1 + 0.03 * index * (workers - 1) + 0.0005 * workers * (workers - 1))) / workers;
  return {
    strategy,
    workers,
    isolated: index % 2 === 1,
    sharesInterpreter: index % 2 === 0,
    runs: effects.map((effect, position): RunMeasurement => {
      const wallMs = (startupMs + workMs) * effect * Math.exp(0.03 * normal(random));
      return {
        block: position + 1,
        wallMs,
        startupMs: startupMs * (1 + 0.1 * random()),
        workMs: wallMs * 0.9,
        cpuSeconds: (workMs * workers * (1 + 0.05 * random())) / 1000,
        peakPssBytes: (40 + 8 * workers + random()) * 1e6,
        voluntarySwitches: Math.floor(100 * random()),
        involuntarySwitches: Math.floor(100 * random()),
        majorFaults: 0,
        runnableMs: wallMs * 0.1,
        throttledMs: 0,
        blockedMs: wallMs * 0.2,
        messageMs: wallMs * 0.05,
        slowestWorkerMs: wallMs,
        medianWorkerMs: wallMs * 0.9,
      };
    }),
  };
}

/** Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
