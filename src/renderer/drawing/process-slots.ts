import type { EntityInfo } from '../../shared/sample.ts';
import type { UnixMs } from '../../shared/units.ts';

/** A process of what is watched, and the slot that stands for its colour from now on. */
export interface PlacedProcess {
  readonly slot: number;
  readonly pid: number;
  readonly name: string;
}

/** As many as a byte tells apart beside "nobody"; with more processes than that they begin anew. */
const slotCount = 255;

/** Workers are counted from 0. Those beyond what a byte tells apart share the last slot. */
export function slotOfWorker(index: number): number {
  return Math.min(slotCount, index + 1);
}

/**
 * Slots for what is watched and has no workers: one for each process, in the order in which they are first seen, and
 * the same one for its threads. Where those have rows only they are placed: the row of the process would put all
 * their time down to the core of the first one.
 */
export class ProcessSlots {
  /** Pids of trees that are to have none: they were measured as runs. */
  private readonly leftOut: ReadonlySet<number>;
  private readonly byPid = new Map<number, { slot: number; key: number; startedUnixMs: UnixMs | null }>();
  /** What can go: the pid by the key of each process and thread. */
  private readonly processes = new Map<number, number>();
  private readonly threads = new Map<number, number>();
  private readonly threadCounts = new Map<number, number>();
  private given = 0;

  constructor(leftOut: ReadonlySet<number> = new Set()) {
    this.leftOut = leftOut;
  }

  /** Returns the processes that have got a slot, or another name. */
  receive(appeared: readonly EntityInfo[], goneKeys: readonly number[]): readonly PlacedProcess[] {
    const placed = appeared.flatMap((entity) => this.place(entity));
    for (const key of goneKeys) this.forget(key);
    return placed;
  }

  /** 0 for what has none. */
  slotOf({ key, kind, pid }: EntityInfo): number {
    const place = this.byPid.get(pid);
    if (place === undefined) return 0;
    if (kind === 'thread') return place.slot;
    return kind === 'process' && place.key === key && !this.threadCounts.has(pid) ? place.slot : 0;
  }

  private place({ key, kind, pid, owner, rootPid, name, startedUnixMs }: EntityInfo): PlacedProcess[] {
    if (owner !== 'run' || this.leftOut.has(rootPid)) return [];
    if (kind === 'thread') {
      this.threads.set(key, pid);
      this.threadCounts.set(pid, (this.threadCounts.get(pid) ?? 0) + 1);
    }
    if (kind !== 'process') return [];
    const before = this.byPid.get(pid);
    // One that replaces its program appears anew, and is the same one.
    const isSame = before !== undefined && startedUnixMs !== null && before.startedUnixMs === startedUnixMs;
    const slot = isSame ? before.slot : (this.given % slotCount) + 1;
    if (!isSame) this.given += 1;
    this.byPid.set(pid, { slot, key, startedUnixMs });
    this.processes.set(key, pid);
    return [{ slot, pid, name }];
  }

  private forget(key: number): void {
    const threadOf = this.threads.get(key);
    if (threadOf !== undefined) {
      const left = (this.threadCounts.get(threadOf) ?? 0) - 1;
      this.threads.delete(key);
      if (left > 0) this.threadCounts.set(threadOf, left);
      else this.threadCounts.delete(threadOf);
    }
    const pid = this.processes.get(key);
    if (pid === undefined) return;
    this.processes.delete(key);
    if (this.byPid.get(pid)?.key === key) this.byPid.delete(pid);
  }
}
