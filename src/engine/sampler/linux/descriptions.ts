import os from 'node:os';
import type { Bytes, Milliseconds, UnixMs } from '../../../shared/units.ts';
import { chooseName, parseCommandLine, parseMemory, parseStat, startTicksToMs } from '../linux-proc.ts';
import type { MemoryReading, ProcessDescription } from '../system-reader.ts';
import { createHeldFiles, type HeldFiles } from './held-files.ts';
import { createUsers } from './users.ts';

/** What is read once per process, or seldom, as text. */
export interface Descriptions {
  readonly describe: (pid: number) => ProcessDescription | null;
  /** The kernel's name of a thread; null where it is gone. */
  readonly readThreadName: (pid: number, tid: number) => string | null;
  /** NaN where it cannot be read. */
  readonly readPssBytes: (pid: number) => Bytes;
  readonly readMemory: (pid: number) => MemoryReading;
}

/** Command lines of some programs are megabytes long; nobody reads more than this. */
const commandLineLimit = 4096;

const unknownMemory: MemoryReading = {
  pssBytes: Number.NaN,
  ussBytes: Number.NaN,
  sharedDirtyBytes: Number.NaN,
  swapBytes: Number.NaN,
};

export interface DescriptionClocks {
  /** Asked once: what is told of a session is on one wall clock, however often that is set meanwhile. */
  readonly nowUnixMs: () => UnixMs;
  /** Since boot, suspended time included, as the kernel counts starts. */
  readonly uptimeMs: () => Milliseconds;
}

const systemClocks: DescriptionClocks = { nowUnixMs: Date.now, uptimeMs: () => os.uptime() * 1000 };

/** `files`: of the caller, or else of its own, none of which stays open. */
export function createDescriptions(
  files: HeldFiles = createHeldFiles({ capacity: 1 }),
  { nowUnixMs, uptimeMs }: DescriptionClocks = systemClocks,
): Descriptions {
  const users = createUsers();
  const bootUnixMs = nowUnixMs() - uptimeMs();

  /** Null where it cannot be read. */
  function readText(path: string): string | null {
    const file = files.create(path);
    const length = files.read(file);
    files.close(file);
    return length < 0 ? null : files.bytes.toString('utf8', 0, Math.min(length, commandLineLimit));
  }

  function readMemory(pid: number): MemoryReading {
    const reading = parseMemory(readText(`/proc/${pid}/smaps_rollup`) ?? '');
    if (reading !== null) return reading;
    // A main thread that has ended takes its view of the memory with it: any other thread still has one.
    for (const tid of files.listNumbers(`/proc/${pid}/task`)) {
      const seenByThread = parseMemory(readText(`/proc/${pid}/task/${tid}/smaps_rollup`) ?? '');
      if (seenByThread !== null) return seenByThread;
    }
    return unknownMemory;
  }

  return {
    describe(pid) {
      const line = parseStat(readText(`/proc/${pid}/stat`) ?? '');
      if (line === null) return null;
      const commandLine = parseCommandLine(readText(`/proc/${pid}/cmdline`) ?? '');
      const startedMs = startTicksToMs(line.startTicks);
      return {
        name: chooseName(line.name, commandLine),
        commandLine,
        user: users.userOf(pid),
        // Some containers show an uptime of their own beside the host's start times: then it starts in the future.
        startedUnixMs: startedMs <= uptimeMs() + 1000 ? bootUnixMs + startedMs : null,
      };
    },
    readThreadName: (pid, tid) => readText(`/proc/${pid}/task/${tid}/comm`)?.replace(/\n$/, '') ?? null,
    readPssBytes: (pid) => readMemory(pid).pssBytes,
    readMemory,
  };
}
