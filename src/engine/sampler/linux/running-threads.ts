import type { CpuSource } from './process-table.ts';
import type { ThreadRecord, ThreadTable } from './thread-table.ts';

/** What `createRunningThreads` asks of a process. */
export interface ThreadedProcess {
  readonly pid: number;
  /** Another array whenever its threads are others. */
  readonly tids: readonly number[];
  /** Of all its threads, those that ended included, by the kernel's exact clock; read before its threads are. */
  readonly cpuNs: number;
  readonly cpuSource: CpuSource;
  /** What threads that ended have used. */
  endedThreads: EndedThreads | null;
}

export interface EndedThreads {
  /** For these threads. */
  readonly tids: readonly number[];
  /** No more than the truth: what threads ran between the two readings is missing. */
  cpuNs: number;
}

/**
 * The threads of a process as they are now, reading as few as tell: a Node process has eleven, of which one or two
 * run. Those that ran last time are read first. When what all are known to have used, with what ended ones used, is
 * what the clock of the process says, none of the others can have run, and who has not run has not waited either.
 *
 * What a thread runs between the reading of the clock and its own can hide as much of another's, which then is seen
 * as soon as it has run for longer than that: 0.1 ms at most, and nothing is lost, for all are totals.
 */
export interface RunningThreads {
  /** Fills `found`, in no order. False where a thread is gone. */
  read(process: ThreadedProcess): boolean;
  /** The same of a process with one thread. */
  readSingle(pid: number): boolean;
  /** Of the last reading. */
  readonly found: readonly ThreadRecord[];
}

export function createRunningThreads(threads: ThreadTable): RunningThreads {
  const found: ThreadRecord[] = [];
  const idle: ThreadRecord[] = [];

  function readEach({ pid, tids }: ThreadedProcess): boolean {
    let isWhole = true;
    for (const tid of tids) {
      const thread = threads.read(pid, tid);
      if (thread === null) isWhole = false;
      else found.push(thread);
    }
    return isWhole;
  }

  /** Nanoseconds that all are known to have used; NaN where one was never read. Those that ran last are in `found`. */
  function recall({ pid, tids }: ThreadedProcess): number {
    let knownNs = 0;
    idle.length = 0;
    for (const tid of tids) {
      const thread = threads.find(pid, tid);
      if (thread?.isExact !== true) return Number.NaN;
      knownNs += thread.cpuNs;
      if (thread.hadRun) found.push(thread);
      else idle.push(thread);
    }
    return knownNs;
  }

  /** Whether those that ran last time account for all that the process has used. */
  function areAccountedFor(process: ThreadedProcess): boolean {
    const { cpuNs, tids, endedThreads } = process;
    if (endedThreads?.tids !== tids) return false;
    const knownNs = recall(process);
    if (Number.isNaN(knownNs)) return false;
    let missingNs = cpuNs - endedThreads.cpuNs - knownNs;
    for (const thread of found) {
      if (missingNs <= 0) break;
      const lastNs = thread.cpuNs;
      if (threads.read(thread.pid, thread.tid) !== thread) return false;
      missingNs -= thread.cpuNs - lastNs;
    }
    return missingNs <= 0;
  }

  function learnEnded(process: ThreadedProcess): void {
    const { cpuNs, tids, endedThreads } = process;
    let sumNs = 0;
    for (const thread of found) sumNs += thread.isExact ? thread.cpuNs : Number.NaN;
    const endedNs = cpuNs - sumNs;
    if (endedThreads?.tids !== tids) process.endedThreads = { tids, cpuNs: endedNs };
    else if (!(endedThreads.cpuNs >= endedNs)) endedThreads.cpuNs = endedNs;
  }

  return {
    found,
    readSingle(pid) {
      found.length = 0;
      const thread = threads.read(pid, pid);
      if (thread !== null) found.push(thread);
      return thread !== null;
    },
    read(process) {
      found.length = 0;
      if (process.cpuSource === 'process-clock' && areAccountedFor(process)) {
        for (const thread of idle) found.push(thread);
        return true;
      }
      found.length = 0;
      const isWhole = readEach(process);
      if (isWhole && process.cpuSource === 'process-clock') learnEnded(process);
      return isWhole;
    },
  };
}
