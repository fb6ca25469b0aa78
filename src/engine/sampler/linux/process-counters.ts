import type { SessionMs } from '../../../shared/units.ts';
import type { ProcessDetails } from '../system-reader.ts';
import type { CounterFiles, ProcessCounterFiles } from './counter-files.ts';
import { millisecondsPerTick, type StatFields } from './proc-bytes.ts';
import type { ProcessRecord } from './process-table.ts';
import { createRunningThreads } from './running-threads.ts';
import type { ThreadTable } from './thread-table.ts';

export type ProcessDetailsRecord = { -readonly [Name in keyof ProcessDetails]: ProcessDetails[Name] } & {
  /** The CPU of the process when the files beside stat were last read: who does not run changes nothing there. */
  countedAtNs: number;
  countedAtMs: SessionMs;
  /** The effective user; NaN where it cannot be read. */
  userId: number;
  /** Changes of core that were seen. */
  coreChanges: number;
  lastCore: number;
};

export function createProcessDetails(): ProcessDetailsRecord {
  return {
    readAtMs: Number.NaN,
    state: Number.NaN,
    userMs: Number.NaN,
    systemMs: Number.NaN,
    waitedForMs: Number.NaN,
    peakRssBytes: Number.NaN,
    threadCount: Number.NaN,
    voluntarySwitches: Number.NaN,
    involuntarySwitches: Number.NaN,
    minorFaults: Number.NaN,
    majorFaults: Number.NaN,
    readBytes: Number.NaN,
    writtenBytes: Number.NaN,
    openFiles: Number.NaN,
    migrations: Number.NaN,
    countedAtNs: Number.NaN,
    countedAtMs: Number.NaN,
    userId: Number.NaN,
    coreChanges: 0,
    lastCore: Number.NaN,
  };
}

/** What is read of a process beside its CPU and memory: once a second, and waits of who has run at every tick. */
export interface ProcessCounters {
  /** Takes over what the whole stat says. */
  takeStat(record: ProcessRecord, fields: StatFields, nowMs: SessionMs): void;
  /** Switches, migrations, peak memory, bytes and open files, where the process has run since they were last read. */
  readOthers(record: ProcessRecord, nowMs: SessionMs): void;
  filesOf(pid: number): ProcessCounterFiles;
  closeFiles(record: ProcessRecord): void;
  /** `core`: that of its first thread. */
  noteCore(record: ProcessRecord, core: number): void;
  /**
   * Sums what the threads have waited. False where one that is in `record.threads` is gone. `isHot`: it is going to be
   * read again soon, so that its files are worth a descriptor.
   */
  readWait(record: ProcessRecord, nowMs: SessionMs, isHot: boolean): boolean;
}

/**
 * Of a process with more threads, waits are read once a second (1 µs a thread) and not at every tick, and switches
 * and migrations (7 µs a thread that ran) not at all.
 */
const mostThreads = { waitsEachTick: 16, counters: 64 } as const;
const slowWaitsEveryMs = 1000;

/** Who has run in two seconds that follow each other, with some delay of a tick, is taken to run in the next. */
const steadyWithinMs = 2500;

export function createProcessCounters(files: CounterFiles, threads: ThreadTable): ProcessCounters {
  const running = createRunningThreads(threads);

  /** False where one is gone. */
  function readThreads(record: ProcessRecord): boolean {
    return record.threadCount === 1 ? running.readSingle(record.pid) : running.read(record);
  }

  /**
   * Counted per thread by the kernel. What a thread counted is lost with it, so its process's figure is of the
   * threads that are alive, and never goes down.
   */
  function sumThreads(record: ProcessRecord, isSteady: boolean): void {
    const { details } = record;
    let voluntary = 0;
    let involuntary = 0;
    let migrations = 0;
    // Which threads there are is not known (yet).
    const isKnown = record.threadCount === 1 || record.tids.length === record.threadCount;
    if (!isKnown || record.threadCount > mostThreads.counters) return;
    readThreads(record);
    for (const thread of running.found) {
      threads.readCounters(thread, isSteady);
      voluntary += thread.details?.voluntarySwitches ?? Number.NaN;
      involuntary += thread.details?.involuntarySwitches ?? Number.NaN;
      migrations += thread.details?.migrations ?? Number.NaN;
    }
    details.voluntarySwitches = Math.max(voluntary, details.voluntarySwitches || 0);
    details.involuntarySwitches = Math.max(involuntary, details.involuntarySwitches || 0);
    details.migrations = files.hasMigrations
      ? Math.max(migrations, details.migrations || 0)
      : record.threadCount === 1
        ? details.coreChanges
        : Number.NaN;
  }

  return {
    takeStat(record, fields, nowMs) {
      const { details } = record;
      details.readAtMs = nowMs;
      details.state = fields.state;
      details.userMs = fields.userTicks * millisecondsPerTick;
      details.systemMs = fields.systemTicks * millisecondsPerTick;
      details.waitedForMs = fields.waitedForTicks * millisecondsPerTick;
      details.threadCount = fields.threadCount;
      details.minorFaults = fields.minorFaults;
      details.majorFaults = fields.majorFaults;
    },
    readOthers(record, nowMs) {
      const { details } = record;
      if (details.countedAtNs === record.cpuNs) {
        files.closeProcess(record.counterFiles);
        threads.releaseCounters(record.pid, record.threadCount === 1 ? [record.pid] : record.tids);
        return;
      }
      const isSteady = nowMs - details.countedAtMs <= steadyWithinMs;
      details.countedAtNs = record.cpuNs;
      details.countedAtMs = nowMs;
      files.readProcess(record.counterFiles, details);
      if (!isSteady) files.closeProcess(record.counterFiles);
      sumThreads(record, isSteady);
    },
    filesOf: (pid) => files.ofProcess(pid),
    closeFiles: ({ counterFiles }) => files.closeProcess(counterFiles),
    noteCore(record, core) {
      const { details } = record;
      record.lastCore = core;
      // Of several threads it is the first one's (proc(5), stat, field 39): no count of the process's moves.
      if (Number.isNaN(core) || record.threadCount !== 1) return;
      if (details.lastCore >= 0 && details.lastCore !== core) details.coreChanges += 1;
      details.lastCore = core;
    },
    readWait(record, nowMs, isHot) {
      const isSlow = record.threadCount > mostThreads.waitsEachTick;
      if (isSlow && nowMs - record.waitReadAtMs < slowWaitsEveryMs) return true;
      const isWhole = readThreads(record);
      let addedNs = 0;
      for (const thread of running.found) {
        // What was counted of a thread that is gone stays counted.
        addedNs += thread.waitNs - thread.countedWaitNs;
        thread.countedWaitNs = thread.waitNs;
        if (!isHot) threads.release(thread);
      }
      record.waitMs = (record.waitMs || 0) + addedNs / 1e6;
      record.waitReadAtMs = nowMs;
      record.waitAtNs = record.cpuNs;
      return isWhole;
    },
  };
}
