import type { Milliseconds, SessionMs } from '../../../shared/units.ts';
import type { ChildSearch } from './child-search.ts';
import { type ClockReadings, createClockReadings, createClockTurns } from './clock-turns.ts';
import type { CpuClock } from './cpu-clock.ts';
import type { MachineReading } from './machine-stat.ts';
import type { ProcessCounters } from './process-counters.ts';
import { fullEveryMs, hotForMs, type ProcessRecord, type ProcessTable } from './process-table.ts';
import { fillKnown, type Glance, isQuiet, type KnownProcesses } from './quiet.ts';
import { createSearchTurns } from './search-turns.ts';

/** Keeps the table up to date, once per tick. */
export interface ProcessRounds {
  /** True where a process came or went, or has another parent, name or user. */
  run(seeds: readonly number[], machine: MachineReading): boolean;
  /** Reads the clocks whose turn it is at `atMs` and nothing else. False where there are none. */
  readClocks(atMs: SessionMs, into: ClockReadings): boolean;
  /** The same clocks once more. */
  readClocksAgain(into: ClockReadings): void;
  /** Whether a glance shows nothing that is to be looked at now. */
  isQuiet(glance: Glance): boolean;
  /** Takes over what an earlier glance showed. To be called in their order, before `run`. */
  recall(glance: Glance): void;
  /** As `run`, with clocks that were read before. */
  runWith(seeds: readonly number[], glance: Glance): boolean;
  /** As `ClockTurns.plan`: for reading them elsewhere. */
  planClocks(passedMs: Milliseconds, into: ClockReadings, before: ClockReadings | null): void;
  /** What was planned was read by then. */
  noteClocks(readings: ClockReadings, atMs: SessionMs): void;
  /** For who judges what is quiet in our stead: by the places of the list. */
  fillKnown(known: KnownProcesses): void;
  readonly processCount: number;
  readonly lookedAtMs: SessionMs;
  readonly clocksAtMs: SessionMs;
  /** Whose records the last run changed; null where it did not keep count. Changed at the next run. */
  changedPids(): readonly number[] | null;
  /** Who waits for something: to be searched, or to be looked at as an orphan. */
  readonly keptCount: number;
}

export interface ProcessRoundsOptions {
  readonly table: ProcessTable;
  readonly search: ChildSearch;
  readonly clock: CpuClock | null;
  readonly counters: ProcessCounters;
  readonly nowMs: () => SessionMs;
}

/**
 * Between the turns that come once a second, something is read of a process when it has run so many times as long as
 * the reading takes: what is read of a process then costs 0.02 % of what it uses itself, however many threads it has,
 * and of one that keeps a core busy all is read at every tick.
 */
const runsPerReading = 5000;
const statTakesNs = 5000;
const statmTakesNs = 2000;
const schedstatTakesNs = 1000;

/**
 * What is read when, per process and tick:
 * - The CPU clock (0.4 to 1 µs) of who used CPU in the last second; of the others in turns, each once a second at
 *   least and all of a small tree at once (`clock-turns.ts`). Where there are no clocks: schedstat or stat of a process
 *   that used CPU in the last second, and of the others once a second. The counters are cumulative, so nothing is
 *   lost, and `readAtMs` says over what time it is; but a process that wakes is seen up to a second late.
 * - Wait, core and resident memory: of a process that has run for long enough since (`runsPerReading`), and with the
 *   whole stat. Who does not run does not change its core, and a wait is counted when it ends, in running.
 * - The whole stat (start time, parent, threads): once a second each, in turns, of who has not run meanwhile once in
 *   half a minute; when the parent is gone; and whenever the pid could have gone to another process: something was
 *   forked, the clock moved, and it went back or shows no more than what a process born since could have used; and, for
 *   the time of children that were waited for, when children are looked for, or when a child is gone.
 * - Children: see `search-turns.ts`.
 */
export function createProcessRounds(options: ProcessRoundsOptions): ProcessRounds {
  const { table, search, clock, counters, nowMs } = options;
  let lastSeeds: readonly number[] = [];
  let last: MachineReading = { forks: Number.NaN, coreCount: 0, readAtMs: Number.NEGATIVE_INFINITY };
  let list: readonly ProcessRecord[] = [];
  let hasChanged = false;
  const turns = createClockTurns(nowMs);
  const ownClocks = createClockReadings();
  /** When all that is due was last read, and when the clocks were. */
  let lookedAtMs: SessionMs = Number.NaN;
  let clocksAtMs: SessionMs = Number.NEGATIVE_INFINITY;
  const starts: ProcessRecord[] = [];
  const searchTurns = createSearchTurns(table, clock !== null);
  const removedPids = new Set<number>();
  const changedPids: number[] = [];

  function begin(): void {
    hasChanged = false;
    starts.length = 0;
    changedPids.length = 0;
  }

  function remove(record: ProcessRecord): void {
    table.remove(record);
    removedPids.add(record.pid);
    hasChanged = true;
  }

  /** Who lost a parent has another one now. */
  function noteOrphans(atMs: SessionMs): void {
    if (removedPids.size === 0) return;
    for (const record of list) {
      if (!removedPids.has(record.parentPid)) continue;
      record.fullDueAtMs = Math.min(record.fullDueAtMs, atMs);
      record.hotUntilMs = Math.max(record.hotUntilMs, atMs + hotForMs);
    }
    removedPids.clear();
  }

  function add(pid: number): void {
    const record = table.add(pid, nowMs());
    if (record === null) return;
    starts.push(record);
    hasChanged = true;
  }

  function addMissingSeeds(): void {
    for (const pid of lastSeeds) {
      if (!table.records.has(pid)) add(pid);
    }
  }

  /** Drops what is neither a seed nor below one. */
  function dropUnwanted(seeds: readonly number[]): void {
    const wanted = new Set(seeds);
    for (const record of [...table.records.values()]) {
      const passed = new Set<number>();
      let current: ProcessRecord | undefined = record;
      while (current !== undefined && !wanted.has(current.pid) && !passed.has(current.pid)) {
        passed.add(current.pid);
        current = table.records.get(current.parentPid);
      }
      if (current === undefined || passed.has(current.pid)) remove(record);
      else for (const pid of passed) wanted.add(pid);
    }
  }

  function readFull(record: ProcessRecord, atMs: SessionMs): void {
    const { parentPid, nameMark, details } = record;
    const { userId } = details;
    const finding = table.readFull(record, atMs);
    changedPids.push(record.pid);
    if (finding === 'none' && clock !== null && clock.readNs(record.pid) >= 0) {
      // Its clock still runs, so it is there: only its files cannot be read.
      record.rssBytes = Number.NaN;
      record.fullDueAtMs = atMs + fullEveryMs;
      record.countersDueAtMs = record.fullDueAtMs;
      return;
    }
    if (finding === 'same') {
      // For what was adopted.
      searchTurns.await(record);
      hasChanged ||= record.parentPid !== parentPid;
      // The user is NaN where it was not read before, or cannot be.
      if (record.nameMark !== nameMark || (userId >= 0 && details.userId >= 0 && details.userId !== userId)) {
        record.changeCount += 1;
        hasChanged = true;
      }
      return;
    }
    remove(record);
    if (finding === 'other') add(record.pid);
  }

  function updateList(atMs: SessionMs): void {
    list = [...table.records.values()];
    searchTurns.forgetRemoved();
    turns.arrange(list, atMs);
  }

  function readWait(record: ProcessRecord, atMs: SessionMs): void {
    if (record.waitAtNs === record.cpuNs) {
      record.waitReadAtMs = atMs;
      return;
    }
    if (record.threadCount > 1) {
      table.updateThreads(record, false);
      if (record.tids.length === 0) return;
    }
    const isHot = atMs - record.activeAtMs < hotForMs;
    if (!counters.readWait(record, atMs, isHot)) table.updateThreads(record, true);
  }

  /** It has not run since its clock was last read, so there is nothing else to read of it. */
  function passOver(record: ProcessRecord, atMs: SessionMs): void {
    record.readAtMs = atMs;
    record.stillUntilMs = atMs;
    if (record.waitAtNs !== record.cpuNs) return;
    record.waitReadAtMs = atMs;
    record.waitStillUntilMs = atMs;
  }

  function takeCpu(record: ProcessRecord, cpuNs: number, atMs: SessionMs, machine: MachineReading): void {
    changedPids.push(record.pid);
    const hasMoved = cpuNs !== record.cpuNs;
    const hasForked = machine.forks !== record.clockAtForks;
    const bornSinceNs = (atMs - record.readAtMs) * 1e6 * Math.max(1, machine.coreCount);
    record.isDoubtful ||= hasMoved && (cpuNs < record.cpuNs || (hasForked && cpuNs <= bornSinceNs));
    record.hadMoved = hasMoved;
    record.clockAtForks = machine.forks;
    record.cpuNs = cpuNs;
    record.cpuMs = cpuNs / 1e6;
    record.readAtMs = atMs;
    if (hasMoved) {
      record.activeAtMs = atMs;
      record.hotUntilMs = atMs + hotForMs;
      searchTurns.await(record);
    } else {
      record.stillUntilMs = atMs;
    }
  }

  function takeClock(record: ProcessRecord, cpuNs: number, atMs: SessionMs, machine: MachineReading): void {
    if (Number.isNaN(cpuNs)) {
      remove(record);
      return;
    }
    const hasMoved = cpuNs !== record.cpuNs;
    const isCounted = record.details.countedAtNs === cpuNs || atMs < record.countersDueAtMs;
    if (!hasMoved && !record.hadMoved && !record.isDoubtful && isCounted && atMs < record.fullDueAtMs) {
      record.clockAtForks = machine.forks;
      passOver(record, atMs);
      return;
    }
    takeCpu(record, cpuNs, atMs, machine);
    // Its turn may be far off because it had not run when it had the last one.
    if (!isCounted && record.fullDueAtMs > atMs) record.fullDueAtMs = atMs;
    const isDue = atMs >= record.fullDueAtMs;
    const { threadCount } = record;
    if (isDue || record.isDoubtful || (threadCount === 1 && hasRunFor(record.statAtNs, statTakesNs))) {
      record.isDoubtful = false;
      readFull(record, atMs);
      if (table.records.get(record.pid) !== record) return;
    } else if (hasRunFor(record.rssAtNs, statmTakesNs)) {
      table.readRss(record);
    }
    const isFirstWait = hasMoved && Number.isNaN(record.waitAtNs);
    const isWaitDue = isDue || isFirstWait || record.waitAtNs === cpuNs;
    if (isWaitDue || hasRunFor(record.waitAtNs, threadCount * schedstatTakesNs)) readWait(record, atMs);

    /** Long enough for a reading that takes so long. */
    function hasRunFor(sinceNs: number, takesNs: number): boolean {
      return cpuNs - sinceNs >= takesNs * runsPerReading;
    }
  }

  function takeFiles(record: ProcessRecord): void {
    const atMs = nowMs();
    const isHot = atMs - record.activeAtMs < hotForMs;
    const isDue = atMs >= record.fullDueAtMs;
    const { cpuNs } = record;
    const isFullWanted =
      isDue ||
      (isHot &&
        (record.cpuSource === 'stat' || !table.readSchedstat(record, atMs) || record.cpuNs !== cpuNs));
    if (isFullWanted) readFull(record, atMs);
    else if (isHot) table.readRss(record);
    if (!isFullWanted && !isHot) return;
    if (table.records.get(record.pid) === record) readWait(record, atMs);
  }

  /**
   * What a process has waited for must be read after its children were found to be gone, and not before: otherwise
   * their time would be in both for a while.
   */
  function readWaitedFor(): void {
    if (!table.hasNewsOfChildren) return;
    let hasGrown = false;
    for (const record of list) {
      if (record.hasLostChild && table.records.get(record.pid) === record) readFull(record, nowMs());
      hasGrown ||= record.hasWaited;
    }
    table.hasNewsOfChildren = false;
    if (!hasGrown) return;
    // Others may have been waited for between the reading of their clocks and this.
    for (const record of list) {
      const parent = table.records.get(record.parentPid);
      if (parent?.hasWaited !== true || table.records.get(record.pid) !== record) continue;
      if (clock === null) readFull(record, nowMs());
      else if (Number.isNaN(clock.readNs(record.pid))) remove(record);
    }
    for (const record of list) record.hasWaited = false;
  }

  /** `glance`: null where the clocks are to be read now. */
  function run(seeds: readonly number[], machine: MachineReading, glance: Glance | null): boolean {
    const isNewQuestion = seeds !== lastSeeds;
    if (isNewQuestion) dropUnwanted(seeds);
    lastSeeds = seeds;
    if (hasChanged) updateList(machine.readAtMs);
    if (clock === null) {
      for (const record of list) takeFiles(record);
    } else {
      if (glance === null) readClocks(machine.readAtMs, ownClocks);
      const clocks = glance?.clocks ?? ownClocks;
      const { count, places, cpuNs, records, atMs } = clocks;
      for (let index = 0; index < count; index += 1) {
        const record = records[places[index] ?? 0];
        if (record === undefined || table.records.get(record.pid) !== record) continue;
        takeClock(record, cpuNs[index] ?? Number.NaN, atMs, machine);
      }
      turns.settle(clocks);
    }
    if (machine.forks !== last.forks || isNewQuestion) addMissingSeeds();
    searchTurns.collect(list, machine, starts, (record) => {
      readFull(record, nowMs());
    });
    if (starts.length > 0 && search.search(starts, machine.forks, nowMs())) hasChanged = true;
    readWaitedFor();
    noteOrphans(machine.readAtMs);
    if (hasChanged) updateList(machine.readAtMs);
    last = machine;
    lookedAtMs = machine.readAtMs;
    return hasChanged;
  }

  function readClocks(atMs: SessionMs, into: ClockReadings): boolean {
    if (clock === null) return false;
    turns.read(clock, atMs - clocksAtMs, into);
    clocksAtMs = atMs;
    return true;
  }

  return {
    run(seeds, machine) {
      begin();
      return run(seeds, machine, null);
    },
    runWith(seeds, glance) {
      begin();
      return run(seeds, glance, glance);
    },
    readClocks,
    readClocksAgain(into) {
      if (clock !== null) turns.readAgain(clock, into);
    },
    planClocks(passedMs, into, before) {
      turns.plan(passedMs, into, before);
    },
    noteClocks(readings, atMs) {
      turns.pass(readings);
      clocksAtMs = atMs;
    },
    fillKnown: (known) => {
      fillKnown(list, known);
    },
    get processCount() {
      return list.length;
    },
    get lookedAtMs() {
      return lookedAtMs;
    },
    get clocksAtMs() {
      return clocksAtMs;
    },
    isQuiet: (glance) => isQuiet(glance, lookedAtMs),
    recall(glance) {
      begin();
      const { count, places, cpuNs, records, atMs } = glance.clocks;
      for (let index = 0; index < count; index += 1) {
        const record = records[places[index] ?? 0];
        const ns = cpuNs[index] ?? Number.NaN;
        if (record === undefined || Number.isNaN(ns)) continue;
        if (ns !== record.cpuNs || record.hadMoved) {
          takeCpu(record, ns, atMs, glance);
        } else {
          record.clockAtForks = glance.forks;
          passOver(record, atMs);
        }
      }
      // Who woke is read at every tick from the next hand-over on, also where its turn was not at the last one.
      turns.settle(glance.clocks);
    },
    changedPids: () => (clock === null ? null : changedPids),
    get keptCount() {
      return searchTurns.keptCount + removedPids.size;
    },
  };
}
