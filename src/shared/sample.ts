import type { CoreTopology } from './topology.ts';
import type { Bytes, CpuShare, Milliseconds, SessionMs, UnixMs } from './units.ts';

/** Whose processes a row belongs to. Corescope's own are labelled so and left out of every total. */
export type EntityOwner = 'run' | 'corescope';

/**
 * What a row stands for. `exited-children` hangs under the process that waited for them and has the CPU time of
 * descendants that no sample saw alive for all of it. `unattributed` hangs under a root and has the CPU time that
 * its control group counted and no process accounts for (orphans, children that nobody waits for).
 */
export type EntityKind = 'process' | 'thread' | 'exited-children' | 'unattributed';

/**
 * What does not change about a row. Sent once, when it is first seen; frames then refer to it by `key`. The key of
 * a process stands for pid *and* start time: a reused pid gets a new key.
 */
export interface EntityInfo {
  readonly key: number;
  readonly kind: EntityKind;
  /** Of the process itself, or of the one that the row hangs under. */
  readonly pid: number;
  /** The kernel's thread id of a thread row; null on the others. */
  readonly tid: number | null;
  /** Null for the root of a watched tree. */
  readonly parentKey: number | null;
  /** Pid of the watched root that this row hangs under. */
  readonly rootPid: number;
  readonly owner: EntityOwner;
  readonly name: string;
  readonly commandLine: string;
  /** Name of the user that the process belongs to, or the number where it has no name; null where it is not known. */
  readonly user: string | null;
  /** When the process started, on the wall clock; null where the system does not tell. */
  readonly startedUnixMs: UnixMs | null;
}

/** One number each for the whole tick. */
export interface FrameHeader {
  /** Counts the ticks that were taken, from 1. */
  readonly sequence: number;
  readonly atMs: SessionMs;
  /** How long after its deadline this tick began. */
  readonly latenessMs: Milliseconds;
  /** Deadlines that passed without a tick since the sampler began. */
  readonly missedTicks: number;
  /** Frames that this receiver did not get since the previous one, because it was slow to acknowledge. */
  readonly droppedFrames: number;
  readonly requestedEveryMs: Milliseconds;
  /** What it is now: longer than requested while the sampler backs off because of its own cost. */
  readonly everyMs: Milliseconds;
  /** Length of the window over which the core columns were computed: shorter windows are noisier. */
  readonly coreWindowMs: Milliseconds;
  /** Error of a core's busy share at this window: root mean square, as a share of one core. */
  readonly coreErrorShare: CpuShare;
  /** Share of the core window in which control groups held the watched work back for its quota. NaN: no quota. */
  readonly throttledShare: number;
  /** CPU of the sampler's own process since the previous tick. */
  readonly ownCpuShare: CpuShare;
  readonly ownRssBytes: Bytes;
}

/** One entry per logical core, in the order of the system's core numbers: shares of the core window, 0 to 1. */
export interface CoreColumns {
  /** 1 - idle / wall, waiting for the disk counting as idle. Not the sum of the others: they are tick-counted. */
  readonly coreBusy: Float64Array;
  readonly coreUser: Float64Array;
  readonly coreSystem: Float64Array;
  readonly coreIowait: Float64Array;
  /** Hardware and software interrupts. */
  readonly coreIrq: Float64Array;
  /** Time that the hypervisor gave to other machines. */
  readonly coreSteal: Float64Array;
  /** The clock of the core, read at a slow rate. */
  readonly coreMhz: Float64Array;
}

/** One entry per row that is alive, at every tick. `total`: with all rows below it, Corescope's own left out. */
export interface RowColumns {
  /** `EntityInfo.key`. */
  readonly keys: Float64Array;
  readonly cpuShare: Float64Array;
  readonly totalCpuShare: Float64Array;
  /** Cumulative since the process or thread began; `totalCpuMs` never goes down. */
  readonly cpuMs: Float64Array;
  readonly totalCpuMs: Float64Array;
  /** Time that its threads were ready to run and waited for a core, per time: above 1 where several waited. */
  readonly waitShare: Float64Array;
  /** Resident memory, shared pages counted in full. NaN on thread rows. */
  readonly rssBytes: Float64Array;
  readonly totalRssBytes: Float64Array;
  /** Proportional set size: shared pages divided among their users. NaN where it cannot be read. */
  readonly pssBytes: Float64Array;
  readonly totalPssBytes: Float64Array;
  /** Number of the core that it was last on; of a process with several threads, its first one. Approximate. */
  readonly lastCore: Float64Array;
}

/**
 * What is read less often: one entry per row that was read anew at this tick, once a second for each. Counters are
 * cumulative since the process began, so a frame that is dropped loses none of them.
 */
export interface DetailColumns {
  readonly detailKeys: Float64Array;
  /** Character code of the state that proc(5) names: R, S, D, T, Z … */
  readonly state: Float64Array;
  readonly userMs: Float64Array;
  readonly systemMs: Float64Array;
  /** CPU of children that it has waited for, theirs included. */
  readonly waitedForMs: Float64Array;
  readonly ussBytes: Float64Array;
  readonly swapBytes: Float64Array;
  readonly peakRssBytes: Float64Array;
  readonly threadCount: Float64Array;
  readonly voluntarySwitches: Float64Array;
  readonly involuntarySwitches: Float64Array;
  readonly minorFaults: Float64Array;
  readonly majorFaults: Float64Array;
  readonly readBytes: Float64Array;
  readonly writtenBytes: Float64Array;
  readonly openFiles: Float64Array;
  /** Changes of core that were counted by the kernel, or else seen between readings, which are fewer. */
  readonly migrations: Float64Array;
}

/**
 * What the sampler saw at one instant. Columns are parallel arrays; NaN is "unknown" (shown as n/a), never 0.
 * This is the decoded view over one buffer; see `frame-codec.ts` for the layout.
 */
export interface SampleFrame extends FrameHeader, CoreColumns, RowColumns, DetailColumns {}

/** From the sampler to a receiver, over a port. Only frames may be dropped. */
export type SamplerMessage =
  | {
      readonly type: 'entities';
      readonly appeared: readonly EntityInfo[];
      readonly goneKeys: readonly number[];
    }
  | { readonly type: 'topology'; readonly topology: CoreTopology }
  | { readonly type: 'frame'; readonly buffer: ArrayBuffer };

/** From a receiver to the sampler: this frame has been dealt with, send more. */
export interface FrameAcknowledgement {
  readonly type: 'acknowledge';
  readonly sequence: number;
}

/** A process whose tree is to be watched. */
export interface WatchedRoot {
  readonly pid: number;
  readonly owner: EntityOwner;
  /** Rows for all threads, and not only for those that were announced by name. */
  readonly allThreads?: boolean;
  /**
   * Where the kernel counts the CPU time of the control group that holds this tree and nothing else: absolute path
   * of a `cpuacct.usage` (version 1) or `cpu.stat` (version 2).
   */
  readonly cgroupCpuFile?: string;
}
