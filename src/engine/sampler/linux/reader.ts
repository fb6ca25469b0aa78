import type { Bytes, Milliseconds, SessionMs } from '../../../shared/units.ts';
import { countCores } from '../core-times.ts';
import type { ProcessFacts, SystemReader } from '../system-reader.ts';
import { describeLinux, findAbilities } from './capabilities.ts';
import { createCgroupClock } from './cgroup-clock.ts';
import { createChildSearch } from './child-search.ts';
import { createLinuxCores } from './cores.ts';
import { createCounterFiles, type CounterFilesOptions } from './counter-files.ts';
import { type CpuClock, loadBootClock, loadCpuClock } from './cpu-clock.ts';
import { createDescriptions } from './descriptions.ts';
import { createHeldFiles, type FileCalls } from './held-files.ts';
import { readKernelTickMs } from './kernel-tick.ts';
import { readPageSize } from './page-size.ts';
import { parseForks, parseNumberAt } from './proc-bytes.ts';
import { createProbes } from './probes.ts';
import { createProcessCounters } from './process-counters.ts';
import { createProcessRounds } from './process-rounds.ts';
import { createGlance, createGlances, type HeldGlance } from './glances.ts';
import { createGlancesAhead, type GlancesAheadOptions, noGlances } from './glances-ahead.ts';
import type { NativeLibrary } from './native-library.ts';
import { createStatReader } from './process-stat.ts';
import { createProcessTable, type CpuSource } from './process-table.ts';
import { createThreadTable } from './thread-table.ts';

export interface NativeReaderOptions {
  /** The sampler's own clock. */
  readonly nowMs: () => SessionMs;
  /** Null does without; by default it is loaded where it can be. */
  readonly cpuClock?: CpuClock | null;
  /** Time since boot; null does without, by default it is loaded where it can be. */
  readonly bootMs?: (() => Milliseconds) | null;
  /** NaN: no resident size is known. By default it is found out. */
  readonly pageBytes?: Bytes;
  /** Descriptors that may be held; by default a quarter of the limit. */
  readonly capacity?: number;
  readonly calls?: FileCalls;
  /** Whether the kernel lists children (CONFIG_PROC_CHILDREN); found out by default. */
  readonly hasChildrenFiles?: boolean;
  /** What the kernel counts; found out by default. */
  readonly counters?: CounterFilesOptions;
  /** Reads stat files; null, the default, without the native library. */
  readonly readStat?: NativeLibrary['readStat'] | null;
  /** For a thread that may block: glances by the library. */
  readonly glancesAhead?: GlancesAheadOptions;
}

export interface NativeReader extends SystemReader {
  readonly heldFileCount: number;
  /** Where the CPU time of a process comes from; null where it is not watched. */
  cpuSourceOf(pid: number): CpuSource | null;
  /** Closes every file. The reader can be used again, and opens them again. */
  close(): void;
}

/**
 * Whether a reading took much longer than they usually do: four times what the quick ones do, and 0.2 ms for cold
 * caches. On a machine where each takes long, none is interrupted for that.
 */
function createInterruptionTest(usualMs: Float64Array): (tookMs: Milliseconds) => boolean {
  return (tookMs) => {
    const usual = usualMs[0] ?? Number.POSITIVE_INFINITY;
    usualMs[0] = Math.min(usual * 1.02, tookMs);
    return tookMs > usual * 4 + 0.2;
  };
}

/** It changes slowly, and nobody reads it off ten times a second. */
const ownRssEveryMs = 1000;

/**
 * Linux, read directly: CPU from the processes' clocks and the rest from files of /proc that stay open. Which of it
 * is read when is told in `process-rounds.ts`.
 */
export function createNativeReader(options: NativeReaderOptions): NativeReader {
  const { nowMs, cpuClock: clock = loadCpuClock(), pageBytes = readPageSize() } = options;
  const { capacity, calls, hasChildrenFiles, readStat = null, bootMs = loadBootClock() } = options;
  const files = createHeldFiles({
    ...(capacity === undefined ? {} : { capacity }),
    ...(calls === undefined ? {} : { calls }),
  });
  const stats = createStatReader(files, readStat);
  const counterFiles = createCounterFiles(files, options.counters);
  const threads = createThreadTable(files, stats, counterFiles);
  const counters = createProcessCounters(counterFiles, threads);
  const table = createProcessTable({
    files,
    stats,
    clock,
    threadTable: threads,
    counters,
    bootMs,
    pageBytes,
  });
  const search = createChildSearch({
    files,
    stats,
    table,
    ...(hasChildrenFiles === undefined ? {} : { hasChildrenFiles }),
  });
  const rounds = createProcessRounds({ table, search, clock, counters, nowMs });
  const { describe, readPssBytes, readMemory, readThreadName } = createDescriptions(files);
  const cgroups = createCgroupClock(files);
  const noThreads: readonly number[] = [];
  const kernelTickMs = readKernelTickMs();
  const cores = createLinuxCores({ files, nowMs, kernelTickMs });
  const machineStat = files.create('/proc/stat');
  // Held from the first reading on, so of the thread that reads first.
  const ownSchedstat = files.create('/proc/thread-self/schedstat');
  const ownStatm = files.create('/proc/self/statm');
  let ownRssBytes = Number.NaN;
  let ownRssDueAtMs = Number.NEGATIVE_INFINITY;
  let coreCount = 0;
  const usualMs = Float64Array.of(Number.POSITIVE_INFINITY);
  const isInterrupted = createInterruptionTest(usualMs);
  /** What was read at this tick; not fresh once it was dealt with. */
  const current = createGlance();
  current.readAtMs = nowMs();
  let isFresh = false;
  const glances = createGlances();
  const takeAhead =
    options.glancesAhead === undefined || clock === null
      ? null
      : createGlancesAhead(options.glancesAhead, {
          rounds,
          glances,
          statFile: () => machineStat.descriptor,
          coreCount: () => coreCount,
          usualMs,
        });
  let recalled: HeldGlance | null = null;
  let isPast = false;
  /** Something that is read at every tick and is no part of a glance. */
  let hasQuota = false;
  let facts: readonly ProcessFacts[] = [];

  /**
   * The cores and the clocks one after the other with nothing between, so that one instant stands for both; once more
   * where the sampler was interrupted meanwhile. On a busy machine it waits for milliseconds then, which would be in
   * the window of every process: 2 points of one core at 10 Hz. False where there are no clocks.
   */
  function readTogether(glance: HeldGlance): boolean {
    let hasClocks = false;
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const startMs = nowMs();
      glance.statLength = Math.max(0, files.read(machineStat));
      if (attempt === 1) hasClocks = rounds.readClocks(startMs, glance.clocks);
      else rounds.readClocksAgain(glance.clocks);
      const tookMs = nowMs() - startMs;
      glance.readAtMs = startMs + tookMs / 2;
      if (!isInterrupted(tookMs)) break;
    }
    return hasClocks;
  }

  /** The clock is warm from reading those of the others; Node's own way takes ten times as long. */
  function readOwnCpuMs(): Milliseconds {
    const ns = clock?.readNs(process.pid) ?? Number.NaN;
    if (ns >= 0) return ns / 1e6;
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000;
  }

  return {
    processEveryMs: 0,
    answersAtOnce: true,
    ...cores,
    readCoreTimes() {
      if (recalled !== null) return cores.takeCoreTimes(recalled.statBytes, recalled.statLength);
      files.beginTurn();
      isFresh = readTogether(current);
      const times = cores.takeCoreTimes(files.bytes, current.statLength);
      coreCount = countCores(times);
      current.coreCount = coreCount;
      current.forks = parseForks(files.bytes, current.statLength);
      return times;
    },
    coreTimesReadAtMs: () => (recalled ?? current).readAtMs,
    readHeldBackMs() {
      const heldBackMs = cores.readHeldBackMs();
      hasQuota = !Number.isNaN(heldBackMs);
      return heldBackMs;
    },
    glance() {
      const glance = glances.add();
      glance.coreCount = coreCount;
      const hasClocks = readTogether(glance);
      glance.statBytes = files.exchange(glance.statBytes);
      glance.forks = parseForks(glance.statBytes, glance.statLength);
      return hasClocks && !hasQuota && rounds.isQuiet(glance);
    },
    ...(takeAhead === null ? {} : { glanceAhead: (ahead) => (hasQuota ? noGlances : takeAhead(ahead)) }),
    recall(isLast) {
      recalled = glances.next();
      isPast = !isLast;
      if (isLast) files.beginTurn();
      return recalled.readAtMs;
    },
    readProcesses(seeds) {
      if (recalled !== null && isPast) {
        rounds.recall(recalled);
        recalled = null;
        return facts;
      }
      const glance = recalled ?? (isFresh ? current : null);
      recalled = null;
      isFresh = false;
      threads.beginTurn(nowMs());
      const hasChanged = glance === null ? rounds.run(seeds, current) : rounds.runWith(seeds, glance);
      if (hasChanged) {
        facts = Array.from(table.records.values(), ({ pid, parentPid, startTicks, changeCount }) => ({
          pid,
          parentPid,
          startMark: startTicks,
          changeCount,
        }));
      }
      return facts;
    },
    describe,
    // All were read by `readProcesses`, together.
    readUse: () => table.records,
    changedPids: () => rounds.changedPids(),
    readThread(pid, tid) {
      const thread = threads.read(pid, tid);
      if (thread === null) {
        const record = table.records.get(pid);
        if (record !== undefined) table.updateThreads(record, true);
        return null;
      }
      threads.readPlace(thread);
      return thread;
    },
    listThreads(pid) {
      const record = table.records.get(pid);
      if (record === undefined) return noThreads;
      table.updateThreads(record, false);
      return record.tids;
    },
    readThreadName,
    readCgroupCpuMs: (path) => cgroups.readMs(path),
    readPssBytes,
    readMemory,
    readOwnUse() {
      const cpuMs = readOwnCpuMs();
      const atMs = nowMs();
      if (atMs >= ownRssDueAtMs) {
        ownRssDueAtMs = atMs + ownRssEveryMs;
        const length = files.read(ownStatm);
        ownRssBytes = (length < 0 ? Number.NaN : parseNumberAt(files.bytes, length, 1)) * pageBytes;
      }
      return { cpuMs, rssBytes: ownRssBytes };
    },
    readSamplingCpuMs() {
      const length = files.read(ownSchedstat);
      return (length < 0 ? Number.NaN : parseNumberAt(files.bytes, length, 0)) / 1e6;
    },
    get heldFileCount() {
      return files.openCount;
    },
    probesOf: (pid) => createProbes(pid, { files, clock, hasSched: counterFiles.hasMigrations }),
    countKept: () => ({
      files: files.openCount,
      processes: table.records.size,
      threads: threads.keptCount,
      groups: cgroups.keptCount,
      searched: rounds.keptCount + search.keptCount,
    }),
    cpuSourceOf: (pid) => table.records.get(pid)?.cpuSource ?? null,
    capabilities: () => describeLinux(findAbilities({ hasCpuClock: clock !== null, tickMs: kernelTickMs })),
    close() {
      cores.close();
      files.closeAll();
    },
  };
}
