import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import { parseChildren, parseMachineStat, parseSchedstatMs, parseStat, type StatLine } from './linux-proc.ts';
import { createDescriptions } from './linux/descriptions.ts';
import { parseCoreTimes } from './linux/machine-stat.ts';
import type { MemoryReading, ProcessFacts, SystemReader, ThreadUse } from './system-reader.ts';

/** What /proc tells that the portable libraries cannot, or not without starting a program. */
export type LinuxReader = Pick<
  SystemReader,
  'readCoreTimes' | 'readProcesses' | 'describe' | 'readThread' | 'readPssBytes'
> & { readonly readMemory: (pid: number) => MemoryReading };

/**
 * The whole tree is searched when the kernel has counted a new process or thread, and at every tenth reading in
 * any case, for kernels in sandboxes that do not count. More often costs about 0.1 ms per process of ten threads;
 * less often would show a child later there.
 */
const readingsBetweenSearches = 10;

/** /proc files are made while they are read, so the size is only known at the end. */
function createFileReader(): (path: string) => string | null {
  let buffer = Buffer.alloc(64 * 1024);
  return (path) => {
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
        if (count === 0) return buffer.toString('utf8', 0, length);
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
  const { describe, readPssBytes, readMemory } = createDescriptions();

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

  function readThread(pid: number, tid: number): ThreadUse | null {
    const exactMs = parseSchedstatMs(readFile(`/proc/${pid}/task/${tid}/schedstat`) ?? '');
    if (!Number.isNaN(exactMs)) return { cpuMs: exactMs };
    const line = parseStat(readFile(`/proc/${pid}/task/${tid}/stat`) ?? '');
    return line === null ? null : { cpuMs: line.cpuMs };
  }

  return {
    readCoreTimes() {
      const text = readFile('/proc/stat') ?? '';
      forks = parseMachineStat(text).forks;
      const bytes = Buffer.from(text);
      return parseCoreTimes(bytes, bytes.length, 0);
    },
    readProcesses: (seeds) => Promise.resolve(readTree(seeds)),
    describe,
    readThread,
    readPssBytes,
    readMemory,
  };
}
