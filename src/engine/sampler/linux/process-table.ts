import type { Bytes, Milliseconds, SessionMs } from '../../../shared/units.ts';
import type { ProcessUse } from '../system-reader.ts';
import type { ProcessCounterFiles } from './counter-files.ts';
import type { CpuClock } from './cpu-clock.ts';
import type { HeldFile, HeldFiles } from './held-files.ts';
import { createStatFields, millisecondsPerTick, nanosecondsPerTick, parseNumberAt } from './proc-bytes.ts';
import { createProcessDetails, type ProcessCounters, type ProcessDetailsRecord } from './process-counters.ts';
import type { StatReader } from './process-stat.ts';
import type { EndedThreads } from './running-threads.ts';
import type { ThreadTable } from './thread-table.ts';

/** Where the CPU time of a process comes from: exact to one kernel tick, the same, or in steps of 10 ms. */
export type CpuSource = 'process-clock' | 'schedstat' | 'stat';

interface ProcessThread {
  readonly tid: number;
  readonly children: HeldFile;
}

/** One process from start to end; the same object is changed at every reading. */
export interface ProcessRecord extends ProcessUse {
  readonly pid: number;
  readonly startTicks: number;
  readonly bornAtMs: SessionMs;
  parentPid: number;
  /** Another number when it has taken another name, which is what exec does. */
  nameMark: number;
  /** How often its name or its user has been seen to be another one. */
  changeCount: number;
  threadCount: number;
  cpuMs: Milliseconds;
  rssBytes: Bytes;
  readAtMs: SessionMs;
  cpuNs: number;
  cpuSource: CpuSource;
  waitedForMs: Milliseconds;
  waitMs: Milliseconds;
  waitReadAtMs: SessionMs;
  stillUntilMs: SessionMs;
  waitStillUntilMs: SessionMs;
  /** Its CPU when its waits, its whole stat and its resident memory were last read. */
  waitAtNs: number;
  statAtNs: number;
  rssAtNs: number;
  lastCore: number;
  readonly details: ProcessDetailsRecord;
  /** When it was last seen to have used CPU. */
  activeAtMs: SessionMs;
  /** Until then its clock is read at every tick. */
  hotUntilMs: SessionMs;
  /** Whether its CPU had grown when its clock was last read; true before it has been read twice. */
  hadMoved: boolean;
  /** Its clock has shown what another process with its pid could show: to be looked at. */
  isDoubtful: boolean;
  /** The kernel's fork counter when its clock was last read. */
  clockAtForks: number;
  /** Whether it had not run for a second or more when its whole stat was read. */
  isIdle: boolean;
  /** When its whole stat was read, and when it is due again. */
  fullReadAtMs: SessionMs;
  fullDueAtMs: SessionMs;
  /** Not sooner than this the files beside stat are read again, if it has run. */
  countersDueAtMs: SessionMs;
  /** The kernel's fork counter and this process's CPU when its children were last looked for. */
  searchedAtForks: number;
  searchedAtNs: number;
  searchedAtMs: SessionMs;
  /** How often they were looked for in vain since there was a sign of one. */
  emptySearches: number;
  /** It has run since, so that it may have others. */
  awaitsSearch: boolean;
  /** One of its children has gone since its whole stat was read: it may have waited for it. */
  hasLostChild: boolean;
  /** The time that it waited for has grown; stays so until it has been dealt with. */
  hasWaited: boolean;
  readonly stat: HeldFile;
  readonly statm: HeldFile;
  readonly counterFiles: ProcessCounterFiles;
  threads: readonly ProcessThread[];
  /** Of `threads`; another array whenever they are others. */
  tids: readonly number[];
  /** Known once all have been read: see `running-threads.ts`. */
  endedThreads: EndedThreads | null;
}

/** What a look at the whole stat found: the same process, another one with its pid, or none. */
export type Finding = 'same' | 'other' | 'none';

export interface ProcessTable {
  readonly records: ReadonlyMap<number, ProcessRecord>;
  /** Whether some record has `hasLostChild` or `hasWaited`. Who has dealt with them all says so. */
  hasNewsOfChildren: boolean;
  /** Null where there is no such process, or it may not be read. */
  add(pid: number, nowMs: SessionMs): ProcessRecord | null;
  remove(record: ProcessRecord): void;
  /** Reads the whole stat: identity, parent, threads, waited-for time, core; CPU where nothing better has it. */
  readFull(record: ProcessRecord, nowMs: SessionMs): Finding;
  /** Resident memory alone, at a third of the price of the whole stat. */
  readRss(record: ProcessRecord): void;
  /** CPU from schedstat, for a record whose source that is. False where it cannot be read. */
  readSchedstat(record: ProcessRecord, nowMs: SessionMs): boolean;
  /** Lists the threads again, where their number has changed or `isStale` says that one of them is gone. */
  updateThreads(record: ProcessRecord, isStale: boolean): void;
}

/**
 * Time between two readings of the whole stat of a process. Longer is cheaper, but shows the memory of idle processes
 * and a change of parent later; shorter than half of this costs as much as reading all at every tick.
 */
export const fullEveryMs = 1000;

/**
 * The same for a process that has not run since the last one, where there are CPU clocks to tell: of what stat says
 * only its memory can be another one (pages that were swapped out), and its parent, which is looked after when the
 * parent ends. Shorter costs 4 µs more per process and time; longer shows memory that was swapped out later.
 */
const idleEveryMs = 30_000;

/** A process that used CPU in this time is read at every tick; the others in turns. */
export const hotForMs = 1000;

/**
 * The second, and the half minute, of each process begins elsewhere, so that no tick has them all: steps of the golden
 * ratio spread best.
 */
function phaseOf(pid: number): number {
  return (pid * 0.618_033_988_75) % 1;
}

/** Stat truncates user and system time to 10 ms each; what is beyond that was run by another thread. */
const statRoundingMs = 2 * millisecondsPerTick;

export interface ProcessTableOptions {
  readonly files: HeldFiles;
  readonly stats: StatReader;
  readonly clock: CpuClock | null;
  readonly threadTable: ThreadTable;
  readonly counters: ProcessCounters;
  /** Time since boot; null where it is not known. */
  readonly bootMs: (() => Milliseconds) | null;
  /** NaN where it is not known. */
  readonly pageBytes: Bytes;
}

export function createProcessTable(options: ProcessTableOptions): ProcessTable {
  const { files, stats, clock, threadTable, counters, bootMs, pageBytes } = options;
  const records = new Map<number, ProcessRecord>();
  const fields = createStatFields();

  function setThreads(record: ProcessRecord, threads: readonly ProcessThread[]): void {
    record.threads = threads;
    record.tids = threads.map(({ tid }) => tid);
  }

  function closeFiles(record: ProcessRecord): void {
    files.close(record.stat);
    files.close(record.statm);
    counters.closeFiles(record);
    for (const thread of record.threads) files.close(thread.children);
    setThreads(record, []);
  }

  /** The first time of being idle is cut short, so that a tree that came at once is not read all at once later. */
  function untilNextFullMs(record: ProcessRecord): Milliseconds {
    const wasIdle = record.isIdle;
    record.isIdle = clock !== null && record.details.countedAtNs === record.cpuNs;
    if (!record.isIdle) return fullEveryMs;
    return wasIdle ? idleEveryMs : Math.max(fullEveryMs, phaseOf(record.pid) * idleEveryMs);
  }

  function readStat(file: HeldFile): boolean {
    const wasHeld = file.descriptor >= 0;
    if (stats.read(file, fields)) return true;
    // The process that the file was of has ended; another may have its path now.
    return wasHeld && stats.read(file, fields);
  }

  /** The main thread has ended and taken its view of the memory with it: any other thread still has one. */
  function readRssOfThreads(pid: number): Bytes {
    for (const tid of files.listNumbers(`/proc/${pid}/task`)) {
      if (tid === pid) continue;
      const file = files.create(`/proc/${pid}/task/${tid}/statm`);
      const length = files.read(file);
      const pages = length < 0 ? Number.NaN : parseNumberAt(files.bytes, length, 1);
      files.close(file);
      if (pages > 0) return pages * pageBytes;
    }
    return 0;
  }

  // From statm: newer kernels sum it exactly, and leave the figure in stat up to 64 pages a core behind.
  function readRss(record: ProcessRecord): void {
    const length = files.read(record.statm);
    const pages = length < 0 ? Number.NaN : parseNumberAt(files.bytes, length, 1);
    const hasEndedLeader = pages === 0 && record.threadCount > 1;
    record.rssBytes = hasEndedLeader ? readRssOfThreads(record.pid) : pages * pageBytes;
    record.rssAtNs = record.cpuNs;
  }

  function setCpu(record: ProcessRecord, cpuNs: number, nowMs: SessionMs): void {
    if (cpuNs !== record.cpuNs) record.activeAtMs = nowMs;
    record.cpuNs = cpuNs;
    record.cpuMs = cpuNs / 1e6;
    record.readAtMs = nowMs;
  }

  /** Takes over what `fields` says; CPU only where there is no clock. */
  function applyFields(record: ProcessRecord, nowMs: SessionMs): void {
    record.parentPid = fields.parentPid;
    record.nameMark = fields.nameMark;
    record.threadCount = fields.threadCount;
    record.hasLostChild = false;
    const waitedForMs = fields.waitedForTicks * millisecondsPerTick;
    if (waitedForMs > record.waitedForMs) {
      record.hasWaited = true;
      table.hasNewsOfChildren = true;
      record.emptySearches = 0;
    }
    record.waitedForMs = waitedForMs;
    counters.noteCore(record, fields.lastCore);
    if (record.cpuSource === 'process-clock') return;
    const statNs = (fields.userTicks + fields.systemTicks) * nanosecondsPerTick;
    if (record.cpuSource === 'schedstat' && fields.threadCount === 1) {
      const isWhole = readSchedstat(record, nowMs) && (statNs - record.cpuNs) / 1e6 <= statRoundingMs;
      if (isWhole) return;
    }
    // Schedstat is the main thread's only: once there was another thread, it misses what that one used.
    record.cpuSource = 'stat';
    // Stat rounds down: what schedstat has already told must not be taken back.
    setCpu(record, Math.max(statNs, record.cpuNs || 0), nowMs);
  }

  function readSchedstat(record: ProcessRecord, nowMs: SessionMs): boolean {
    const thread = threadTable.read(record.pid, record.pid);
    if (thread === null || !thread.isExact) return false;
    setCpu(record, thread.cpuNs, nowMs);
    return true;
  }

  /** Up to a kernel tick of 10 ms more than it is: starts are rounded down. */
  function ageMs(startTicks: number): Milliseconds {
    const passedMs = (bootMs?.() ?? Number.NaN) - startTicks * millisecondsPerTick;
    // In the future: a container that has a time of its own.
    return passedMs >= 0 ? passedMs : Number.NaN;
  }

  function add(pid: number, nowMs: SessionMs): ProcessRecord | null {
    const stat = files.create(`/proc/${pid}/stat`);
    if (!readStat(stat)) {
      files.close(stat);
      return null;
    }
    const record: ProcessRecord = {
      pid,
      startTicks: fields.startTicks,
      bornAtMs: nowMs - ageMs(fields.startTicks),
      parentPid: fields.parentPid,
      nameMark: fields.nameMark,
      changeCount: 0,
      threadCount: fields.threadCount,
      cpuMs: Number.NaN,
      rssBytes: Number.NaN,
      readAtMs: nowMs,
      cpuNs: Number.NaN,
      cpuSource: clock === null ? 'schedstat' : 'process-clock',
      waitedForMs: Number.NaN,
      waitMs: Number.NaN,
      waitReadAtMs: Number.NaN,
      stillUntilMs: Number.NEGATIVE_INFINITY,
      waitStillUntilMs: Number.NEGATIVE_INFINITY,
      waitAtNs: Number.NaN,
      statAtNs: Number.NaN,
      rssAtNs: Number.NaN,
      lastCore: Number.NaN,
      details: createProcessDetails(),
      activeAtMs: nowMs,
      hotUntilMs: nowMs + hotForMs,
      hadMoved: true,
      isDoubtful: false,
      clockAtForks: Number.NaN,
      isIdle: false,
      fullReadAtMs: nowMs,
      fullDueAtMs: nowMs + phaseOf(pid) * fullEveryMs,
      countersDueAtMs: nowMs + fullEveryMs,
      searchedAtForks: Number.NaN,
      searchedAtNs: Number.NaN,
      searchedAtMs: Number.NaN,
      emptySearches: 0,
      awaitsSearch: false,
      hasLostChild: false,
      hasWaited: false,
      stat,
      statm: files.create(`/proc/${pid}/statm`),
      counterFiles: counters.filesOf(pid),
      threads: [],
      tids: [],
      endedThreads: null,
    };
    applyFields(record, nowMs);
    readRss(record);
    if (clock !== null) {
      setCpu(record, clock.readNs(pid), nowMs);
      // Its clock tells when it runs: a thousand that sleep are not to be read ten times at the start.
      record.activeAtMs = Number.NEGATIVE_INFINITY;
      record.statAtNs = record.cpuNs;
      record.rssAtNs = record.cpuNs;
    }
    counters.takeStat(record, fields, nowMs);
    records.set(pid, record);
    return record;
  }

  const table: ProcessTable = {
    records,
    hasNewsOfChildren: false,
    add,
    remove(record) {
      closeFiles(record);
      threadTable.forgetProcess(record.pid);
      records.delete(record.pid);
      const parent = records.get(record.parentPid);
      if (parent === undefined) return;
      parent.hasLostChild = true;
      table.hasNewsOfChildren = true;
    },
    readFull(record, nowMs) {
      if (!readStat(record.stat)) return 'none';
      if (fields.startTicks !== record.startTicks) return 'other';
      applyFields(record, nowMs);
      record.fullReadAtMs = nowMs;
      record.statAtNs = record.cpuNs;
      if (nowMs < record.fullDueAtMs) {
        readRss(record);
        return 'same';
      }
      record.fullDueAtMs = Math.max(record.fullDueAtMs + untilNextFullMs(record), nowMs);
      record.countersDueAtMs = nowMs + fullEveryMs;
      counters.takeStat(record, fields, nowMs);
      readRss(record);
      counters.readOthers(record, nowMs);
      return 'same';
    },
    readRss,
    readSchedstat,
    updateThreads(record, isStale) {
      if (!isStale && record.threads.length === record.threadCount) return;
      const known = new Map(record.threads.map((thread) => [thread.tid, thread]));
      const tids = files.listNumbers(`/proc/${record.pid}/task`);
      const alive = new Set(tids);
      for (const [tid, thread] of known) {
        if (alive.has(tid)) continue;
        files.close(thread.children);
        threadTable.forget(tid);
      }
      setThreads(
        record,
        tids.map(
          (tid) =>
            known.get(tid) ?? { tid, children: files.create(`/proc/${record.pid}/task/${tid}/children`) },
        ),
      );
    },
  };
  return table;
}
