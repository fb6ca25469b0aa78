import { type EntityInfo } from '../../shared/sample.ts';
import { type CpuShare, type Milliseconds, type SessionMs } from '../../shared/units.ts';
import { createCpuMeter } from './cpu-meter.ts';
import { type EntityChange, type ProcessNode } from './tree.ts';

export interface ThreadRow {
  readonly key: number;
  readonly cpuShare: CpuShare;
}

export interface ThreadSample extends EntityChange {
  readonly rows: readonly ThreadRow[];
}

export interface ThreadSystem {
  readonly findProcess: (pid: number) => ProcessNode | undefined;
  /** Null where the thread is gone. */
  readonly readCpuMs: (pid: number, tid: number) => Milliseconds | null;
  readonly nowMs: () => SessionMs;
}

/** The threads that announced themselves. The others (a Node process has about eleven) are not shown. */
export interface NamedThreads {
  announce(pid: number, tid: number, name: string): void;
  sample(system: ThreadSystem): ThreadSample;
}

/** A thread may announce itself before its process has been found; one whose process never is, is forgotten. */
const longestWaitMs = 10_000;

interface Announced {
  readonly pid: number;
  readonly tid: number;
  name: string;
  /** Set at the first sample. */
  waitingSinceMs: SessionMs | null;
  /** Set once the process was found: the announcement is for this one, not for the pid's next bearer. */
  process: ProcessNode | null;
  info: EntityInfo | null;
}

export function createNamedThreads(takeKey: () => number): NamedThreads {
  const announcements = new Map<string, Announced>();
  const meter = createCpuMeter<Announced>();

  function isCurrent(thread: Announced, process: ProcessNode): boolean {
    const { info } = thread;
    return info?.parentKey === process.info.key && info.name === thread.name;
  }

  function describe(thread: Announced, process: ProcessNode): EntityInfo {
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

  return {
    announce(pid, tid, name) {
      // The main thread is what the process row shows.
      if (tid === pid) return;
      const id = `${pid}/${tid}`;
      const known = announcements.get(id);
      if (known !== undefined) known.name = name;
      else announcements.set(id, { pid, tid, name, waitingSinceMs: null, process: null, info: null });
    },
    sample({ findProcess, readCpuMs, nowMs }) {
      const appeared: EntityInfo[] = [];
      const goneKeys: number[] = [];
      const rows: ThreadRow[] = [];

      function hide(thread: Announced): void {
        if (thread.info !== null) goneKeys.push(thread.info.key);
        thread.info = null;
      }

      for (const [id, thread] of announcements) {
        const forget = (): void => {
          hide(thread);
          meter.forget(thread);
          announcements.delete(id);
        };
        const atMs = nowMs();
        const process = findProcess(thread.pid);
        if (process === undefined || (thread.process !== null && thread.process !== process)) {
          thread.waitingSinceMs ??= atMs;
          if (thread.process !== null || atMs - thread.waitingSinceMs > longestWaitMs) forget();
          continue;
        }
        thread.process = process;
        const cpuMs = readCpuMs(thread.pid, thread.tid);
        if (cpuMs === null) {
          forget();
          continue;
        }
        const cpuShare = meter.read(thread, atMs, cpuMs);
        if (process.info.owner !== 'run') {
          hide(thread);
          continue;
        }
        if (thread.info === null || !isCurrent(thread, process)) {
          hide(thread);
          thread.info = describe(thread, process);
          appeared.push(thread.info);
        }
        rows.push({ key: thread.info.key, cpuShare });
      }
      return { appeared, goneKeys, rows };
    },
  };
}
