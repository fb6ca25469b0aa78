import type { InterpreterInfo } from '../../shared/experiment.ts';
import { median } from '../analysis/statistics.ts';

/** Everything that a battery found out about one runtime; null is what could not be measured. */
export interface RuntimeFigures {
  readonly interpreter: InterpreterInfo;
  readonly workers: number;
  readonly rounds: number;
  /** CPU work: as many tasks as workers, medians over the rounds. */
  readonly serial: WorkTimes | null;
  readonly threads: WayFigures;
  readonly processes: WayFigures;
  /** `waitingTasks` tasks that sleep `waitingTaskMs` each, on one event loop. */
  readonly asyncWallMs: number | null;
  readonly waitingTasks: number;
  readonly waitingTaskMs: number;
  /** Python: cores kept busy by threads that hash large buffers, outside of the interpreter lock. */
  readonly unlockedCores: number | null;
  /** Node: until a thread in an endless loop is gone, asked from inside the program. */
  readonly terminatedMs: number | null;
}

export interface WorkTimes {
  readonly wallMs: number;
  /** Wall time but the work itself: start-up and tear-down. */
  readonly overheadMs: number;
  readonly workMs: number;
  /** CPU time / wall time. */
  readonly cores: number | null;
}

/** What was found of threads, or of processes. */
export interface WayFigures {
  readonly work: WorkTimes | null;
  readonly waitingWallMs: number | null;
  readonly memoryPerWorkerBytes: number | null;
  readonly startupPerWorkerMs: number | null;
  readonly roundTripsPerSecond: number | null;
  readonly megabytesPerSecond: number | null;
  /** 100 MB to one other. */
  readonly sharedMs: number | null;
  /** The same by the name of shared memory; Python processes only. */
  readonly attachedMs: number | null;
  readonly crash: CrashFigures | null;
  /** From SIGKILL for one worker until its end is known; null where it is no process, or was not measured. */
  readonly killedMs: number | null;
  /** Whether the others went on after that. */
  readonly othersSurvivedKill: boolean | null;
}

/** After one of `workers` workers died at once. */
export interface CrashFigures {
  readonly hostSurvived: boolean;
  readonly lostTasks: number | null;
  readonly tasks: number;
}

/** Medians, each of what is known; null where nothing is. */
export function medianTimes(runs: readonly WorkTimes[]): WorkTimes | null {
  const wallMs = median(runs.map((run) => run.wallMs));
  const overheadMs = median(runs.map((run) => run.overheadMs));
  const workMs = median(runs.map((run) => run.workMs));
  if (wallMs === null || overheadMs === null || workMs === null) return null;
  const cores = median(runs.map((run) => run.cores).filter((value) => value !== null));
  return { wallMs, overheadMs, workMs, cores };
}

export type BreakEvenTask =
  /** Shorter tasks are done sooner one after another. */
  | { readonly state: 'breaks-even'; readonly taskMs: number }
  /** No task is long enough: the work itself is not done sooner. */
  | { readonly state: 'never' }
  | { readonly state: 'unknown' };

/**
 * The length of a task (of as many as there are workers) at which a way is as fast as serial work. It takes its
 * overhead s and the share r of the serial work: T = s + r · L, with r = work / serial work. Even at L = s / (1 − r),
 * of which each task is one of `tasks`. (The same as `analysis/costs/break-even.ts`, without its interval.)
 */
export function breakEvenTask(way: WorkTimes | null, serial: WorkTimes | null, tasks: number): BreakEvenTask {
  if (way === null || serial === null || serial.workMs <= 0) return { state: 'unknown' };
  const gain = 1 - way.workMs / serial.workMs;
  // Below a gain of 5 % the length would be a number made of noise.
  if (gain < 0.05) return { state: 'never' };
  const overheadMs = Math.max(0, way.overheadMs - serial.overheadMs);
  return { state: 'breaks-even', taskMs: overheadMs / gain / tasks };
}
