import type { Problem } from './result.ts';
import type { Runtime, StartMethod, StrategyId, WorkloadParams, WorkTarget } from './workload.ts';

/**
 * An experiment: what is planned, what happened in each run, and what follows. `Experiment` is the JSON document
 * that users keep (docs/experiment-json.md); it changes only together with its `schema` version.
 */

/** The matrix of runs that the user asks for. */
export interface ExperimentPlan {
  readonly workload: {
    readonly id: string;
    readonly runtime: Runtime;
    /** The user's own work; null for a workload of the catalogue. */
    readonly target: WorkTarget | null;
    readonly params: WorkloadParams;
    /** How many pieces of work there are; shared out among the workers. */
    readonly tasks: number;
  };
  readonly strategies: readonly StrategyId[];
  /** Workers of every strategy that can have more than one. */
  readonly workers: number;
  /** Measured repetitions of every strategy. */
  readonly blocks: number;
  /** Repetitions that come first and are not counted. */
  readonly warmUpBlocks: number;
  /** A run that takes longer is ended and counts as timed out. */
  readonly timeoutMs: number;
  /** Seed of the order of runs and of the bootstrap, so that both can be repeated. */
  readonly seed: number;
  /** Interpreter to use for Python; null looks one up. */
  readonly pythonPath: string | null;
  /** A run whose tree has more memory (PSS) is ended and counts as failed; by default what keeps the machine from swapping. */
  readonly memoryLimitBytes?: number;
  /** Scheduling priority of the runs, -20 (most) to 19 (least); by default that of Corescope. */
  readonly niceLevel?: number;
  /** How Python makes worker processes; null: as the interpreter does by default. */
  readonly startMethod: StartMethod | null;
}

/** The interpreter that really ran the work, as it described itself from inside. */
export interface InterpreterInfo {
  readonly runtime: Runtime;
  /** Empty for a command, which does not tell. */
  readonly version: string;
  readonly executable: string;
  /** `CPython`, `PyPy`, `V8` …; the program's name for a command. */
  readonly implementation: string;
  /** Whether the global interpreter lock was on while the work ran; null where there is no such thing. */
  readonly gilEnabled: boolean | null;
  /** Whether this is a build of Python that can run without the lock; null where there is no such thing. */
  readonly freeThreadedBuild: boolean | null;
  /** How Python made its worker processes; null where it made none. */
  readonly startMethod: string | null;
}

/** A figure that a workload measured itself, such as round trips or lost updates. */
export interface Metric {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Index of the worker that it holds for; null where it holds for the whole run. */
  readonly worker: number | null;
}

/** What a workload had to say in words. */
export interface WorkNote {
  readonly text: string;
  readonly worker: number | null;
}

interface RunIdentity {
  /** 1-based position in the order in which the runs were started. */
  readonly order: number;
  /** 1-based block; 0 for a warm-up. */
  readonly block: number;
  readonly warmUp: boolean;
}

/** One run of one strategy; a union by `state`. */
export type RunRecord = RunIdentity &
  (
    | {
        readonly state: 'finished';
        /** From asking for the first worker until the last one has been joined. */
        readonly wallMs: number;
        /** From asking for the first worker until the last one was ready to work. */
        readonly startupMs: number;
        /** From then until the last task was finished; null in documents of versions that did not tell. */
        readonly workMs: number | null;
        /** From then until the last worker was joined; null as above. */
        readonly tearDownMs: number | null;
        /** User + system time of the host and all its workers in `wallMs`, as the kernel counted it; null: unknown. */
        readonly cpuSeconds: number | null;
        /** cpuSeconds / wall: how many cores were kept busy on average. */
        readonly effectiveCores: number | null;
        /** Most memory of the run's tree at one sample; null where no sample fell into the run. */
        readonly peakRssBytes: number | null;
        readonly peakPssBytes: number | null;
        readonly checksum: string;
        /** Tasks without a result, because the worker that had them died. */
        readonly lostTasks: number;
        readonly metrics: readonly Metric[];
        readonly notes: readonly WorkNote[];
      }
    | { readonly state: 'failed'; readonly problem: Problem }
    | { readonly state: 'timed-out'; readonly afterMs: number }
    | { readonly state: 'cancelled' }
  );

export interface Estimate {
  readonly median: number;
  /** 95 % interval, low and high. */
  readonly ci95: readonly [number, number];
}

export interface StrategyResult {
  readonly strategy: StrategyId;
  readonly workers: number;
  /** Null where fewer than two runs finished: one alone has no interval. */
  readonly wallMs: Estimate | null;
  /** Serial wall time / this wall time, paired by block; null without a serial run to compare with. */
  readonly speedup: Estimate | null;
  readonly effectiveCores: number | null;
  readonly startupMs: number | null;
  readonly peakRssBytes: number | null;
  /** Null where it cannot be read (only Linux tells it) or no sample fell into the runs. */
  readonly peakPssBytes: number | null;
  readonly cpuSeconds: number | null;
  /** Null where no run finished. */
  readonly checksum: string | null;
  readonly runs: readonly RunRecord[];
}

/** Why the numbers are as they are; each is only named when the measurements show it. */
export type Cause = 'gil' | 'cores' | 'waiting' | 'start-up' | 'unclear';

export interface Verdict {
  readonly state: 'winner' | 'no-difference' | 'failed';
  /** The winner; null unless `state` is `winner`. */
  readonly strategy: StrategyId | null;
  readonly workers: number | null;
  /** Strategies that cannot be told apart from the fastest, leanest first. With a winner, just the winner. */
  readonly tied: readonly StrategyId[];
  readonly cause: Cause;
  /** The answer in one or two sentences of plain English. */
  readonly sentence: string;
  /** The measurements that the cause rests on, one short sentence each. */
  readonly evidence: readonly string[];
}

export interface MachineInfo {
  readonly os: string;
  readonly kernel: string;
  readonly arch: string;
  readonly cpuModel: string;
  readonly logicalCores: number;
  /** Null where the system does not tell. */
  readonly physicalCores: number | null;
  readonly memoryBytes: number;
  /** The virtual machine or container technology, where it shows itself. */
  readonly virtualization: string | null;
}

export const experimentSchemaId = 'corescope.experiment/1';

export interface Experiment {
  readonly schema: typeof experimentSchemaId;
  readonly corescopeVersion: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly machine: MachineInfo;
  /** Null where no run got far enough to say. */
  readonly interpreter: InterpreterInfo | null;
  readonly workload: ExperimentPlan['workload'];
  readonly plan: {
    readonly blocks: number;
    readonly warmUpBlocks: number;
    readonly timeoutMs: number;
    readonly seed: number;
    /** Both as the user set them; absent where they were left to Corescope. */
    readonly memoryLimitBytes?: number;
    readonly niceLevel?: number;
    /** Null: the default of the interpreter. */
    readonly startMethod: StartMethod | null;
  };
  /** How the samples behind the memory figures were taken, and what that cost. */
  readonly sampling: {
    readonly requestedEveryMs: number;
    readonly achievedEveryMs: number | null;
    readonly missedTicks: number;
    /** CPU of the sampler, in cores. */
    readonly ownCpuShare: number | null;
    readonly ownRssBytes: number | null;
  };
  readonly strategies: readonly StrategyResult[];
  readonly verdict: Verdict;
}
