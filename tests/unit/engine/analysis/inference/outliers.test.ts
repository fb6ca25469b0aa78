import { describe, expect, it } from 'vitest';
import { modifiedZScores, outlierPositions } from '../../../../../src/engine/analysis/inference/outliers.ts';

describe('modified z-scores', () => {
  it('are hand-computed: median 3, median deviation 1', () => {
    const scores = modifiedZScores([1, 2, 3, 4, 100]);
    expect(scores.map((score) => Number(score.toFixed(4)))).toEqual([-1.349, -0.6745, 0, 0.6745, 65.4265]);
  });

  it('flag the disturbed run and no honest one', () => {
    expect(outlierPositions([100, 101, 99, 102, 98, 140, 100])).toEqual([5]);
    expect(outlierPositions([100, 101, 99, 102, 98])).toEqual([]);
  });

  it('fall back on the mean deviation where most values are the same', () => {
    // Deviations 0 0 0 0 10: mean 2, so 10 / (1.2533 · 2) = 3.99.
    expect(modifiedZScores([5, 5, 5, 5, 15])[4]).toBeCloseTo(3.989, 3);
    expect(outlierPositions([5, 5, 5, 5, 15])).toEqual([4]);
    expect(modifiedZScores([5, 5, 5])).toEqual([0, 0, 0]);
  });
});
