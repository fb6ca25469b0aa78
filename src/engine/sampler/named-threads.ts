import type { EntityInfo } from '../../shared/sample.ts';
import type { CpuShare, SessionMs } from '../../shared/units.ts';
import { createCpuMeter } from './cpu-meter.ts';
import type { ThreadUse } from './system-reader.ts';
import type { EntityChange, ProcessNode } from './tree.ts';

export interface ThreadRow {
  readonly key: number;
  readonly cpuShare: CpuShare;
  readonly waitShare: number;
  readonly use: ThreadUse;
}

export interface ThreadSample extends EntityChange {
  readonly rows: readonly ThreadRow[];
}

export interface ThreadSystem {
  readonly findProcess: (pid: number) => ProcessNode | undefined;
  /** Null where the thread is gone. */
  readonly readThread: (pid: number, tid: number) => ThreadUse | null;
  /** The processes of which all threads are wanted. The same array again where nothing has changed. */
  readonly wholeProcesses: readonly ProcessNode[];
  /** The same array again where nothing has changed. */
  readonly listThreads: (pid: number) => readonly number[];
  /** What the thread calls itself; null where it is gone. */
  readonly readName: (pid: number, tid: number) => string | null;
  readonly nowMs: () => SessionMs;
}

/**
 * The threads that announced themselves, and all threads of some processes. The others (a Node process has about
 * eleven) are not shown.
 */
export interface NamedThreads {
  /** Those that are known now, shown or not. */
  readonly count: number;
  /** With what is remembered of them, and the lists of processes. */
  readonly keptCount: number;
  announce(pid: number, tid: number, name: string): void;
  sample(system: ThreadSystem): ThreadSample;
}

/** A thread may announce itself before its process has been found; one whose process never is, is forgotten. */
const longestWaitMs = 10_000;

/** Threads mostly get their names soon after they begin: one that did not announce itself is asked again then. */
const renameAfterMs = 1000;

const nobody: ThreadSample = { appeared: [], goneKeys: [], rows: [] };

interface Thread {
  readonly pid: number;
  readonly tid: number;
  name: string;
  isAnnounced: boolean;
  /** Set at the first sample. */
  waitingSinceMs: SessionMs | null;
  /** When its own name is to be read again; null where it need not be. */
  renameAtMs: SessionMs | null;
  /** Set once the process was found: the announcement is for this one, not for the pid's next bearer. */
  process: ProcessNode | null;
  info: EntityInfo | null;
}

export function createNamedThreads(takeKey: () => number): NamedThreads {
  const threads = new Map<string, Thread>();
  const cpuMeter = createCpuMeter<Thread>();
  const waitMeter = createCpuMeter<Thread>();
  /** Which threads of which process were listed last. */
  let listed = new Map<ProcessNode, readonly number[]>();

  function isCurrent(thread: Thread, process: ProcessNode): boolean {
    const { info } = thread;
    return info?.parentKey === process.info.key && info.name === thread.name;
  }

  function describe(thread: Thread, process: ProcessNode): EntityInfo {
    const { pid, rootPid, owner, commandLine, user } = process.info;
    return {
      key: takeKey(),
      kind: 'thread',
      pid,
      tid: thread.tid,
      parentKey: process.info.key,
      rootPid,
      owner,
      name: thread.name,
      commandLine,
      user,
      startedUnixMs: null,
    };
  }

  function addThread(pid: number, tid: number, name: string, isAnnounced: boolean): Thread {
    const thread = {
      pid,
      tid,
      name,
      isAnnounced,
      waitingSinceMs: null,
      renameAtMs: null,
      process: null,
      info: null,
    };
    threads.set(`${pid}/${tid}`, thread);
    return thread;
  }

  /** Adds those that are new; those that are gone find their end when they are read. */
  function list(process: ProcessNode, tids: readonly number[], system: ThreadSystem): void {
    const { pid } = process;
    // One thread is what the process row shows.
    if (tids.length === 1) return;
    for (const tid of tids) {
      if (threads.has(`${pid}/${tid}`)) continue;
      const name = system.readName(pid, tid);
      if (name === null) continue;
      const thread = addThread(pid, tid, name, false);
      thread.process = process;
      thread.renameAtMs = system.nowMs() + renameAfterMs;
    }
  }

  function listAll(system: ThreadSystem): void {
    if (system.wholeProcesses.length === 0) {
      if (listed.size > 0) listed = new Map();
      return;
    }
    const next = new Map<ProcessNode, readonly number[]>();
    for (const process of system.wholeProcesses) {
      const tids = system.listThreads(process.pid);
      next.set(process, tids);
      if (listed.get(process) !== tids) list(process, tids, system);
    }
    listed = next;
  }

  /** A listed thread is the main one of what has become a process with one thread, or of one no longer wanted whole. */
  function isWanted(thread: Thread): boolean {
    if (thread.isAnnounced) return true;
    const tids = thread.process === null ? undefined : listed.get(thread.process);
    return tids !== undefined && tids.length !== 1;
  }

  return {
    get count() {
      return threads.size;
    },
    get keptCount() {
      return threads.size + cpuMeter.keptCount + waitMeter.keptCount + listed.size;
    },
    announce(pid, tid, name) {
      // The main thread is what the process row shows.
      if (tid === pid) return;
      const known = threads.get(`${pid}/${tid}`);
      if (known === undefined) {
        addThread(pid, tid, name, true);
        return;
      }
      known.name = name;
      known.isAnnounced = true;
    },
    sample(system) {
      if (threads.size === 0 && listed.size === 0 && system.wholeProcesses.length === 0) return nobody;
      const { findProcess, readThread, readName, nowMs } = system;
      const appeared: EntityInfo[] = [];
      const goneKeys: number[] = [];
      const rows: ThreadRow[] = [];

      function hide(thread: Thread): void {
        if (thread.info !== null) goneKeys.push(thread.info.key);
        thread.info = null;
      }

      function rename(thread: Thread, atMs: SessionMs): void {
        if (thread.isAnnounced || thread.renameAtMs === null || atMs < thread.renameAtMs) return;
        thread.renameAtMs = null;
        thread.name = readName(thread.pid, thread.tid) ?? thread.name;
      }

      listAll(system);
      for (const [id, thread] of threads) {
        const forget = (): void => {
          hide(thread);
          cpuMeter.forget(thread);
          waitMeter.forget(thread);
          threads.delete(id);
        };
        const atMs = nowMs();
        const process = findProcess(thread.pid);
        if (process === undefined || (thread.process !== null && thread.process !== process)) {
          thread.waitingSinceMs ??= atMs;
          if (thread.process !== null || atMs - thread.waitingSinceMs > longestWaitMs) forget();
          continue;
        }
        thread.process = process;
        const use = isWanted(thread) ? readThread(thread.pid, thread.tid) : null;
        if (use === null) {
          forget();
          continue;
        }
        const readAtMs = use.readAtMs ?? atMs;
        const cpuShare = cpuMeter.read(thread, readAtMs, use.cpuMs);
        const waitShare = waitMeter.read(thread, readAtMs, use.waitMs ?? Number.NaN);
        if (process.info.owner !== 'run') {
          hide(thread);
          continue;
        }
        rename(thread, atMs);
        if (thread.info === null || !isCurrent(thread, process)) {
          hide(thread);
          thread.info = describe(thread, process);
          appeared.push(thread.info);
        }
        rows.push({ key: thread.info.key, cpuShare, waitShare, use });
      }
      return { appeared, goneKeys, rows };
    },
  };
}
