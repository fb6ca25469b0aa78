import { describe, expect, it } from 'vitest';
import { describeFit } from '../../../src/shared/describe-experiment.ts';
import type { Estimate, ScalingCurve, StrategyScaling } from '../../../src/shared/experiment-analysis.ts';

function costs(memoryPerWorkerBytes: Estimate | null, startupPerWorkerMs: Estimate | null): string {
  const scaling: StrategyScaling = {
    strategy: 'threads',
    fit: { state: 'refused', reason: 'Two numbers of workers are too few.', advice: 'Measure four.' },
    kinks: [],
    memoryPerWorkerBytes,
    startupPerWorkerMs,
    breakEven: { state: 'unknown' },
  };
  return describeFit(scaling);
}

describe('what a worker more costs', () => {
  it('is told by how much where the interval leaves nothing out of the question', () => {
    expect(costs({ median: 8e6, ci95: [7e6, 9e6] }, { median: 12, ci95: [10, 14] })).toBe(
      'no scaling curve. Two numbers of workers are too few. Each worker more costs 8.00 MB of memory and 12.0 ms ' +
        'of start-up.',
    );
  });

  it('cannot be told from nothing where the interval reaches to it', () => {
    expect(costs(null, { median: 0.12, ci95: [-0.723, 0.945] })).toBe(
      'no scaling curve. Two numbers of workers are too few. Each worker more costs no detectable start-up.',
    );
    expect(costs(null, null)).toBe('no scaling curve. Two numbers of workers are too few.');
  });
});

describe('a fitted curve', () => {
  const curve: ScalingCurve = {
    state: 'fitted',
    law: 'amdahl',
    fromWorkers: 1,
    toWorkers: 6,
    oneWorkerMs: 100,
    contention: 0.125,
    coherency: 0,
    bestWorkers: 4,
    bestWorkersLow: 3,
    bestWorkersHigh: 6,
    isBestAtEdge: false,
    endsAt: null,
  };
  function words(fit: ScalingCurve): string {
    return describeFit({
      strategy: 'threads',
      fit,
      kinks: [],
      memoryPerWorkerBytes: null,
      startupPerWorkerMs: null,
      breakEven: { state: 'unknown' },
    });
  }

  it('is told by its best number of workers, with its interval, and the share that stays serial', () => {
    expect(words(curve)).toBe("best at 4 workers, 95 % interval 3 to 6; Amdahl's law, serial share 12.5 %.");
  });

  it('has no share of more than all where every worker more adds time', () => {
    expect(words({ ...curve, contention: 1.113, bestWorkers: 1, bestWorkersLow: 1 })).toBe(
      "best at 1 worker, 95 % interval 1 to 6; Amdahl's law, nothing of it is done sooner by more workers.",
    );
  });
});
