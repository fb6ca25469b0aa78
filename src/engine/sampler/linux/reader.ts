import { type Bytes, type SessionMs } from '../../../shared/units.ts';
import { createLinuxReader } from '../linux-reader.ts';
import { type ProcessFacts, type SystemReader } from '../system-reader.ts';
import { createChildSearch } from './child-search.ts';
import { loadCpuClock, type CpuClock } from './cpu-clock.ts';
import { createHeldFiles, type FileCalls } from './held-files.ts';
import { readPageSize } from './page-size.ts';
import { parseCoreIdleMs, parseForks, parseNumberAt } from './proc-bytes.ts';
import { createProcessRounds, type MachineReading } from './process-rounds.ts';
import { createProcessTable, type CpuSource } from './process-table.ts';
import { createThreadClocks } from './thread-clocks.ts';

export interface NativeReaderOptions {
  /** The sampler's own clock. */
  readonly nowMs: () => SessionMs;
  /** Null does without; by default it is loaded where it can be. */
  readonly cpuClock?: CpuClock | null;
  /** NaN: no resident size is known. By default it is found out. */
  readonly pageBytes?: Bytes;
  /** Descriptors that may be held; by default a quarter of the limit. */
  readonly capacity?: number;
  readonly calls?: FileCalls;
  /** Whether the kernel lists children (CONFIG_PROC_CHILDREN); found out by default. */
  readonly hasChildrenFiles?: boolean;
}

export interface NativeReader extends SystemReader {
  readonly heldFileCount: number;
  /** Where the CPU time of a process comes from; null where it is not watched. */
  cpuSourceOf(pid: number): CpuSource | null;
  /** Closes every file. The reader can be used again, and opens them again. */
  close(): void;
}

/**
 * Linux, read directly: CPU from the processes' clocks and the rest from files of /proc that stay open. Which of it
 * is read when is told in `process-rounds.ts`. What is read once per process or seldom (names, PSS) is left to the
 * portable reader of /proc.
 */
export function createNativeReader(options: NativeReaderOptions): NativeReader {
  const { nowMs, cpuClock: clock = loadCpuClock(), pageBytes = readPageSize() } = options;
  const { capacity, calls, hasChildrenFiles } = options;
  const files = createHeldFiles({
    ...(capacity === undefined ? {} : { capacity }),
    ...(calls === undefined ? {} : { calls }),
  });
  const table = createProcessTable({ files, clock, pageBytes });
  const search = createChildSearch({
    files,
    table,
    ...(hasChildrenFiles === undefined ? {} : { hasChildrenFiles }),
  });
  const threads = createThreadClocks(files);
  const rounds = createProcessRounds({
    table,
    search,
    clock,
    nowMs,
    onGone: (record) => {
      threads.forgetProcess(record.pid);
    },
  });
  const { describe, readPssBytes, readMemory } = createLinuxReader();
  const machineStat = files.create('/proc/stat');
  // Held from the first reading on, so of the thread that reads first.
  const ownSchedstat = files.create('/proc/thread-self/schedstat');
  const ownStatm = files.create('/proc/self/statm');
  let machine: MachineReading = { forks: Number.NaN, coreCount: 0, readAtMs: nowMs() };
  let facts: readonly ProcessFacts[] = [];

  return {
    processEveryMs: 0,
    answersAtOnce: true,
    readCoreIdleMs() {
      files.beginTurn();
      const readAtMs = nowMs();
      const length = Math.max(0, files.read(machineStat));
      const idleMs = parseCoreIdleMs(files.bytes, length, machine.coreCount);
      machine = { forks: parseForks(files.bytes, length), coreCount: idleMs.length, readAtMs };
      return idleMs;
    },
    readProcesses(seeds) {
      if (rounds.run(seeds, machine)) {
        facts = Array.from(table.records.values(), ({ pid, parentPid, startTicks }) => ({
          pid,
          parentPid,
          startMark: startTicks,
        }));
      }
      return facts;
    },
    describe,
    // All were read by `readProcesses`, together.
    readUse: () => table.records,
    readThreadCpuMs: (pid, tid) => threads.readCpuMs(pid, tid),
    readPssBytes,
    readMemory,
    readOwnUse() {
      const { user, system } = process.cpuUsage();
      const length = files.read(ownStatm);
      const pages = length < 0 ? Number.NaN : parseNumberAt(files.bytes, length, 1);
      return { cpuMs: (user + system) / 1000, rssBytes: pages * pageBytes };
    },
    readSamplingCpuMs() {
      const length = files.read(ownSchedstat);
      return (length < 0 ? Number.NaN : parseNumberAt(files.bytes, length, 0)) / 1e6;
    },
    get heldFileCount() {
      return files.openCount;
    },
    cpuSourceOf: (pid) => table.records.get(pid)?.cpuSource ?? null,
    close() {
      files.closeAll();
    },
  };
}
