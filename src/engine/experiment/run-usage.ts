import type { RunUsage } from '../../shared/experiment.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { medianOf } from '../analysis/inference/select.ts';
import type { RunObservation } from './run-observation.ts';

/** When each worker began its first task and finished its last. */
export interface WorkerTimes {
  started(worker: number | null, atMs: SessionMs): void;
  finished(worker: number | null, atMs: SessionMs): void;
  /** In no order; of those workers that finished a task. */
  atWorkMs(): readonly Milliseconds[];
}

export function createWorkerTimes(): WorkerTimes {
  const first = new Map<number, SessionMs>();
  const last = new Map<number, SessionMs>();
  return {
    started(worker, atMs) {
      if (worker !== null && !(atMs >= (first.get(worker) ?? Infinity))) first.set(worker, atMs);
    },
    finished(worker, atMs) {
      if (worker !== null && !(atMs <= (last.get(worker) ?? -Infinity))) last.set(worker, atMs);
    },
    atWorkMs: () =>
      [...last].flatMap(([worker, endMs]) => {
        const startMs = first.get(worker);
        return startMs === undefined ? [] : [Math.max(0, endMs - startMs)];
      }),
  };
}

/** A share of the run that samples have to cover before a sum over them stands for the run. */
const coveredShare = 0.75;
/** Share of the workers' time that others' CPU time may be, for blocked to be known without runnable. */
const littleShare = 0.15;
/** Fewer say nothing: a rate needs two readings. */
const fewestSamples = 3;

/**
 * How the workers spent their time:
 *
 *     blocked = workers · wall − CPU time − runnable − throttled,   at least 0
 *
 * so it holds all waiting: for a lock, a message, a device, a timer, or for the other workers at the end. Counters that
 * were read last long before the end of the run are unknown, for what came after is not in them.
 *
 * What the samples know of `runnable` has to cover most of the run, and stands for the rest. Where it does not, as in
 * short runs, there is a limit to it: while w of no more workers than cores stand in line for one, the others of them
 * keep no more than workers − w cores busy, so others than the run keep at least w busy. The workers cannot have stood in
 * line for longer than the CPU time of all others; where that is little, blocked is what is left if they did.
 */
export function describeUsage(run: {
  readonly observation: RunObservation | null;
  readonly atWorkMs: readonly Milliseconds[];
  readonly workers: number;
  readonly wallMs: Milliseconds;
  readonly cpuSeconds: number | null;
  /** From the beginning of the run, when the observation began. */
  readonly startMs: SessionMs;
  readonly hasQuota: boolean;
  /** Null: not known. */
  readonly usableCores: number | null;
  /** CPU time of the run and all it started, from its start to its end, as the kernel has it; null: by the samples. */
  readonly treeCpuMs: Milliseconds | null;
}): RunUsage {
  const { observation, workers, wallMs, cpuSeconds, atWorkMs } = run;
  const isObserved = observation !== null && observation.samples >= fewestSamples;
  const counted =
    isObserved && observation.countedUntilMs - run.startMs >= coveredShare * observation.spanMs
      ? observation
      : null;
  // Helpers of an interpreter stand in line as well, and before the work: no more of it is the workers'.
  const idleMs = cpuSeconds === null ? Infinity : Math.max(0, workers * wallMs - cpuSeconds * 1000);
  const runnableMs =
    isObserved && observation.runnableKnownShare >= coveredShare
      ? known(Math.min(observation.runnableMs / observation.runnableKnownShare, idleMs))
      : null;
  const limitMs =
    isObserved && workers <= (run.usableCores ?? 0) ? othersMs(observation, run.treeCpuMs) : null;
  const queueingMs =
    runnableMs ?? (limitMs !== null && limitMs <= littleShare * workers * wallMs ? limitMs : null);
  const heldBackMs = isObserved ? known(observation.throttledMs) : null;
  // More than the run took would be the rounding of windows.
  const throttledMs = run.hasQuota
    ? heldBackMs === null
      ? null
      : workers * Math.min(heldBackMs, wallMs)
    : 0;
  const blockedMs =
    queueingMs === null || cpuSeconds === null || throttledMs === null
      ? null
      : Math.max(0, workers * wallMs - cpuSeconds * 1000 - queueingMs - throttledMs);
  return {
    voluntarySwitches: known(counted?.voluntarySwitches),
    involuntarySwitches: known(counted?.involuntarySwitches),
    majorFaults: known(counted?.majorFaults),
    runnableMs,
    throttledMs,
    blockedMs,
    slowestWorkerMs: atWorkMs.length === 0 ? null : Math.max(...atWorkMs),
    medianWorkerMs: atWorkMs.length === 0 ? null : medianOf(atWorkMs),
  };
}

/** CPU time of all but the run: of other programs, of Corescope, and of other machines on these cores. */
function othersMs(
  { busyMs, runCpuMs, stolenMs }: RunObservation,
  treeCpuMs: Milliseconds | null,
): Milliseconds | null {
  return known(busyMs - Math.max(runCpuMs, treeCpuMs ?? 0) + stolenMs);
}

function known(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : Math.max(0, value);
}
