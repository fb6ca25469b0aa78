import type { Bytes, CpuShare, Milliseconds, UnixMs } from './units.ts';

/** What the page asks about the processes of this machine and about those that it watches. */

/** A process as it stands in the list to choose from. NaN is unknown. */
export interface ListedProcess {
  readonly pid: number;
  readonly parentPid: number;
  /** With the pid it stands for this process and no later one: when it started, in the system's own unit. */
  readonly startMark: number;
  readonly name: string;
  readonly commandLine: string;
  readonly user: string | null;
  readonly startedUnixMs: UnixMs | null;
  /** Over the time since the list was read last, about two seconds. */
  readonly cpuShare: CpuShare;
  readonly rssBytes: Bytes;
  /** One of Corescope's own, which is not to be watched. */
  readonly isOwn: boolean;
}

export const processOrders = ['cpu', 'memory', 'name', 'pid', 'user', 'started'] as const;
export type ProcessOrder = (typeof processOrders)[number];

export interface ProcessesQuestion {
  /** Words that must all be found in name, command line, user or pid; empty: all. */
  readonly search: string;
  /** Numbers and times: the greatest or newest first. */
  readonly order: ProcessOrder;
}

export interface ProcessesAnswer {
  /** The first ones in that order; at most `mostListed`. */
  readonly processes: readonly ListedProcess[];
  readonly matching: number;
  readonly total: number;
}

/** More than anybody reads; searching narrows it. */
export const mostListed = 200;

/** What a tree did while it was watched; null is unknown. */
export interface WatchedFigures {
  readonly durationMs: Milliseconds;
  /** User + system time of the tree, descendants that have ended included. */
  readonly cpuSeconds: number | null;
  readonly effectiveCores: number | null;
  readonly peakPssBytes: Bytes | null;
  readonly peakRssBytes: Bytes | null;
  /** Threads that were ready to run and waited for a core, added up. */
  readonly waitSeconds: number | null;
  readonly readBytes: Bytes | null;
  readonly writtenBytes: Bytes | null;
  readonly processes: number;
  readonly mostProcessesAtOnce: number;
  readonly mostThreadsAtOnce: number | null;
}

export interface WatchEnd {
  /** `exited`: by itself; `stopped`: the watch was ended, and a command that was started for it too. */
  readonly why: 'exited' | 'stopped';
  /** Of a command that was started here; of what ran before, nobody but its parent is told. */
  readonly code: number | null;
  readonly signal: string | null;
}

/** A tree that is watched, or was. */
export interface WatchedTree {
  /** Counts from 1; never used again. */
  readonly id: number;
  readonly pid: number;
  readonly name: string;
  readonly commandLine: string;
  /** Whether it was started here; else it ran before. */
  readonly isCommand: boolean;
  readonly beganUnixMs: UnixMs;
  /** Null while it is watched. */
  readonly end: WatchEnd | null;
  readonly figures: WatchedFigures;
  /** What cannot be seen of it and why, in a sentence; null where nothing is missing. */
  readonly note: string | null;
  /** Where it is recorded; null where it is not. */
  readonly recordingPath: string | null;
  /** The last of what a command wrote; empty for what ran before. */
  readonly output: string;
}

export interface WatchRequests {
  'watch:processes': { readonly request: ProcessesQuestion; readonly response: ProcessesAnswer };
  'watch:state': { readonly request: null; readonly response: readonly WatchedTree[] };
  /** Answers when it has been seen. `startMark` null: whatever bears that number now. */
  'watch:attach': {
    readonly request: { readonly pid: number; readonly startMark: number | null };
    readonly response: WatchedTree;
  };
  /** Starts the command and watches it from its first instruction. `folder` null: where Corescope was started. */
  'watch:start': {
    readonly request: { readonly argv: readonly string[]; readonly folder: string | null };
    readonly response: WatchedTree;
  };
  /** Ends the watch: a process that ran before runs on, a command that was started here is ended. */
  'watch:stop': { readonly request: { readonly id: number }; readonly response: null };
  /** Takes one that has ended off the list. */
  'watch:forget': { readonly request: { readonly id: number }; readonly response: null };
}

export const watchChannels = {
  'watch:processes': true,
  'watch:state': true,
  'watch:attach': true,
  'watch:start': true,
  'watch:stop': true,
  'watch:forget': true,
} as const satisfies Record<keyof WatchRequests, true>;
