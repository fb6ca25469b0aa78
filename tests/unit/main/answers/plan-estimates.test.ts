import { describe, expect, it } from 'vitest';
import type { ExperimentPlan } from '../../../../src/shared/experiment.ts';
import type { PlannedRun } from '../../../../src/shared/experiment-event.ts';
import { createPlanEstimates, type PlanEstimates } from '../../../../src/main/answers/plan-estimates.ts';
import { runsFrom } from '../../engine/analysis/drawn-experiment.ts';

const plan: ExperimentPlan = {
  workload: { id: 'count-loop', runtime: 'node', target: null, params: { rounds: 40 }, tasks: 2 },
  strategies: ['serial'],
  workerCounts: [2],
  blocks: 3,
  warmUpBlocks: 0,
  timeoutMs: 10_000,
  seed: 1,
  pythonPath: null,
  startMethod: null,
};

/** Tells of serial runs whose records took 900 ms, one after the other, each ending at one of the given times. */
function seen(
  estimates: PlanEstimates,
  of: ExperimentPlan,
  beginMs: number,
  endsMs: readonly number[],
): void {
  const [record] = runsFrom('head\nserial | 900 | 1 | 1 | 1')[0]?.runs ?? [];
  if (record === undefined) throw new Error('one run was drawn');
  const run: PlannedRun = { order: 1, block: 1, warmUp: false, strategy: 'serial', workers: 1 };
  estimates.receive({ type: 'planned', plan: of, runs: [run], atMs: beginMs - 400 });
  estimates.receive({ type: 'readiness', notes: [], atMs: beginMs });
  for (const atMs of endsMs) {
    estimates.receive({
      type: 'run-ended',
      run,
      record,
      completedRuns: 1,
      totalRuns: 1,
      remainingMs: null,
      atMs,
    });
  }
}

describe('the estimate of a plan in the app', () => {
  it('is unknown before the work has been run once', () => {
    const estimate = createPlanEstimates(2).estimate(plan);
    expect(estimate).toMatchObject({ runs: 3, basis: 'unknown', duration: null });
  });

  it('is as long as the same runs took, from the end of one to the end of the next', () => {
    const estimates = createPlanEstimates(2);
    seen(estimates, plan, 5000, [6000, 7000, 8000]);
    expect(estimates.estimate({ ...plan, blocks: 10 })).toMatchObject({
      runs: 10,
      basis: 'past-runs',
      duration: { leastMs: 10_000, likelyMs: 10_000, mostMs: 10_000 },
    });
  });

  it('does not count a pause', () => {
    const estimates = createPlanEstimates(2);
    seen(estimates, plan, 0, [1000]);
    estimates.receive({ type: 'paused', atMs: 1000 });
    estimates.receive({ type: 'resumed', atMs: 90_000 });
    seen(estimates, plan, 100_000, [101_000]);
    expect(estimates.estimate(plan).duration?.mostMs).toBe(3000);
  });

  it('models the numbers of workers that were not run', () => {
    const estimates = createPlanEstimates(2);
    seen(estimates, plan, 0, [1000]);
    expect(estimates.estimate({ ...plan, strategies: ['serial', 'threads'] }).basis).toBe('calibration');
  });

  it('knows nothing of other parameters from those that were run', () => {
    const estimates = createPlanEstimates(2);
    seen(estimates, plan, 0, [1000]);
    const other = { ...plan, workload: { ...plan.workload, params: { rounds: 80 } } };
    expect(estimates.estimate(other).basis).toBe('unknown');
  });
});
