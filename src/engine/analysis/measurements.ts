/**
 * What the analysis of a matrix works on. The experiment fills it in; nothing here knows how a run was made, so that
 * strategies and runtimes can be added without touching a formula. Null is unknown, never 0.
 */

/** One finished run that was no warm-up. */
export interface RunMeasurement {
  /** Runs of one block met the same heat and the same neighbours; only they are paired. */
  readonly block: number;
  /** From asking for the first worker until the last one has been joined. Positive. */
  readonly wallMs: number;
  /** From asking for the first worker until the last one was ready. */
  readonly startupMs: number | null;
  /** From the first task's start until the last task's end. */
  readonly workMs: number | null;
  /** User + system time of the whole tree. */
  readonly cpuSeconds: number | null;
  /** Most proportional memory of the whole tree at one sample. */
  readonly peakPssBytes: number | null;
  /** Times a worker gave its core up (it waited) and times it was taken away (its slice was over). */
  readonly voluntarySwitches: number | null;
  readonly involuntarySwitches: number | null;
  /** Pages that had to come from disk. */
  readonly majorFaults: number | null;
  /** Sums over the workers: ready but without a core; held back by the quota; waiting for something. */
  readonly runnableMs: number | null;
  readonly throttledMs: number | null;
  readonly blockedMs: number | null;
  /** Time that tasks and results spent on their way between parent and workers: encoding, copying, decoding. */
  readonly messageMs: number | null;
  /** How long the slowest worker and the middle one were at work. */
  readonly slowestWorkerMs: number | null;
  readonly medianWorkerMs: number | null;
}

/** One field of the matrix: a strategy with a number of workers, and its runs. */
export interface Cell {
  /** As it is called in sentences: `threads`, `processes (spawn)`. */
  readonly strategy: string;
  readonly workers: number;
  /** Whether the crash of one worker leaves the others and the parent alive. */
  readonly isolated: boolean;
  /** Whether the workers run inside one interpreter, under its lock where it has one. */
  readonly sharesInterpreter: boolean;
  readonly runs: readonly RunMeasurement[];
}

export interface MachineLimits {
  /** The smallest of logical cores, affinity, cpuset and quota. */
  readonly usableCores: number;
  readonly physicalCores: number | null;
  /** Cores of the fast kind where there are two kinds. */
  readonly performanceCores: number | null;
  /** CPU that the cgroup may use, in cores; null where there is no quota. */
  readonly quotaCores: number | null;
  readonly memoryBytes: number | null;
}

export type MeasuredColumn = Exclude<keyof RunMeasurement, 'block'>;

/** Strategies that do everything on one thread, so that their number of workers tells nothing. */
const onOneThread = ['serial', 'async', 'asyncio'];

/** `threads × 4`, `serial`. */
export function cellName(cell: { readonly strategy: string; readonly workers: number }): string {
  return onOneThread.includes(cell.strategy) ? cell.strategy : `${cell.strategy} × ${cell.workers}`;
}

/** The known values of one column, in the order of the runs. */
export function knownValues(runs: readonly RunMeasurement[], column: MeasuredColumn): number[] {
  return runs.map((run) => run[column]).filter((value): value is number => isKnown(value));
}

/** `first` and `second` of every block in which both are known; the same block stands at the same position. */
export function pairByBlock(
  first: readonly RunMeasurement[],
  second: readonly RunMeasurement[],
  column: MeasuredColumn = 'wallMs',
): { readonly first: number[]; readonly second: number[]; readonly blocks: number[] } {
  const byBlock = new Map(second.map((run) => [run.block, run[column]]));
  const pairs = first.flatMap((run) => {
    const left = run[column];
    const right = byBlock.get(run.block) ?? null;
    return isKnown(left) && isKnown(right) ? [{ left, right, block: run.block }] : [];
  });
  return {
    first: pairs.map(({ left }) => left),
    second: pairs.map(({ right }) => right),
    blocks: pairs.map(({ block }) => block),
  };
}

function isKnown(value: number | null): value is number {
  return value !== null && Number.isFinite(value);
}
