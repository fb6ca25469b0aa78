import type { Bytes, Milliseconds, SessionMs, UnixMs } from '../../shared/units.ts';
import type { Metric, MetricCapability } from './capability.ts';
import type { CoreReader } from './core-reader.ts';

/**
 * Everything the sampler asks of the operating system. One implementation per source of numbers: the portable
 * libraries (`library-reader.ts`), and on Linux our own (`linux/reader.ts`). Tests inject their own.
 *
 * No method throws for what an operating system may do: what cannot be read is NaN, null or missing.
 */

/** What places a process in a tree and tells two bearers of one pid apart. */
export interface ProcessFacts {
  readonly pid: number;
  readonly parentPid: number;
  /** Fixed when the process starts and never smaller than its parent's; 0 where the system does not tell. */
  readonly startMark: number;
  /** Another number when it was seen to have another name or user; missing where nobody looks. */
  readonly changeCount?: number;
}

/** What people read about a process. It may change, when a process replaces its program (exec) or its user. */
export interface ProcessDescription {
  readonly name: string;
  readonly commandLine: string;
  /** Name of the user that it belongs to, or the number where it has no name; null where it is not known. */
  readonly user: string | null;
  readonly startedUnixMs: UnixMs | null;
}

export interface ProcessUse {
  /** User + system time since the process started; its children are not included. */
  readonly cpuMs: Milliseconds;
  readonly rssBytes: Bytes;
  /**
   * When `cpuMs` was read, by the sampler's clock, where one instant does not do for all. A reading that is older
   * than the tick repeats the share it gave.
   */
  readonly readAtMs?: SessionMs;
  /** Up to then `cpuMs`, and up to then `waitMs`, were seen to be what was told last, where that was not told anew. */
  readonly stillUntilMs?: SessionMs;
  readonly waitStillUntilMs?: SessionMs;
  /**
   * CPU of children that it has waited for, theirs included; as of `readAtMs`, and read after the processes that are
   * missing from the same answer were found to be gone.
   */
  readonly waitedForMs?: Milliseconds;
  /** Time that its threads were ready to run and waited for a core, since it started; and when that was read. */
  readonly waitMs?: Milliseconds;
  readonly waitReadAtMs?: SessionMs;
  /** When it began by the sampler's clock, or up to 10 ms before that; NaN where it is not known. */
  readonly bornAtMs?: SessionMs;
  /** Core that its first thread was last on. */
  readonly lastCore?: number;
  /** What is read less often. The same `readAtMs` as last time: nothing was read since. */
  readonly details?: ProcessDetails;
}

/** Cumulative since the process began; NaN where it cannot be read. See `DetailColumns` of the frame. */
export interface ProcessDetails {
  readonly readAtMs: SessionMs;
  /** Character code of the state that proc(5) names. */
  readonly state: number;
  readonly userMs: Milliseconds;
  readonly systemMs: Milliseconds;
  readonly waitedForMs: Milliseconds;
  readonly peakRssBytes: Bytes;
  readonly threadCount: number;
  readonly voluntarySwitches: number;
  readonly involuntarySwitches: number;
  readonly minorFaults: number;
  readonly majorFaults: number;
  readonly readBytes: Bytes;
  readonly writtenBytes: Bytes;
  readonly openFiles: number;
  readonly migrations: number;
}

export type ThreadDetails = Pick<
  ProcessDetails,
  'readAtMs' | 'state' | 'userMs' | 'systemMs' | 'voluntarySwitches' | 'involuntarySwitches' | 'migrations'
>;

/** One thread: as for processes. */
export interface ThreadUse {
  readonly cpuMs: Milliseconds;
  readonly readAtMs?: SessionMs;
  readonly waitMs?: Milliseconds;
  readonly lastCore?: number;
  readonly details?: ThreadDetails | null;
}

/** What one look at the pages of a process tells; NaN throughout where it cannot be read. */
export interface MemoryReading {
  /** Pages that several processes use, divided among them. */
  readonly pssBytes: Bytes;
  /** Pages that nobody else uses: what would be free if it ended. */
  readonly ussBytes: Bytes;
  /** Pages that were written and that others use too: what forked processes and shared memory have in common. */
  readonly sharedDirtyBytes: Bytes;
  readonly swapBytes: Bytes;
}

/** How many entries each collection holds that lives from tick to tick, by its name. See `Ticks.countKept`. */
export type KeptCounts = Readonly<Record<string, number>>;

/** A reader that starts no program has its answer at once; the sampler then takes a tick without a pause. */
type Answer<Value> = Value | Promise<Value>;

/** Glances that a reader is to take by itself, at deadlines that are `everyMs` apart. */
export interface GlancesAhead {
  readonly firstAtMs: SessionMs;
  readonly everyMs: Milliseconds;
  readonly count: number;
  /** What the bell showed when its commands were last obeyed; another number, and there are others. */
  readonly heard: number;
}

/** The first `count` of them were taken. */
export interface GlancesTaken {
  readonly count: number;
  /** Whether the last of them shows nothing that is to be looked at now. */
  readonly isQuiet: boolean;
  /** When each was begun; may change at the next call. */
  startedAtMs(index: number): SessionMs;
}

export interface SystemReader extends CoreReader {
  /** True where no answer is a promise, so that a thread may block between ticks. */
  readonly answersAtOnce?: boolean;
  /** Least time between two readings of processes: 0 where a reading is cheap, more where it starts a program. */
  readonly processEveryMs: Milliseconds;
  /**
   * The seeds that are alive, and all their living descendants. Others may be among them. The array that was given
   * last time, again, where nothing has changed. Asked after `readCoreTimes` at every tick.
   */
  readProcesses(seeds: readonly number[]): Answer<readonly ProcessFacts[]>;
  /** Null where the process is gone. */
  describe(pid: number): ProcessDescription | null;
  /**
   * Processes that cannot be read are missing from the answer; the others are not affected by them. Others may be
   * among them. What is answered may change at the next reading: copy what is to be kept.
   */
  readUse(pids: readonly number[]): Answer<ReadonlyMap<number, ProcessUse>>;
  /**
   * Whose answers of the last `readUse` may differ from those of the one before, where the reader knows; of the others
   * the CPU time has stood still, and all else is the same. Null: everyone's.
   */
  changedPids?(): readonly number[] | null;
  /**
   * Takes down what moves from tick to tick, the cores and the CPU clocks, instead of a tick: a fifth of the price.
   * False where it shows something that is to be looked at now. Nothing else may be asked until all glances have been
   * recalled.
   */
  glance?(): boolean;
  /**
   * Blocks this thread until all of them were taken or there is something to decide: a command, a tick that is late,
   * something to look at. None where it cannot: whoever asked waits and takes the tick himself.
   */
  glanceAhead?(ahead: GlancesAhead): GlancesTaken;
  /**
   * Goes on to the glance after the one recalled last, and answers its instant: `readCoreTimes`, `readProcesses` and
   * `readUse` then answer as of it. `isLast`: all else that is due may be read now.
   */
  recall?(isLast: boolean): SessionMs;
  /** Null where the thread is gone or the system does not tell. Copy what is to be kept. */
  readThread(pid: number, tid: number): ThreadUse | null;
  /** The threads of a process. The array that was given last time, again, where nothing has changed. */
  listThreads?(pid: number): readonly number[];
  /** What the thread calls itself; null where it is gone. */
  readThreadName?(pid: number, tid: number): string | null;
  /** CPU time that a control group has used, from a file as in `WatchedRoot.cgroupCpuFile`; NaN if unreadable. */
  readCgroupCpuMs?(path: string): Milliseconds;
  /** NaN where it cannot be read. Holds the target's memory lock for about 11 µs per MB. */
  readPssBytes(pid: number): Bytes;
  /** All that the same look tells, at the same price. */
  readMemory?(pid: number): MemoryReading;
  /** The sampler's own process, all its threads included. */
  readOwnUse(): ProcessUse;
  /** What can be read here, from where and how well, and what would unlock the rest. */
  capabilities(): readonly MetricCapability[];
  /** For timing it: what one reading of a metric of a process asks of the system. */
  probesOf?(pid: number): ReadonlyMap<Metric, () => void>;
  /** What is kept open or remembered between ticks. */
  countKept?(): KeptCounts;
  /** CPU of the calling thread alone: what sampling costs where the process does something else as well. */
  readSamplingCpuMs?(): Milliseconds;
  /** Lets go of what is held open. Called when the sampler has stopped. */
  close?(): void;
}
