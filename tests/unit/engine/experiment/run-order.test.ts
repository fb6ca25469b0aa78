import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf, planRuns, workersOf } from '../../../../src/engine/experiment/run-order.ts';
import type { ExperimentPlan } from '../../../../src/shared/experiment.ts';
import { strategyIds } from '../../../../src/shared/workload.ts';

function planOf(changes: Partial<ExperimentPlan> = {}): ExperimentPlan {
  return {
    workload: { id: 'count-loop', runtime: 'node', target: null, params: { n: 10, rounds: 1 }, tasks: 4 },
    strategies: ['serial', 'threads', 'processes'],
    workerCounts: [2],
    blocks: 3,
    warmUpBlocks: 1,
    timeoutMs: 1000,
    seed: 1,
    pythonPath: null,
    startMethod: null,
    ...changes,
  };
}

describe('the order of runs', () => {
  it('holds every strategy once in every block, warm-ups first', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.constantFrom(...strategyIds), { minLength: 1 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        (strategies, blocks, warmUpBlocks, seed) => {
          const runs = planRuns(planOf({ strategies, blocks, warmUpBlocks, seed }));
          expect(runs.map(({ order }) => order)).toEqual(runs.map((_, index) => index + 1));
          const warmUps = runs.slice(0, warmUpBlocks * strategies.length);
          const measured = runs.slice(warmUps.length);
          expect(warmUps.every(({ warmUp, block }) => warmUp && block === 0)).toBe(true);
          for (let block = 1; block <= blocks; block += 1) {
            const inBlock = measured.filter((run) => run.block === block);
            expect(inBlock.map(({ strategy }) => strategy).toSorted()).toEqual(strategies.toSorted());
          }
        },
      ),
    );
  });

  it('is the same for the same seed and differs between blocks', () => {
    const first = planRuns(planOf({ blocks: 20, seed: 7 }));
    expect(planRuns(planOf({ blocks: 20, seed: 7 }))).toEqual(first);
    expect(planRuns(planOf({ blocks: 20, seed: 8 }))).not.toEqual(first);
    const orders = new Set(
      Array.from({ length: 20 }, (_, block) =>
        first
          .filter((run) => run.block === block + 1)
          .map(({ strategy }) => strategy)
          .join(' '),
      ),
    );
    expect(orders.size).toBeGreaterThan(1);
  });
});

describe('the A/A pair', () => {
  it('runs serial once more in every counted block, marked so', () => {
    const runs = planRuns(planOf({ controlPair: true, warmUpBlocks: 2 }));
    const controls = runs.filter(({ control }) => control === true);
    expect(controls.map(({ strategy, workers, block }) => [strategy, workers, block])).toEqual([
      ['serial', 1, 1],
      ['serial', 1, 2],
      ['serial', 1, 3],
    ]);
  });

  it('doubles the first strategy where serial is not run', () => {
    const runs = planRuns(planOf({ controlPair: true, strategies: ['threads', 'processes'] }));
    expect(runs.filter(({ control }) => control === true)[0]).toMatchObject({
      strategy: 'threads',
      workers: 2,
    });
  });
});

describe('an experiment that may stop early', () => {
  it('begins like the longer one, so that blocks can be added', () => {
    const few = planRuns(planOf({ blocks: 3, controlPair: true }));
    expect(planRuns(planOf({ blocks: 9, controlPair: true })).slice(0, few.length)).toEqual(few);
  });
});

describe('the number of workers', () => {
  it('is one where all is done on one thread, and never more than there are tasks', () => {
    const plan = planOf({ workerCounts: [2, 4, 8] });
    const alone = strategyIds.filter((strategy) => workersOf(strategy, plan).join() === '1');
    expect(alone).toEqual(['serial', 'async', 'asyncio']);
    // Four tasks: eight workers would be four, which are there already.
    expect(workersOf('threads', plan)).toEqual([2, 4]);
    expect(cellsOf(plan).map(({ strategy, workers }) => `${strategy} ${workers}`)).toEqual([
      'serial 1',
      'threads 2',
      'threads 4',
      'processes 2',
      'processes 4',
    ]);
  });
});
