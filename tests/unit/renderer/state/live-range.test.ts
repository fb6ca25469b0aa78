import { describe, expect, it } from 'vitest';
import { busyBins, timeByUtilisation, utilisationOf } from '../../../../src/renderer/state/live-range.ts';

describe('time with so many cores busy', () => {
  it('is poor up to half of the target, ideal from above 85 %, idle with none', () => {
    expect([0, 1, 4, 5, 6, 7, 8, 12].map((busy) => utilisationOf(busy, 8))).toEqual([
      'idle',
      'poor',
      'poor',
      'ok',
      'ok',
      'ideal',
      'ideal',
      'ideal',
    ]);
  });

  it('has a bin for every number of cores where there are few', () => {
    const bins = busyBins([100, 300, 600], 2);
    expect(bins.map(({ fromCores, share, utilisation }) => [fromCores, share, utilisation])).toEqual([
      [0, 0.1, 'idle'],
      [1, 0.3, 'poor'],
      [2, 0.6, 'ideal'],
    ]);
    expect(timeByUtilisation(bins)).toEqual({ idle: 0.1, poor: 0.3, ok: 0, ideal: 0.6 });
  });

  it('joins neighbours where there are many, keeps idle apart and loses no time', () => {
    const bins = busyBins(new Array<number>(257).fill(10), 256);
    expect(bins).toHaveLength(17);
    expect(bins[0]).toMatchObject({ fromCores: 0, toCores: 0, ms: 10 });
    expect(bins[1]).toMatchObject({ fromCores: 1, toCores: 16, ms: 160 });
    expect(bins.reduce((sum, { ms }) => sum + ms, 0)).toBe(2_570);
  });
});
