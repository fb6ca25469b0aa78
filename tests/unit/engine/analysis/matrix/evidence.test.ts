import { describe, expect, it } from 'vitest';
import { medianWeightsBySize } from '../../../../../src/engine/analysis/inference/median-weights.ts';
import { type Evidence, gatherEvidence } from '../../../../../src/engine/analysis/matrix/evidence.ts';
import type { RunMeasurement } from '../../../../../src/engine/analysis/measurements.ts';
import { cell, runsOf } from '../simulate.ts';

const limits = {
  usableCores: 4,
  physicalCores: 4,
  performanceCores: null,
  quotaCores: null,
  memoryBytes: null,
};

/** Of two threads beside serial work that took a second and a second of CPU. */
function gather(known: Partial<RunMeasurement>, usableCores = 4): Evidence {
  const serial = cell('serial', 1, runsOf([1000, 1000], { workMs: 1000, cpuSeconds: 1 }));
  const threads = cell('threads', 2, runsOf([1000, 1000], known));
  return gatherEvidence(threads, {
    cells: [serial, threads],
    serial,
    tasks: 2,
    interpreter: null,
    limits: { ...limits, usableCores },
    weightsOf: medianWeightsBySize(1, 100),
    stopping: 'fixed',
  });
}

describe('the CPU time of the work alone', () => {
  const told = { workMs: 800, messageMs: 50, cpuSeconds: 3 };

  it('leaves out what the host and each worker can have used beside it, a core each', () => {
    // 3 s less 0.25 s on 3 cores.
    expect(gather(told).leastWorkCpuRatio).toBe(2.25);
    expect(gather(told, 2).leastWorkCpuRatio).toBe(2.5);
  });

  it('is never less than none, as of tiny work', () => {
    expect(gather({ ...told, workMs: 1, cpuSeconds: 1.5 }).leastWorkCpuRatio).toBe(0);
  });

  it('is unknown where a part of it is', () => {
    expect(gather({ ...told, workMs: null }).leastWorkCpuRatio).toBeNull();
    expect(gather({ ...told, messageMs: null }).leastWorkCpuRatio).toBeNull();
    expect(gather({ ...told, cpuSeconds: null }).leastWorkCpuRatio).toBeNull();
  });

  it('goes with the speed-up that start-up and tear-down leave nothing of', () => {
    expect(gather(told)).toMatchObject({ workMs: 800, workSpeedup: 1.25 });
  });
});
