import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimatePlan, type PlanFacts } from '../../../../src/engine/experiment/estimate.ts';
import type { ExperimentPlan } from '../../../../src/shared/experiment.ts';
import type { TimedRun } from '../../../../src/shared/plan-estimate.ts';
import type { StrategyId } from '../../../../src/shared/workload.ts';

function planOf(changes: Partial<ExperimentPlan> = {}): ExperimentPlan {
  return {
    workload: { id: 'count-loop', runtime: 'node', target: null, params: { n: 10, rounds: 1 }, tasks: 4 },
    strategies: ['serial', 'threads'],
    workerCounts: [2],
    blocks: 3,
    warmUpBlocks: 1,
    timeoutMs: 60_000,
    seed: 1,
    pythonPath: null,
    startMethod: null,
    ...changes,
  };
}

function factsOf(plan: Partial<ExperimentPlan> = {}, changes: Partial<PlanFacts> = {}): PlanFacts {
  return { plan: planOf(plan), usableCores: 2, gilEnabled: null, pastRuns: [], ...changes };
}

function timed(strategy: StrategyId, workers: number, durationMs: number, wallMs: number | null): TimedRun {
  return { strategy, workers, durationMs, wallMs };
}

/** 4 s of work and 100 ms around it. */
const serial = timed('serial', 1, 4_100, 4_000);

describe('the estimate of a plan', () => {
  it('is unknown before any run, and says what no run can exceed', () => {
    const estimate = estimatePlan(factsOf());
    // Two strategies in four blocks, each with a minute, and 2 s to start and end.
    expect(estimate).toMatchObject({ runs: 8, basis: 'unknown', duration: null, boundMs: 8 * 62_000 });
    expect(estimate.explanation).toMatch(/^Unknown until the first run/);
  });

  it('counts warm-ups, every number of workers and the control pair, whose double is not warmed up', () => {
    const { runs } = estimatePlan(factsOf({ workerCounts: [1, 2, 4], controlPair: true }));
    expect(runs).toBe(4 + 3 * (4 + 1));
  });

  it('takes the fields that were run before by their mean, their shortest and their longest run', () => {
    const pastRuns = [serial, timed('threads', 2, 2_000, 1_900), timed('threads', 2, 3_000, 2_900)];
    const { basis, duration } = estimatePlan(factsOf({}, { pastRuns }));
    expect(basis).toBe('past-runs');
    expect(duration).toEqual({
      leastMs: 4 * (4_100 + 2_000),
      likelyMs: 4 * (4_100 + 2_500),
      mostMs: 4 * (4_100 + 3_000),
    });
  });

  it('shares the work of one serial run out among the cores', () => {
    const facts = factsOf({ strategies: ['threads'], workerCounts: [4] }, { pastRuns: [serial] });
    expect(estimatePlan(facts)).toMatchObject({
      basis: 'calibration',
      duration: {
        // Four workers that overlap; two cores for four interpreters; no gain, and half as much again lost.
        leastMs: 4 * (100 + 1_000),
        likelyMs: 4 * (200 + 2_000),
        mostMs: 4 * (400 + 6_000),
      },
    });
  });

  it('expects nothing of threads under an interpreter lock, and something of processes', () => {
    const likely = (strategy: StrategyId, gilEnabled: boolean): number | undefined => {
      const { workload } = planOf();
      const plan = { strategies: [strategy], workload: { ...workload, runtime: 'python' as const } };
      return estimatePlan(factsOf(plan, { gilEnabled, pastRuns: [serial] })).duration?.likelyMs;
    };
    expect(likely('threads', true)).toBe(4 * 4_100);
    expect(likely('threads', false)).toBe(4 * 2_100);
    expect(likely('processes', true)).toBe(4 * 2_100);
  });

  it('takes the worker with most tasks where they cannot be shared out evenly', () => {
    const workload = { ...planOf().workload, tasks: 3 };
    const facts = factsOf(
      { strategies: ['threads'], workload },
      { pastRuns: [timed('serial', 1, 3_000, 3_000)] },
    );
    expect(estimatePlan(facts).duration?.likelyMs).toBe(4 * 2_000);
  });

  it('goes by the run with the fewest workers where there is none in series', () => {
    const facts = factsOf({ strategies: ['serial'] }, { pastRuns: [timed('threads', 2, 1_000, 1_000)] });
    // Two workers took a second: one takes one at least, two at most.
    expect(estimatePlan(facts).duration).toEqual({ leastMs: 4_000, likelyMs: 8_000, mostMs: 8_000 });
  });

  it('lets no run go on beyond its time limit, hooks included', () => {
    const pastRuns = [timed('serial', 1, 90_000, 90_000)];
    const facts = factsOf(
      { strategies: ['serial'], timeoutMs: 10_000, prepareCommand: 'true' },
      { pastRuns },
    );
    expect(estimatePlan(facts)).toMatchObject({ boundMs: 4 * 22_000, duration: { likelyMs: 4 * 22_000 } });
  });

  it('ends automatic blocks with their time budget, and no sooner than five blocks', () => {
    const pastRuns = [timed('serial', 1, 1_000, 1_000)];
    const adaptive = { targetHalfWidth: 0.03, timeMs: 30_000 };
    const facts = factsOf({ strategies: ['serial'], blocks: 100, adaptive }, { pastRuns });
    expect(estimatePlan(facts)).toMatchObject({
      runs: 101,
      // The warm-up and the first block, each until its time limit.
      boundMs: 2 * 62_000,
      duration: { leastMs: 6_000, likelyMs: 30_000, mostMs: 30_000 },
    });
  });

  it('leaves out what is done', () => {
    expect(estimatePlan(factsOf({}, { pastRuns: [serial], runsDone: 8 }))).toMatchObject({
      runs: 0,
      duration: { leastMs: 0, likelyMs: 0, mostMs: 0 },
    });
    expect(estimatePlan(factsOf({}, { runsDone: 5 })).runs).toBe(3);
  });

  it('never has a least above the likely, nor a likely above the most or the bound', () => {
    const run = fc.record({
      strategy: fc.constantFrom<StrategyId>('serial', 'threads', 'processes', 'async'),
      workers: fc.integer({ min: 1, max: 8 }),
      wallMs: fc.integer({ min: 1, max: 100_000 }),
      aroundMs: fc.integer({ min: 0, max: 1_000 }),
    });
    fc.assert(
      fc.property(
        fc.array(run, { minLength: 1, maxLength: 6 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 12 }),
        fc.boolean(),
        (past, workerCounts, usableCores, isAdaptive) => {
          const pastRuns = past.map(({ strategy, workers, wallMs, aroundMs }) =>
            timed(strategy, workers, wallMs + aroundMs, wallMs),
          );
          const adaptive = isAdaptive ? { adaptive: { targetHalfWidth: 0.03, timeMs: 20_000 } } : {};
          const plan = { strategies: ['serial', 'threads', 'processes'] as const, workerCounts, ...adaptive };
          const { duration, boundMs } = estimatePlan(factsOf(plan, { usableCores, pastRuns }));
          if (duration === null) throw new Error('a finished run must be enough');
          expect(duration.leastMs).toBeLessThanOrEqual(duration.likelyMs * (1 + 1e-9));
          expect(duration.likelyMs).toBeLessThanOrEqual(duration.mostMs * (1 + 1e-9));
          expect(duration.mostMs).toBeLessThanOrEqual(boundMs * (1 + 1e-9));
        },
      ),
    );
  });
});
