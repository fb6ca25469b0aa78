import { describe, expect, it } from 'vitest';
import { describeFit } from '../../../src/shared/describe-experiment.ts';
import type { Estimate, StrategyScaling } from '../../../src/shared/experiment-analysis.ts';

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
