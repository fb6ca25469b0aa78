import type { ExperimentPlan } from '../../shared/experiment.ts';
import type { PlannedRun } from '../../shared/experiment-event.ts';
import type { EstimateBasis, PlanEstimate, TimedRun } from '../../shared/plan-estimate.ts';
import { hasOneWorker } from '../../shared/workload.ts';
import { traitsOf } from '../analysis/strategy-traits.ts';
import { cellKey, planRuns } from './run-order.ts';

export interface PlanFacts {
  readonly plan: ExperimentPlan;
  readonly usableCores: number;
  /** Of the interpreter that will run the work; null where it has none, or nobody has asked. */
  readonly gilEnabled: boolean | null;
  /** Runs of the same work, parameters and number of tasks; empty where there are none. */
  readonly pastRuns: readonly TimedRun[];
  /** Of the plan's runs, those at its beginning that need not be made again. */
  readonly runsDone?: number;
}

/** Least, likely and most, in milliseconds. */
type Span = readonly [least: number, likely: number, most: number];

/** What taking turns at locks, caches and memory may cost: Python's threads under its lock seldom lose more. */
const mostSlowdown = 1.5;

/** Between asking for a run and its clock, and behind it: an interpreter that starts on a loaded machine. */
const mostOverheadMs = 2_000;

/** No look ends an experiment with automatic blocks before (`analysis/inference/stop-rule.ts`). */
const leastAutomaticBlocks = 5;

/**
 * What is left of a plan takes, in runs and in time. Fields that were run before are expected to take as long again.
 * For the others a run tells how long the work takes on one worker, W, and what is spent around it, O. Then N workers
 * on C cores take, with ⌈tasks/N⌉ tasks for the one that has most:
 *
 *     least   O + W · ⌈tasks/N⌉/tasks            all that workers do overlaps, waiting for instance
 *     likely  O · rounds + W · ⌈tasks/min(N, C)⌉/tasks, or W where an interpreter lock lets one work at a time
 *     most    O · N + 1.5 · W                    workers in each other's way, none gained
 *
 * where `rounds` = ⌈N/C⌉ where every worker starts an interpreter, and 1 where they share one. No run takes longer than
 * its time limit.
 */
export function estimatePlan(facts: PlanFacts): PlanEstimate {
  const { plan, pastRuns } = facts;
  const remaining = planRuns(plan).slice(facts.runsDone ?? 0);
  const firstBlock = Math.max(1, remaining[0]?.block ?? 0);
  const untilLook = remaining.filter(({ block }) => block <= firstBlock);
  const boundMs = withinBudget(
    plan,
    remaining.length * mostPerRun(plan),
    untilLook.length * mostPerRun(plan),
  );
  const work = onOneWorker(facts);
  if (work === null || remaining.length === 0) {
    const duration = remaining.length === 0 ? { leastMs: 0, likelyMs: 0, mostMs: 0 } : null;
    return { runs: remaining.length, basis: 'unknown', duration, boundMs, explanation: explain('unknown') };
  }
  const known = new Map<string, Span>();
  const isModelled = remaining.some((run) => pastRuns.every((past) => cellKey(past) !== cellKey(run)));
  const spanOf = (run: PlannedRun): Span => {
    const key = cellKey(run);
    const earlier = known.get(key);
    if (earlier !== undefined) return earlier;
    const own = pastRuns.filter((past) => cellKey(past) === key).map(({ durationMs }) => durationMs);
    const span = own.length > 0 ? spread(own) : modelOf(run, work, facts);
    const capped = mapSpan(span, (ms) => Math.min(ms, mostPerRun(plan)));
    known.set(key, capped);
    return capped;
  };
  const leastRuns =
    plan.adaptive === undefined
      ? remaining
      : remaining.filter(({ block }) => block <= Math.min(plan.blocks, leastAutomaticBlocks));
  const [, likely, most] = remaining.map(spanOf).reduce(addSpans, [0, 0, 0]);
  const [least] = leastRuns.map(spanOf).reduce(addSpans, [0, 0, 0]);
  const [, likelyLook, mostLook] = untilLook.map(spanOf).reduce(addSpans, [0, 0, 0]);
  const likelyMs = withinBudget(plan, likely, likelyLook);
  const basis = isModelled ? 'calibration' : 'past-runs';
  return {
    runs: remaining.length,
    basis,
    duration: { leastMs: Math.min(least, likelyMs), likelyMs, mostMs: withinBudget(plan, most, mostLook) },
    boundMs,
    explanation: explain(basis),
  };
}

function explain(basis: EstimateBasis): string {
  switch (basis) {
    case 'past-runs':
      return 'As long as the same runs took before.';
    case 'calibration':
      return 'From the runs of this work that were made so far; numbers of workers that were not run are expected to share it out evenly.';
    case 'unknown':
      return 'Unknown until the first run: only the time limit of a run says how long it may take.';
  }
}

/** A run with both hooks, each until its time limit. */
function mostPerRun({ timeoutMs, prepareCommand, cleanupCommand }: ExperimentPlan): number {
  const hooks = [prepareCommand, cleanupCommand].filter((command) => command !== undefined).length;
  return timeoutMs * (1 + hooks) + mostOverheadMs;
}

/** Automatic blocks end with their budget, but not before the first of them, which takes `untilLookMs`, is whole. */
function withinBudget({ adaptive }: ExperimentPlan, ms: number, untilLookMs: number): number {
  return adaptive === undefined ? ms : Math.min(ms, Math.max(adaptive.timeMs, untilLookMs));
}

/** What the work takes one worker, and what is spent around it. */
interface OneWorker {
  readonly workMs: Span;
  readonly aroundMs: number;
}

/**
 * From the serial runs; without any from the run with the fewest workers, whose work took one worker as long at least
 * and that many times as long at most. Null where no run finished.
 */
function onOneWorker({ pastRuns, usableCores }: PlanFacts): OneWorker | null {
  const finished = pastRuns.flatMap(({ strategy, workers, durationMs, wallMs }) =>
    wallMs === null ? [] : [{ strategy, workers: hasOneWorker(strategy) ? 1 : workers, durationMs, wallMs }],
  );
  const serial = finished.filter(({ strategy }) => strategy === 'serial');
  const fewest = Math.min(...finished.map(({ workers }) => workers));
  const telling = serial.length > 0 ? serial : finished.filter(({ workers }) => workers === fewest);
  if (telling.length === 0) return null;
  const workers = serial.length > 0 ? 1 : fewest;
  const [least, likely, most] = spread(telling.map(({ wallMs }) => wallMs));
  const [, aroundMs] = spread(telling.map(({ wallMs, durationMs }) => Math.max(0, durationMs - wallMs)));
  return { workMs: [least, likely * Math.min(workers, usableCores), most * workers], aroundMs };
}

function modelOf(run: PlannedRun, { workMs, aroundMs }: OneWorker, facts: PlanFacts): Span {
  const { plan, usableCores, gilEnabled } = facts;
  const { tasks, runtime } = plan.workload;
  const { strategy, workers } = run;
  const [least, likely, most] = workMs;
  if (strategy === 'serial') return mapSpan(workMs, (ms) => aroundMs + ms);
  // On one thread, but what waits may wait together.
  if (hasOneWorker(strategy))
    return [aroundMs + least / tasks, aroundMs + likely, aroundMs + most * mostSlowdown];
  const shareOf = (count: number): number => Math.ceil(tasks / count) / tasks;
  const { sharesInterpreter } = traitsOf(strategy, runtime);
  const isLocked = sharesInterpreter && gilEnabled === true;
  const rounds = sharesInterpreter ? 1 : Math.ceil(workers / usableCores);
  return [
    aroundMs + least * shareOf(workers),
    aroundMs * rounds + (isLocked ? likely : likely * shareOf(Math.min(workers, usableCores))),
    aroundMs * workers + most * mostSlowdown,
  ];
}

function spread(values: readonly number[]): Span {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return [Math.min(...values), mean, Math.max(...values)];
}

function mapSpan([least, likely, most]: Span, change: (ms: number) => number): Span {
  return [change(least), change(likely), change(most)];
}

function addSpans(left: Span, right: Span): Span {
  return [left[0] + right[0], left[1] + right[1], left[2] + right[2]];
}
