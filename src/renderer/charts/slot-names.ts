import type { PlacedProcess } from '../drawing/process-slots.ts';
import type { SessionMs } from '../../shared/units.ts';

/** More processes than the hour can have in which it is kept who was where, unless they are very short. */
const mostNames = 5_000;

/** Whom a slot stood for at a time, in words. */
export type NameOfSlot = (slot: number, atMs: SessionMs) => string;

/**
 * The same slot is worker 1 of a comparison, then the first process of a tree that is watched: what it stood for
 * depends on when.
 */
export class SlotNames {
  /** In order of time; `process` null: from here on slots are workers. */
  private entries: readonly { readonly sinceMs: SessionMs; readonly process: PlacedProcess | null }[] = [];

  beginWorkers(sinceMs: SessionMs): void {
    if (this.entries.at(-1)?.process !== null) this.add([{ sinceMs, process: null }]);
  }

  place(sinceMs: SessionMs, processes: readonly PlacedProcess[]): void {
    this.add(processes.map((process) => ({ sinceMs, process })));
  }

  nameOf(slot: number, atMs: SessionMs): string {
    const entry = this.entries.findLast(
      ({ sinceMs, process }) => sinceMs <= atMs && (process === null || process.slot === slot),
    );
    return entry === undefined || entry.process === null ? workerName(slot) : processName(entry.process);
  }

  private add(entries: SlotNames['entries']): void {
    this.entries = [...this.entries, ...entries].slice(-mostNames);
  }
}

export function workerName(slot: number): string {
  return `worker ${slot}`;
}

export function processName({ name, pid }: Pick<PlacedProcess, 'name' | 'pid'>): string {
  return `${name} ${pid}`;
}
