import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evenTasks, probingWorkerCounts, scalingWorkerCounts } from '../../../src/shared/worker-counts.ts';

describe('the numbers of workers that are proposed', () => {
  it.each([
    [1, [1, 2]],
    [2, [1, 2]],
    [4, [1, 2, 4]],
    [6, [1, 2, 4, 6]],
    [16, [1, 2, 4, 8, 16]],
  ])('double up to %i cores', (cores, counts) => {
    expect(scalingWorkerCounts(cores)).toEqual(counts);
  });

  it('go to twice the cores where the price of too many is asked for', () => {
    expect(probingWorkerCounts(6)).toEqual([1, 2, 4, 6, 12]);
    expect(probingWorkerCounts(1)).toEqual([1, 2, 4]);
  });
});

describe('the number of tasks', () => {
  it.each([
    [[2], 2],
    [[1, 2, 4], 4],
    [[1, 2, 4, 6], 12],
    [[5, 7], 7],
  ])('for %j workers is %i', (counts, tasks) => {
    expect(evenTasks(counts)).toBe(tasks);
  });

  it('is at least one for every worker, and at most four', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 256 }), { minLength: 1, maxLength: 6 }), (counts) => {
        const most = Math.max(...counts);
        const tasks = evenTasks(counts);
        expect(tasks % most).toBe(0);
        expect(tasks).toBeGreaterThanOrEqual(most);
        expect(tasks).toBeLessThanOrEqual(4 * most);
      }),
    );
  });
});
