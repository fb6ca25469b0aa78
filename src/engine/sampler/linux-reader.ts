import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import os from 'node:os';
import {
  chooseName,
  parseChildren,
  parseCommandLine,
  parseMachineStat,
  parseMemory,
  parseSchedstatMs,
  parseStat,
  startTicksToMs,
  type StatLine,
} from './linux-proc.ts';
import {
  type MemoryReading,
  type ProcessDescription,
  type ProcessFacts,
  type SystemReader,
} from './system-reader.ts';

/** What /proc tells that the portable libraries cannot, or not without starting a program. */
export type LinuxReader = Pick<
  SystemReader,
  'readCoreIdleMs' | 'readProcesses' | 'describe' | 'readThreadCpuMs' | 'readPssBytes'
> & { readonly readMemory: (pid: number) => MemoryReading };

/**
 * The whole tree is searched when the kernel has counted a new process or thread, and at every tenth reading in
 * any case, for kernels in sandboxes that do not count. More often costs about 0.1 ms per process of ten threads;
 * less often would show a child later there.
 */
const readingsBetweenSearches = 10;

/** Command lines of some programs are megabytes long; nobody reads more than this. */
const commandLineLimit = 4096;

/** /proc files are made while they are read, so the size is only known at the end. */
function createFileReader(): (path: string, limit?: number) => string | null {
  let buffer = Buffer.alloc(64 * 1024);
  return (path, limit = Number.POSITIVE_INFINITY) => {
    let file: number;
    try {
      file = openSync(path, 'r');
    } catch {
      return null;
    }
    try {
      let length = 0;
      for (;;) {
        if (length === buffer.length) buffer = Buffer.concat([buffer, Buffer.alloc(buffer.length)]);
        const count = readSync(file, buffer, length, buffer.length - length, null);
        length += count;
        if (count === 0 || length >= limit) return buffer.toString('utf8', 0, Math.min(length, limit));
      }
    } catch {
      // ESRCH: the process ended between open and read. EACCES: it belongs to someone else.
      return null;
    } finally {
      closeSync(file);
    }
  };
}

function listNumbers(folder: string): number[] {
  try {
    return readdirSync(folder)
      .map(Number)
      .filter((number) => Number.isSafeInteger(number));
  } catch {
    return [];
  }
}

export interface LinuxReaderOptions {
  /** Whether the kernel lists children (CONFIG_PROC_CHILDREN); found out by default. */
  readonly hasChildrenFiles?: boolean;
}

export function createLinuxReader(options: LinuxReaderOptions = {}): LinuxReader {
  const hasChildrenFiles = options.hasChildrenFiles ?? existsSync('/proc/thread-self/children');
  const readFile = createFileReader();
  const bootUnixMs = Date.now() - os.uptime() * 1000;

  let forks: number | null = null;
  let searchedAtForks: number | null = null;
  let readingsSinceSearch = 0;
  let known: ReadonlySet<number> = new Set();

  function readStat(pid: number): StatLine | null {
    const text = readFile(`/proc/${pid}/stat`);
    return text === null ? null : parseStat(text);
  }

  /** `children` is per thread: a child forked by another thread than the main one is in that thread's file only. */
  function listChildren(pid: number): number[] {
    return listNumbers(`/proc/${pid}/task`).flatMap((tid) =>
      parseChildren(readFile(`/proc/${pid}/task/${tid}/children`) ?? ''),
    );
  }

  /** For kernels without `children` files: every process of the machine is asked for its parent. */
  function listAllChildren(): (pid: number) => readonly number[] {
    const byParent = new Map<number, number[]>();
    for (const pid of listNumbers('/proc')) {
      const parentPid = readStat(pid)?.parentPid;
      if (parentPid === undefined) continue;
      const siblings = byParent.get(parentPid);
      if (siblings === undefined) byParent.set(parentPid, [pid]);
      else siblings.push(pid);
    }
    return (pid) => byParent.get(pid) ?? [];
  }

  function isSearchDue(seeds: readonly number[]): boolean {
    return (
      forks === null ||
      forks !== searchedAtForks ||
      readingsSinceSearch + 1 >= readingsBetweenSearches ||
      seeds.some((pid) => !known.has(pid))
    );
  }

  function readTree(seeds: readonly number[]): ProcessFacts[] {
    const search = isSearchDue(seeds);
    readingsSinceSearch = search ? 0 : readingsSinceSearch + 1;
    if (search) searchedAtForks = forks;
    const childrenOf = !search ? () => [] : hasChildrenFiles ? listChildren : listAllChildren();

    const found: ProcessFacts[] = [];
    const queue = [...new Set(seeds)];
    const queued = new Set(queue);
    for (const pid of queue) {
      const line = readStat(pid);
      if (line === null) continue;
      found.push({ pid, parentPid: line.parentPid, startMark: line.startTicks });
      for (const child of childrenOf(pid)) {
        if (queued.has(child)) continue;
        queued.add(child);
        queue.push(child);
      }
    }
    known = queued;
    return found;
  }

  function describe(pid: number): ProcessDescription | null {
    const line = readStat(pid);
    if (line === null) return null;
    const commandLine = parseCommandLine(readFile(`/proc/${pid}/cmdline`, commandLineLimit) ?? '');
    const startedUnixMs = bootUnixMs + startTicksToMs(line.startTicks);
    return {
      name: chooseName(line.name, commandLine),
      commandLine,
      user: null,
      // Some containers show an uptime of their own beside the host's start times: then the sum is in the future.
      startedUnixMs: startedUnixMs <= Date.now() + 1000 ? startedUnixMs : null,
    };
  }

  function readThreadCpuMs(pid: number, tid: number): number | null {
    const exactMs = parseSchedstatMs(readFile(`/proc/${pid}/task/${tid}/schedstat`) ?? '');
    if (!Number.isNaN(exactMs)) return exactMs;
    return parseStat(readFile(`/proc/${pid}/task/${tid}/stat`) ?? '')?.cpuMs ?? null;
  }

  function readMemory(pid: number): MemoryReading {
    const reading = parseMemory(readFile(`/proc/${pid}/smaps_rollup`) ?? '');
    if (reading !== null) return reading;
    // A main thread that has ended takes its view of the memory with it: any other thread still has one.
    for (const tid of listNumbers(`/proc/${pid}/task`)) {
      const seenByThread = parseMemory(readFile(`/proc/${pid}/task/${tid}/smaps_rollup`) ?? '');
      if (seenByThread !== null) return seenByThread;
    }
    return {
      pssBytes: Number.NaN,
      ussBytes: Number.NaN,
      sharedDirtyBytes: Number.NaN,
      swapBytes: Number.NaN,
    };
  }

  return {
    readCoreIdleMs() {
      const stat = parseMachineStat(readFile('/proc/stat') ?? '');
      forks = stat.forks;
      return stat.idleMs;
    },
    readProcesses: (seeds) => Promise.resolve(readTree(seeds)),
    describe,
    readThreadCpuMs,
    readPssBytes: (pid) => readMemory(pid).pssBytes,
    readMemory,
  };
}
