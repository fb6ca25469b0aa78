import type {
  CellFindings,
  CellId,
  Estimate,
  Objective,
  StrategyScaling,
  Verdict,
} from './experiment-analysis.ts';
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
  /** Numbers of workers, ascending. Every strategy that can have more than one is run with each of them. */
  readonly workerCounts: readonly number[];
  /** Measured repetitions of every strategy and number of workers; the most there may be where `adaptive` is given. */
  readonly blocks: number;
  /** Blocks are run until the answer is narrow enough or a budget is spent; absent: exactly `blocks`. */
  readonly adaptive?: AdaptiveBlocks;
  /** Whether one strategy is run twice in every block, which tells how far two equal strategies lie apart. */
  readonly controlPair?: boolean;
  /** What is recommended; absent: `balanced`. */
  readonly objective?: Objective;
  /** Shell commands before and after every run, not measured; where one fails, the run has failed. */
  readonly prepareCommand?: string;
  readonly cleanupCommand?: string;
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

export interface AdaptiveBlocks {
  /** Half-width of the widest 95 % interval over its median at which it is narrow enough: 0.03 is ± 3 %. */
  readonly targetHalfWidth: number;
  /** No block is begun that would end later, by the length of those before. */
  readonly timeMs: number;
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

/** How the workers of a run spent their time, as far as the sampler and the run's own events tell. Null: unknown. */
export interface RunUsage {
  /** Switches of the run's processes: a worker gave its core up, or its core was taken away. */
  readonly voluntarySwitches: number | null;
  readonly involuntarySwitches: number | null;
  /** Pages that had to come from disk. */
  readonly majorFaults: number | null;
  /** Sums over the workers: ready but without a core; held back by a CPU quota; waiting for anything else. */
  readonly runnableMs: number | null;
  readonly throttledMs: number | null;
  readonly blockedMs: number | null;
  /** From a worker's first task to the end of its last: of the slowest worker and of the middle one. */
  readonly slowestWorkerMs: number | null;
  readonly medianWorkerMs: number | null;
}

export const disturbanceKinds = [
  'background-load',
  'steal',
  'thermal-throttling',
  'swapping',
  'missed-ticks',
] as const;

/** Something that happened during a run and is none of its doing. */
export interface Disturbance {
  readonly kind: (typeof disturbanceKinds)[number];
  /** What, and how much of it. One sentence. */
  readonly detail: string;
}

/** How a run ended in which something went wrong on purpose. */
export const faultEndings = [
  /** Nothing came of it. */
  'unharmed',
  /** The task was lost, and its worker lived on. */
  'task-failed',
  'worker-died',
  /** Its worker was stuck and was ended by the host. */
  'ended-from-outside',
  /** Python's executor gave up all its workers and tasks. */
  'pool-broken',
  /** The host was stuck too: Corescope ended everything. */
  'timed-out',
  'host-died',
  /** The run was ended for another reason. */
  'stopped',
] as const;
export type FaultEnding = (typeof faultEndings)[number];

/** What a fault did to the rest of its run. */
export interface FaultReport {
  /** Workers that had begun, other than the one with the fault, and were not torn down with it. */
  readonly survivors: number;
  readonly lostTasks: number;
  readonly hostSurvived: boolean;
  /** From the fault until the host, or where that died Corescope, knew of it; null where nobody noticed. */
  readonly noticedAfterMs: number | null;
  readonly howItEnded: FaultEnding;
}

interface RunIdentity {
  /** 1-based position in the order in which the runs were started. */
  readonly order: number;
  /** 1-based block; 0 for a warm-up. */
  readonly block: number;
  readonly warmUp: boolean;
  /** Only of workloads that go wrong on purpose. */
  readonly fault?: FaultReport;
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
        /**
         * How long a worker did not work for the sake of messages, on average: while it sent results or waited for its
         * next task, and from its last task on until its parent had the result. Null where nobody can tell; absent in
         * documents of versions that did not.
         */
        readonly messageMs?: number | null;
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
        /** How the workers spent their time; null in documents of versions that did not tell. */
        readonly usage: RunUsage | null;
        /** What disturbed the run. It counts all the same: a reader may think otherwise. */
        readonly disturbances: readonly Disturbance[];
      }
    | { readonly state: 'failed'; readonly problem: Problem }
    | { readonly state: 'timed-out'; readonly afterMs: number }
    | { readonly state: 'cancelled' }
  );

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
  /** What follows from the runs besides; null where none finished, and in documents of earlier versions. */
  readonly analysis: CellFindings | null;
  readonly runs: readonly RunRecord[];
}

/** One field of the matrix run twice in every block: how far two equal strategies lie apart. */
export interface ControlPair extends CellId {
  /** Second run / first run, paired by block; null where fewer than two blocks hold both. */
  readonly ratio: Estimate | null;
  /** Two strategies whose ratio is no larger cannot be told apart; null as above. */
  readonly noiseRatio: number | null;
  /** The interval leaves 1 out: something disturbs by place in the block. */
  readonly isBiased: boolean;
  /** The second runs; the first ones are those of the strategy. */
  readonly runs: readonly RunRecord[];
}

export const readinessKinds = [
  'background-load',
  'governor',
  'battery',
  'thermal',
  'quota',
  'memory',
] as const;

/** Something about the machine that makes measurements worse, found before the first run. */
export interface ReadinessNote {
  readonly kind: (typeof readinessKinds)[number];
  readonly message: string;
  /** What to do about it. */
  readonly advice: string;
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
    /** Empty in documents of versions that knew one number of workers only. */
    readonly workerCounts: readonly number[];
    /** Null where exactly `blocks` were to be run. */
    readonly adaptive: (AdaptiveBlocks & AdaptiveEnd) | null;
    readonly prepareCommand: string | null;
    readonly cleanupCommand: string | null;
  };
  /** What was wrong with the machine before the first run. */
  readonly readiness: readonly ReadinessNote[];
  /** How the samples behind the memory figures were taken, and what that cost. */
  readonly sampling: {
    readonly requestedEveryMs: number;
    readonly achievedEveryMs: number | null;
    readonly missedTicks: number;
    /** CPU of the sampler, in cores. */
    readonly ownCpuShare: number | null;
    readonly ownRssBytes: number | null;
  };
  /** One entry for every strategy and number of workers. */
  readonly strategies: readonly StrategyResult[];
  /** One entry for every strategy that was run with workers. */
  readonly scaling: readonly StrategyScaling[];
  /** Null where none was run. */
  readonly controlPair: ControlPair | null;
  readonly verdict: Verdict;
}

/** How an experiment ended that chose its number of blocks itself. */
export interface AdaptiveEnd {
  readonly mostBlocks: number;
  readonly stoppedBy: 'narrow' | 'blocks' | 'time';
  /** Of the widest interval at the end; null where there was none. */
  readonly halfWidth: number | null;
}
