import { describe, expect, it } from 'vitest';
import { medianWeightsBySize } from '../../../../../src/engine/analysis/inference/median-weights.ts';
import type { Cell, MachineLimits } from '../../../../../src/engine/analysis/measurements.ts';
import { curveWallMs, type Curve } from '../../../../../src/engine/analysis/scaling/curve.ts';
import { fitScaling, kinksOf } from '../../../../../src/engine/analysis/scaling/fit.ts';
import { scalingPoint, serialFraction } from '../../../../../src/engine/analysis/scaling/speedup.ts';
import { seededRandom, type Random } from '../../../../../src/engine/random.ts';
import { cell, drawBlockEffects, drawRuns, runsOf } from '../simulate.ts';

const weightsOf = medianWeightsBySize(1, 10_000);
const limits: MachineLimits = {
  usableCores: 16,
  physicalCores: 8,
  performanceCores: null,
  quotaCores: null,
  memoryBytes: null,
};
const options = { limits, resamples: 500, seed: 1, weightsOf };
const counts = [1, 2, 4, 8, 16, 32];

function drawCells(wallMs: (workers: number) => number, noise: number, random: Random, blocks = 10): Cell[] {
  const effects = drawBlockEffects(blocks, 0.1, random);
  return counts.map((workers) => cell('threads', workers, drawRuns(wallMs(workers), noise, effects, random)));
}

describe('one number of workers against serial', () => {
  const serial = cell('serial', 1, runsOf([1000, 1000, 1000]));
  const four = cell('processes', 4, runsOf([400, 400, 400], { cpuSeconds: 1.2 }));

  it('is hand-computed: 2.5 times as fast on 4, efficiency 0.625, 3 cores, serial fraction 0.2', () => {
    const { serialFraction: fraction, ...point } = scalingPoint(serial, four, weightsOf);
    expect(point).toEqual({
      workers: 4,
      speedup: { median: 2.5, ci95: [2.5, 2.5] },
      efficiency: { median: 0.625, ci95: [0.625, 0.625] },
      effectiveCores: 3,
    });
    expect(fraction?.median).toBeCloseTo(0.2, 12);
  });

  it('turns the ends of the serial fraction round: more speed is less of it', () => {
    const noisy = cell('processes', 4, runsOf([400, 380, 430]));
    const { serialFraction: fraction, speedup } = scalingPoint(serial, noisy, weightsOf);
    expect(fraction?.ci95[0]).toBe(serialFraction(speedup?.ci95[1] ?? Number.NaN, 4));
    expect(fraction?.ci95[0]).toBeLessThan(fraction?.ci95[1] ?? Number.NaN);
  });

  it('leaves out what one worker, unknown CPU time or missing blocks cannot tell', () => {
    expect(scalingPoint(serial, cell('threads', 1, runsOf([1000, 1000])), weightsOf)).toMatchObject({
      effectiveCores: null,
      serialFraction: null,
    });
    expect(scalingPoint(serial, cell('threads', 2, runsOf([500])), weightsOf).speedup).toBeNull();
    expect(serialFraction(4, 4)).toBe(0);
    expect(serialFraction(1, 4)).toBe(1);
    expect(() => serialFraction(1, 1)).toThrow(RangeError);
  });
});

describe('the scaling curve of a strategy', () => {
  it('finds the law, the best number of workers and its interval, and stays within what was measured', () => {
    const curve: Curve = { oneWorkerMs: 1000, contention: 0.05, coherency: 0.004 };
    const cells = drawCells((workers) => curveWallMs(curve, workers), 0.01, seededRandom(1));
    const fit = fitScaling(cells, options);
    if (!fit.ok) throw new Error(fit.problem.message);
    const { law, fromWorkers, toWorkers, bestWorkers, bestWorkersInterval, endsAt, isBestAtEdge } = fit.value;
    expect({ law, fromWorkers, toWorkers, endsAt, isBestAtEdge }).toEqual({
      law: 'usl',
      fromWorkers: 1,
      toWorkers: 32,
      endsAt: null,
      isBestAtEdge: false,
    });
    // √(0.95 / 0.004) = 15.4.
    expect(Math.abs(bestWorkers - 15)).toBeLessThanOrEqual(1);
    expect(bestWorkersInterval.low).toBeLessThanOrEqual(15);
    expect(bestWorkersInterval.high).toBeGreaterThanOrEqual(15);
    expect(bestWorkersInterval.high - bestWorkersInterval.low).toBeLessThanOrEqual(6);
  });

  it("takes Amdahl's law where nothing speaks for more, and says that the best lies at the edge", () => {
    const cells = drawCells((workers) => 1000 * (0.1 + 0.9 / workers), 0.01, seededRandom(2));
    const fit = fitScaling(cells, options);
    expect(fit).toMatchObject({
      ok: true,
      value: { law: 'amdahl', bestWorkers: 32, bestWorkersInterval: { high: 32 }, isBestAtEdge: true },
    });
  });

  it('holds the true best number in its interval in at least 93 of 100 experiments', () => {
    const curve: Curve = { oneWorkerMs: 1000, contention: 0.05, coherency: 0.004 };
    const random = seededRandom(3);
    let held = 0;
    for (let experiment = 0; experiment < 100; experiment += 1) {
      const cells = drawCells((workers) => curveWallMs(curve, workers), 0.05, random);
      const fit = fitScaling(cells, { ...options, resamples: 200 });
      if (!fit.ok) continue;
      const { low, high } = fit.value.bestWorkersInterval;
      if (low <= 15 && high >= 15) held += 1;
    }
    expect(held).toBeGreaterThanOrEqual(93);
  });

  it('ends at the physical cores where the points up to them follow and those beyond do not', () => {
    const wider = [1, 2, 3, 4, 6, 8, 12, 16, 32];
    const cells = wider.map((workers) =>
      cell('processes', workers, runsOf(Array.from({ length: 5 }, () => 1000 / Math.min(workers, 8)))),
    );
    const fit = fitScaling(cells, options);
    expect(fit).toMatchObject({
      ok: true,
      value: { toWorkers: 8, endsAt: { atWorkers: 8, reason: 'the number of physical cores' } },
    });
  });

  it('is refused below four numbers of workers', () => {
    const cells = [1, 2, 4].map((workers) =>
      cell('threads', workers, runsOf([1000 / workers, 990 / workers])),
    );
    expect(fitScaling(cells, options)).toMatchObject({
      ok: false,
      problem: {
        kind: 'too-few-worker-counts',
        message: 'A scaling curve needs 4 numbers of workers, and only 3 were measured.',
      },
    });
  });

  it('is refused where the points do not follow, with the worst of them', () => {
    const walls = new Map([
      [1, 1000],
      [2, 300],
      [4, 900],
      [8, 200],
    ]);
    const cells = [...walls].map(([workers, wall]) => cell('threads', workers, runsOf([wall, wall, wall])));
    const fit = fitScaling(cells, options);
    expect(fit).toMatchObject({ ok: false, problem: { kind: 'points-do-not-follow' } });
  });

  it('is refused where no two blocks hold every number of workers', () => {
    const cells = [1, 2, 4, 8].map((workers) => cell('threads', workers, runsOf([1000 / workers])));
    expect(fitScaling(cells, options)).toMatchObject({ ok: false, problem: { kind: 'too-few-blocks' } });
  });
});

describe('kinks', () => {
  it('stand at every limit within the range, once, ascending, and named by the first that applies', () => {
    const machine = {
      usableCores: 6,
      physicalCores: 8,
      performanceCores: 4,
      quotaCores: 6,
      memoryBytes: null,
    };
    expect(kinksOf(machine, 16)).toEqual([
      { atWorkers: 4, reason: 'the number of performance cores' },
      { atWorkers: 6, reason: 'the CPU quota' },
      { atWorkers: 8, reason: 'the number of physical cores' },
    ]);
    expect(kinksOf(machine, 4)).toEqual([]);
  });
});
