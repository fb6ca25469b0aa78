import { type EntityOwner } from '../../shared/sample.ts';
import { type Bytes, type Milliseconds, type SessionMs } from '../../shared/units.ts';
import { type ProcessNode } from './tree.ts';

/**
 * PSS on a budget. Reading it makes the kernel walk the target's page tables under its memory lock (about 11 µs
 * per MB; a process that maps memory ran at 92 % of its speed at 10 Hz), so it is not read at every tick:
 * a process is read when it is first seen, and then all are read in rounds. Between rounds the last value stands.
 */
export interface PssRounds {
  /** Reads what is due, then tells the latest value of each process: NaN where it cannot be read. */
  sample(processes: readonly ProcessNode[]): ReadonlyMap<ProcessNode, Bytes>;
}

/** A run's memory is a result, so it is followed closely; Corescope's own is for information. */
const leastPauseMs: Record<EntityOwner, Milliseconds> = { run: 200, corescope: 5000 };

/** Larger disturbs the target less and follows its memory more slowly: 100 is at most 1 % of the time. */
const pausePerCost = 100;

export function createPssRounds(readPssBytes: (pid: number) => Bytes, nowMs: () => SessionMs): PssRounds {
  let values: ReadonlyMap<ProcessNode, Bytes> = new Map();
  let lastProcesses: readonly ProcessNode[] | null = null;
  /** When the first of those whose processes there are is due. */
  let dueAtMs: SessionMs = Number.NEGATIVE_INFINITY;
  const nextRoundMs: Record<EntityOwner, SessionMs> = { run: 0, corescope: 0 };

  return {
    sample(processes) {
      if (processes === lastProcesses && nowMs() < dueAtMs) return values;
      lastProcesses = processes;
      dueAtMs = Number.POSITIVE_INFINITY;
      const latest = new Map<ProcessNode, Bytes>();
      for (const owner of ['run', 'corescope'] as const) {
        const own = processes.filter((process) => process.info.owner === owner);
        const startMs = nowMs();
        const isRound = startMs >= nextRoundMs[owner];
        for (const process of own) {
          const last = isRound ? undefined : values.get(process);
          latest.set(process, last ?? readPssBytes(process.pid));
        }
        const endMs = nowMs();
        if (isRound && own.length > 0) {
          const pauseMs = Math.max(leastPauseMs[owner], pausePerCost * (endMs - startMs));
          nextRoundMs[owner] = endMs + pauseMs;
        }
        if (own.length > 0) dueAtMs = Math.min(dueAtMs, nextRoundMs[owner]);
      }
      values = latest;
      return values;
    },
  };
}
