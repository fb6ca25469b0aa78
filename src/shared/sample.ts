import type { Bytes, CpuShare, Milliseconds, SessionMs, UnixMs } from './units.ts';

/** Whose processes a row belongs to. Corescope's own are labelled so and left out of every total. */
export type EntityOwner = 'run' | 'corescope';

/**
 * What does not change about a process or thread. Sent once, when it is first seen; frames then refer to it by
 * `key`. The key stands for pid *and* start time: a reused pid gets a new key.
 */
export interface EntityInfo {
  readonly key: number;
  readonly kind: 'process' | 'thread';
  readonly pid: number;
  /** The kernel's thread id of a thread row; null on a process row. */
  readonly tid: number | null;
  /** Null for the root of a watched tree. */
  readonly parentKey: number | null;
  /** Pid of the watched root that this row hangs under. */
  readonly rootPid: number;
  readonly owner: EntityOwner;
  readonly name: string;
  readonly commandLine: string;
  /** When the process started, on the wall clock; null where the system does not tell. */
  readonly startedUnixMs: UnixMs | null;
}

/**
 * What the sampler saw at one instant. Columns are parallel arrays; NaN is "unknown" (shown as n/a), never 0.
 * This is the decoded view over one buffer; see `frame-codec.ts` for the layout.
 */
export interface SampleFrame {
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
  /** Length of the window over which `coreBusy` was computed: shorter windows are noisier. */
  readonly coreWindowMs: Milliseconds;
  /** CPU of the sampler's own process since the previous tick. */
  readonly ownCpuShare: CpuShare;
  readonly ownRssBytes: Bytes;
  /** Busy share of each logical core, 0 to 1, in the order of the system's core numbers. */
  readonly coreBusy: Float64Array;
  /** One entry per live process or thread: its `EntityInfo.key`. */
  readonly keys: Float64Array;
  readonly cpuShare: Float64Array;
  /** Resident memory, shared pages counted in full. NaN on thread rows. */
  readonly rssBytes: Float64Array;
  /** Proportional set size: shared pages divided among their users. NaN where it cannot be read. */
  readonly pssBytes: Float64Array;
}

/** From the sampler to a receiver, over a port. Only frames may be dropped. */
export type SamplerMessage =
  | {
      readonly type: 'entities';
      readonly appeared: readonly EntityInfo[];
      readonly goneKeys: readonly number[];
    }
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
}
