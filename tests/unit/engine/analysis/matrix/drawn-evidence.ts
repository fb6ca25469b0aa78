import type { Evidence, Witness } from '../../../../../src/engine/analysis/matrix/evidence.ts';

const nothing: Evidence = {
  name: 'threads × 4',
  workers: 4,
  tasks: 16,
  sharesInterpreter: true,
  interpreter: null,
  limits: {
    usableCores: 4,
    physicalCores: 4,
    performanceCores: null,
    quotaCores: null,
    memoryBytes: 8e9,
  },
  speedup: null,
  isGainDoubtful: false,
  cores: null,
  serialCores: null,
  serialBlockedShare: null,
  workMs: null,
  workSpeedup: null,
  leastWorkCpuRatio: null,
  startupShare: null,
  messageShare: null,
  runnableShare: null,
  throttledShare: null,
  blockedShare: null,
  majorFaultsPerSecond: null,
  memoryShare: null,
  stragglerRatio: null,
  stragglerShare: null,
  separatePeer: null,
  withinCores: null,
};

/** Evidence of which only the given is known: four threads on four cores. */
export function evidence(known: Partial<Evidence>): Evidence {
  return { ...nothing, ...known };
}

/** An estimate drawn as `median (low to high)`. */
export function estimate(drawing: string): { median: number; ci95: readonly [number, number] } {
  const [, median, low, high] = /^(\S+) \((\S+) to (\S+)\)$/.exec(drawing) ?? [];
  if (median === undefined) throw new Error(`no estimate in "${drawing}"`);
  return { median: Number(median), ci95: [Number(low), Number(high)] };
}

export function witness(name: string, cores: number | null, ratio: string): Witness {
  return { name, workers: Number(name.split(' × ')[1]), cores, ratio: estimate(ratio) };
}
