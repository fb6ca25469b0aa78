import { type SessionMs } from '../../../shared/units.ts';
import { type ChildSearch } from './child-search.ts';
import { type CpuClock } from './cpu-clock.ts';
import { type ProcessCounters } from './process-counters.ts';
import { fullEveryMs, type ProcessRecord, type ProcessTable } from './process-table.ts';

/** What the kernel said of the whole machine at a tick. */
export interface MachineReading {
  /** Processes and threads begun since boot; NaN where it is not told. */
  readonly forks: number;
  readonly coreCount: number;
  readonly readAtMs: SessionMs;
}

/** Keeps the table up to date, once per tick. */
export interface ProcessRounds {
  /** True where a process came or went, or has another parent. */
  run(seeds: readonly number[], machine: MachineReading): boolean;
}

export interface ProcessRoundsOptions {
  readonly table: ProcessTable;
  readonly search: ChildSearch;
  readonly clock: CpuClock | null;
  readonly counters: ProcessCounters;
  readonly nowMs: () => SessionMs;
}

/**
 * On a busy machine something is forked between any two ticks, mostly by others. A process in which so many searches
 * found nothing is searched this often from then on, until there is a sign of a child: of one with eleven threads a
 * search takes as long as all else that is read of it.
 */
const searchesInVain = 20;
const vainSearchEveryMs = 300;

/** A process that used CPU in this time is read at every tick; the others in turns, once in `fullEveryMs`. */
const hotForMs = 1000;

/**
 * What is read when, per process and tick:
 * - The CPU clock always (0.4 µs). Where there is none: schedstat or stat of a process that used CPU in the last
 *   second, and of the others once a second. The counters are cumulative, so nothing is lost, and `readAtMs` says
 *   over what time it is; but there a process that wakes is seen up to a second late.
 * - Wait and core: of a process that has run since they were last read. Who does not run does not change its core, and
 *   a wait is counted when it ends, in running.
 * - Resident memory: of a process that used CPU in the last second; of the others with the whole stat.
 * - The whole stat (start time, parent, threads): once a second each, in turns, of who has not run meanwhile once in
 *   five seconds; when the parent is gone; and whenever the pid could have gone
 *   to another process: something was forked, the clock moved, and it went back or shows no more than what a process
 *   born since could have used; and, for the time of children that were waited for, when the process has run and
 *   something was forked, or when a child is gone.
 * - Children: when something was forked and this process ran since they were last looked for (who does not run does
 *   not fork), but three times a second at most after many searches in vain; and with the whole stat if anything was
 *   forked, for what was adopted. Without clocks: whenever something
 *   was forked.
 */
export function createProcessRounds(options: ProcessRoundsOptions): ProcessRounds {
  const { table, search, clock, counters, nowMs } = options;
  let lastSeeds: readonly number[] = [];
  let last: MachineReading = { forks: Number.NaN, coreCount: 0, readAtMs: Number.NEGATIVE_INFINITY };
  let list: readonly ProcessRecord[] = [];
  let clockNs = new Float64Array(0);
  let hasChanged = false;
  const starts: ProcessRecord[] = [];
  const removedPids = new Set<number>();

  function begin(): void {
    hasChanged = false;
    starts.length = 0;
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
      if (removedPids.has(record.parentPid)) record.fullDueAtMs = Math.min(record.fullDueAtMs, atMs);
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
    const { parentPid } = record;
    const finding = table.readFull(record, atMs);
    if (finding === 'none' && clock !== null && clock.readNs(record.pid) >= 0) {
      // Its clock still runs, so it is there: only its files cannot be read.
      record.rssBytes = Number.NaN;
      record.fullDueAtMs = atMs + fullEveryMs;
      return;
    }
    if (finding === 'same') {
      hasChanged ||= record.parentPid !== parentPid;
      return;
    }
    remove(record);
    if (finding === 'other') add(record.pid);
  }

  function updateList(): void {
    list = [...table.records.values()];
    if (clockNs.length < list.length) clockNs = new Float64Array(list.length * 2);
  }

  /** Nothing else is done between the readings, so that they stand for one instant. Answers that instant. */
  function readClocks(cpuClock: CpuClock): SessionMs {
    const startMs = nowMs();
    for (let index = 0; index < list.length; index += 1) {
      const record = list[index];
      if (record !== undefined) clockNs[index] = cpuClock.readNs(record.pid);
    }
    return startMs + (nowMs() - startMs) / 2;
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

  function takeClock(record: ProcessRecord, cpuNs: number, atMs: SessionMs, youngestNs: number): void {
    if (Number.isNaN(cpuNs)) {
      remove(record);
      return;
    }
    const hasMoved = cpuNs !== record.cpuNs;
    const couldBeOther = hasMoved && (cpuNs < record.cpuNs || cpuNs <= youngestNs);
    if (hasMoved) record.activeAtMs = atMs;
    record.cpuNs = cpuNs;
    const { details } = record;
    // Its turn may be far off because it had not run when it had the last one.
    const hasRunSince = details.countedAtNs !== cpuNs && atMs - details.readAtMs >= fullEveryMs;
    if (hasRunSince && record.fullDueAtMs > atMs) record.fullDueAtMs = atMs;
    const isDue = atMs >= record.fullDueAtMs;
    record.cpuMs = cpuNs / 1e6;
    record.readAtMs = atMs;
    if (couldBeOther || isDue || (hasMoved && record.threadCount === 1)) {
      readFull(record, atMs);
      if (table.records.get(record.pid) !== record) return;
    } else if (hasMoved || atMs - record.activeAtMs < hotForMs) {
      table.readRss(record);
    }
    if (hasMoved || isDue || record.waitReadAtMs >= 0) readWait(record, atMs);
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
    let hasGrown = false;
    for (const record of list) {
      if (record.hasLostChild && table.records.get(record.pid) === record) readFull(record, nowMs());
      hasGrown ||= record.hasWaited;
    }
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

  /** Who may have children that are not known yet. */
  function collectStarts({ forks, readAtMs }: MachineReading): void {
    for (const record of list) {
      if (forks === record.searchedAtForks || table.records.get(record.pid) !== record) continue;
      // A kernel that does not count forks (in some sandboxes) leaves only the turns.
      const hasRun = !Number.isNaN(forks) && (clock === null || record.cpuNs !== record.searchedAtNs);
      if (!hasRun && record.fullReadAtMs < readAtMs) continue;
      const isVain = record.emptySearches >= searchesInVain && clock !== null;
      if (isVain && readAtMs - record.searchedAtMs < vainSearchEveryMs) continue;
      // For the number of threads: a new one may have children too.
      if (record.fullReadAtMs < readAtMs) readFull(record, nowMs());
      if (table.records.get(record.pid) === record) starts.push(record);
    }
  }

  return {
    run(seeds, machine) {
      begin();
      const hasForked = machine.forks !== last.forks;
      const isNewQuestion = seeds !== lastSeeds;
      if (isNewQuestion) dropUnwanted(seeds);
      lastSeeds = seeds;
      if (hasChanged) updateList();
      if (clock === null) {
        for (const record of list) takeFiles(record);
      } else {
        const atMs = readClocks(clock);
        const bornSinceMs = atMs - last.readAtMs;
        const youngestNs = hasForked ? bornSinceMs * 1e6 * Math.max(1, machine.coreCount) : -1;
        for (let index = 0; index < list.length; index += 1) {
          const record = list[index];
          if (record !== undefined) takeClock(record, clockNs[index] ?? Number.NaN, atMs, youngestNs);
        }
      }
      if (hasForked || isNewQuestion) addMissingSeeds();
      collectStarts(machine);
      if (starts.length > 0 && search.search(starts, machine.forks, nowMs())) hasChanged = true;
      readWaitedFor();
      if (hasChanged) updateList();
      noteOrphans(machine.readAtMs);
      last = machine;
      return hasChanged;
    },
  };
}
