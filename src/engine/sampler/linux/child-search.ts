import { existsSync } from 'node:fs';
import type { SessionMs } from '../../../shared/units.ts';
import type { HeldFiles } from './held-files.ts';
import { createStatFields, forEachPid } from './proc-bytes.ts';
import type { StatReader } from './process-stat.ts';
import type { ProcessRecord, ProcessTable } from './process-table.ts';

/** Finds the children of processes and puts them into the table. */
export interface ChildSearch {
  /** Looks for children of `starts`, and of the children found. True where there was one. */
  search(starts: readonly ProcessRecord[], forks: number, nowMs: SessionMs): boolean;
  /** Processes of the machine whose parent is remembered. */
  readonly keptCount: number;
}

export interface ChildSearchOptions {
  readonly files: HeldFiles;
  readonly stats: StatReader;
  readonly table: ProcessTable;
  /** Whether the kernel lists children (CONFIG_PROC_CHILDREN); found out by default. */
  readonly hasChildrenFiles?: boolean;
}

function markSearched(record: ProcessRecord, forks: number, nowMs: SessionMs): void {
  record.searchedAtForks = forks;
  record.searchedAtMs = nowMs;
  record.searchedAtNs = record.cpuNs;
}

export function createChildSearch(options: ChildSearchOptions): ChildSearch {
  const { files, stats, table } = options;
  const hasChildrenFiles = options.hasChildrenFiles ?? existsSync('/proc/thread-self/children');
  return hasChildrenFiles ? createFileSearch(files, table) : createListSearch(files, stats, table);
}

/** `children` is per thread: what another thread than the main one forked is in that thread's file only. */
function createFileSearch(files: HeldFiles, table: ProcessTable): ChildSearch {
  let isStale = false;
  const found: number[] = [];
  const onPid = (pid: number): void => {
    if (!table.records.has(pid)) found.push(pid);
  };

  function readChildren(record: ProcessRecord): void {
    isStale = false;
    for (const thread of record.threads) {
      const length = files.read(thread.children);
      // The thread has ended; another may have come for it.
      if (length < 0) isStale = true;
      else forEachPid(files.bytes, length, onPid);
    }
  }

  return {
    keptCount: 0,
    search(starts, forks, nowMs) {
      let hasFound = false;
      const queue = [...starts];
      for (const record of queue) {
        markSearched(record, forks, nowMs);
        found.length = 0;
        table.updateThreads(record, false);
        readChildren(record);
        if (isStale) {
          table.updateThreads(record, true);
          readChildren(record);
        }
        record.emptySearches = found.length === 0 ? record.emptySearches + 1 : 0;
        for (const pid of found) {
          if (table.records.has(pid)) continue;
          const child = table.add(pid, nowMs);
          if (child === null) continue;
          hasFound = true;
          queue.push(child);
        }
      }
      return hasFound;
    },
  };
}

/**
 * Parents are read anew of every process of the machine this often, in case a pid that was not watched has gone to
 * another process between two listings. Costs about 10 µs per process.
 */
const rereadEveryMs = 30_000;

/** For kernels without `children` files: every process of the machine is asked for its parent, once. */
function createListSearch(files: HeldFiles, stats: StatReader, table: ProcessTable): ChildSearch {
  const fields = createStatFields();
  let parents = new Map<number, number>();
  let rereadAtMs = Number.NEGATIVE_INFINITY;

  function readParent(pid: number): number | null {
    const file = files.create(`/proc/${pid}/stat`);
    const isRead = stats.read(file, fields);
    files.close(file);
    return isRead ? fields.parentPid : null;
  }

  function listParents(nowMs: SessionMs): void {
    const isReread = nowMs >= rereadAtMs;
    if (isReread) rereadAtMs = nowMs + rereadEveryMs;
    const next = new Map<number, number>();
    for (const pid of files.listNumbers('/proc')) {
      const parentPid = (isReread ? undefined : parents.get(pid)) ?? readParent(pid);
      if (parentPid !== null) next.set(pid, parentPid);
    }
    parents = next;
  }

  return {
    get keptCount() {
      return parents.size;
    },
    search(starts, forks, nowMs) {
      if (starts.length === 0) return false;
      listParents(nowMs);
      for (const record of table.records.values()) markSearched(record, forks, nowMs);
      let hasFound = false;
      for (let isGrowing = true; isGrowing;) {
        isGrowing = false;
        for (const [pid, parentPid] of parents) {
          if (!table.records.has(parentPid) || table.records.has(pid)) continue;
          const child = table.add(pid, nowMs);
          if (child === null) continue;
          markSearched(child, forks, nowMs);
          isGrowing = true;
          hasFound = true;
        }
      }
      return hasFound;
    },
  };
}
