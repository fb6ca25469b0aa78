import type { SessionMs } from '../../../shared/units.ts';
import type { ThreadDetails, ThreadUse } from '../system-reader.ts';
import type { CounterFiles } from './counter-files.ts';
import type { HeldFile, HeldFiles } from './held-files.ts';
import { createStatFields, millisecondsPerTick, nanosecondsPerTick, parseNumberAt } from './proc-bytes.ts';
import type { StatReader } from './process-stat.ts';

/** One thread from start to end; the same object is changed at every reading. */
export interface ThreadRecord extends ThreadUse {
  readonly pid: number;
  readonly tid: number;
  cpuNs: number;
  /** Whether `cpuNs` is the kernel's own figure rather than steps of 10 ms. */
  isExact: boolean;
  /** Time that it was ready to run and waited for a core; NaN where the kernel does not count it. */
  waitNs: number;
  /** How much of the wait its process has been told. */
  countedWaitNs: number;
  cpuMs: number;
  waitMs: number;
  readAtMs: SessionMs;
  lastCore: number;
  details: ThreadDetailsRecord | null;
  /** The turn in which it was last read, and whether it had run since the reading before. */
  turn: number;
  hadRun: boolean;
  /** Its CPU when its core, and when its counters, were last read: who does not run changes neither. */
  placedAtNs: number;
  countedAtNs: number;
  coreChanges: number;
  readonly schedstat: HeldFile;
  readonly stat: HeldFile;
  readonly counters: HeldFile;
}

export type ThreadDetailsRecord = { -readonly [Name in keyof ThreadDetails]: ThreadDetails[Name] };

/** Single threads, each read at most once per turn however many ask for it. */
export interface ThreadTable {
  /** A new tick: what was read before is read again when it is asked for. */
  beginTurn(nowMs: SessionMs): void;
  /** CPU and wait. Null where the thread is gone. */
  read(pid: number, tid: number): ThreadRecord | null;
  /** As it was last read; undefined where it never was. */
  find(pid: number, tid: number): ThreadRecord | undefined;
  /** The core that it was last on, and once a second what else there is to know, where it has run. */
  readPlace(record: ThreadRecord): void;
  /** Switches and migrations, where it has run since they were last read. `isSteady`: they will be again soon. */
  readCounters(record: ThreadRecord, isSteady: boolean): void;
  /** Closes its files until it is read again. */
  release(record: ThreadRecord): void;
  /** Closes what was held of these for `readCounters`. */
  releaseCounters(pid: number, tids: readonly number[]): void;
  forget(tid: number): void;
  /** Closes what is held of the threads of a process. */
  forgetProcess(pid: number): void;
  readonly keptCount: number;
}

/** As for processes: once a second each. */
const detailsEveryMs = 1000;

function createDetails(): ThreadDetailsRecord {
  return {
    readAtMs: Number.NaN,
    state: Number.NaN,
    userMs: Number.NaN,
    systemMs: Number.NaN,
    voluntarySwitches: Number.NaN,
    involuntarySwitches: Number.NaN,
    migrations: Number.NaN,
  };
}

export function createThreadTable(files: HeldFiles, stats: StatReader, counters: CounterFiles): ThreadTable {
  // By tid alone: it is the kernel's number, and belongs to one process at a time.
  const threads = new Map<number, ThreadRecord>();
  const fields = createStatFields();
  let turn = 0;
  let atMs: SessionMs = 0;

  function release(record: ThreadRecord): void {
    files.close(record.schedstat);
    files.close(record.stat);
    files.close(record.counters);
  }

  function forget(tid: number): void {
    const record = threads.get(tid);
    if (record === undefined) return;
    release(record);
    threads.delete(tid);
  }

  function create(pid: number, tid: number): ThreadRecord {
    const folder = `/proc/${pid}/task/${tid}`;
    return {
      pid,
      tid,
      cpuNs: Number.NaN,
      isExact: false,
      waitNs: Number.NaN,
      countedWaitNs: 0,
      cpuMs: Number.NaN,
      waitMs: Number.NaN,
      readAtMs: atMs,
      lastCore: Number.NaN,
      details: null,
      turn: -1,
      hadRun: false,
      placedAtNs: Number.NaN,
      countedAtNs: Number.NaN,
      coreChanges: 0,
      schedstat: files.create(`${folder}/schedstat`),
      stat: files.create(`${folder}/stat`),
      counters: counters.ofThread(pid, tid),
    };
  }

  /** False where the thread is gone. */
  function readClock(record: ThreadRecord): boolean {
    const lastNs = record.cpuNs;
    const length = files.read(record.schedstat);
    const cpuNs = length < 0 ? Number.NaN : parseNumberAt(files.bytes, length, 0);
    record.isExact = !Number.isNaN(cpuNs);
    if (!record.isExact) {
      // For kernels without schedstat (CONFIG_SCHED_INFO): steps of 10 ms.
      if (!stats.read(record.stat, fields)) return false;
      record.cpuNs = (fields.userTicks + fields.systemTicks) * nanosecondsPerTick;
    } else {
      record.cpuNs = cpuNs;
      record.waitNs = parseNumberAt(files.bytes, length, 1);
    }
    record.hadRun = !Number.isNaN(lastNs) && record.cpuNs !== lastNs;
    record.cpuMs = record.cpuNs / 1e6;
    record.waitMs = record.waitNs / 1e6;
    record.readAtMs = atMs;
    return true;
  }

  function readCounters(record: ThreadRecord, isSteady: boolean): void {
    if (record.countedAtNs === record.cpuNs) return;
    record.countedAtNs = record.cpuNs;
    record.details ??= createDetails();
    counters.readThread(record.counters, record.details);
    if (!isSteady) files.close(record.counters);
    // What the kernel does not count is counted here.
    if (!counters.hasMigrations) record.details.migrations = record.coreChanges;
  }

  function noteCore(record: ThreadRecord, core: number): void {
    if (record.lastCore !== core && record.lastCore >= 0) record.coreChanges += 1;
    record.lastCore = core;
  }

  return {
    beginTurn(nowMs) {
      turn += 1;
      atMs = nowMs;
    },
    read(pid, tid) {
      let record = threads.get(tid);
      if (record?.pid !== pid) {
        forget(tid);
        record = create(pid, tid);
        threads.set(tid, record);
      }
      if (record.turn === turn) return record;
      if (!readClock(record)) {
        forget(tid);
        return null;
      }
      record.turn = turn;
      return record;
    },
    find(pid, tid) {
      const record = threads.get(tid);
      return record?.pid === pid ? record : undefined;
    },
    readPlace(record) {
      const lastMs = record.details?.readAtMs ?? Number.NaN;
      const isDue = !(atMs - lastMs < detailsEveryMs);
      if (record.placedAtNs === record.cpuNs && !isDue) return;
      if (!stats.read(record.stat, fields)) return;
      record.placedAtNs = record.cpuNs;
      noteCore(record, fields.lastCore);
      if (!isDue) return;
      readCounters(record, record.hadRun);
      const details = (record.details ??= createDetails());
      details.readAtMs = atMs;
      details.state = fields.state;
      details.userMs = fields.userTicks * millisecondsPerTick;
      details.systemMs = fields.systemTicks * millisecondsPerTick;
    },
    readCounters,
    release,
    releaseCounters(pid, tids) {
      for (const tid of tids) {
        const record = threads.get(tid);
        if (record?.pid === pid) files.close(record.counters);
      }
    },
    forget,
    forgetProcess(pid) {
      for (const [tid, record] of threads) {
        if (record.pid === pid) forget(tid);
      }
    },
    get keptCount() {
      return threads.size;
    },
  };
}
