import { describe, expect, it } from 'vitest';
import { createBlockWatch } from '../../../../src/engine/experiment/block-watch.ts';
import type { EndedRun } from '../../../../src/engine/experiment/remaining-time.ts';
import { planRuns } from '../../../../src/engine/experiment/run-order.ts';
import type { ExperimentPlan } from '../../../../src/shared/experiment.ts';

const adaptive = { targetHalfWidth: 0.03, timeMs: 60_000 };
const plan: ExperimentPlan = {
  workload: { id: 'count-loop', runtime: 'node', target: null, params: { n: 10, rounds: 1 }, tasks: 2 },
  strategies: ['serial', 'threads'],
  workerCounts: [2],
  blocks: 40,
  warmUpBlocks: 1,
  timeoutMs: 1000,
  seed: 1,
  pythonPath: null,
  startMethod: null,
  adaptive,
};
const planned = planRuns(plan);

/** The first runs of the plan, a second each; `wallOf` says what they measured. */
function endedRuns(count: number, wallOf: (index: number) => number): EndedRun[] {
  return planned.slice(0, count).map((run, index) => ({
    run,
    durationMs: 1000,
    record: {
      order: run.order,
      block: run.block,
      warmUp: run.warmUp,
      state: 'finished',
      wallMs: (run.strategy === 'serial' ? 2 : 1) * wallOf(index),
      startupMs: 1,
      workMs: null,
      tearDownMs: null,
      cpuSeconds: null,
      effectiveCores: null,
      peakRssBytes: null,
      peakPssBytes: null,
      checksum: '42',
      lostTasks: 0,
      metrics: [],
      notes: [],
      usage: null,
      disturbances: [],
    },
  }));
}
const blocksOf = (blocks: number): number => 2 + 2 * blocks;
const steady = (): number => 100;
/** Every block differs from the one before by half. */
const wild = (index: number): number => (index % 3 === 0 ? 200 : 100);

describe('blocks of their own accord', () => {
  it('are looked at when a block is over, and not during the warm-up', () => {
    const watch = createBlockWatch(plan, adaptive);
    for (const count of [0, 1, 2, 3]) expect(watch.look(endedRuns(count, steady), planned)).toBeNull();
    expect(watch.look(endedRuns(4, steady), planned)).toMatchObject({
      told: { blocks: 1, halfWidth: null, stoppedBy: null, budgetMs: 60_000, spentMs: 4000 },
      nextLookAtBlocks: 5,
    });
  });

  it('end at the first look where every interval is narrow enough', () => {
    const watch = createBlockWatch(plan, adaptive);
    expect(watch.look(endedRuns(blocksOf(4), steady), planned)?.told.stoppedBy).toBeNull();
    expect(watch.look(endedRuns(blocksOf(5), steady), planned)?.told).toMatchObject({
      stoppedBy: 'narrow',
      halfWidth: 0,
    });
  });

  it('go on while an interval is wide, until another block would take more than the time that is left', () => {
    const watch = createBlockWatch(plan, adaptive);
    expect(watch.look(endedRuns(blocksOf(5), wild), planned)?.told.stoppedBy).toBeNull();
    // Two runs a block, a second each, and two of warm-up: 29 blocks fill the minute.
    expect(watch.look(endedRuns(blocksOf(28), wild), planned)?.told.stoppedBy).toBeNull();
    expect(watch.look(endedRuns(blocksOf(29), wild), planned)?.told.stoppedBy).toBe('time');
  });

  it('end at the most that was planned', () => {
    const watch = createBlockWatch(plan, { ...adaptive, timeMs: 1e9 });
    expect(watch.look(endedRuns(planned.length, wild), planned)?.told.stoppedBy).toBe('blocks');
  });
});
