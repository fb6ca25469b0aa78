import type { SessionMs } from '../../../shared/units.ts';
import type { ClockReadings } from './clock-turns.ts';
import type { MachineReading } from './machine-stat.ts';
import type { ProcessRecord } from './process-table.ts';
import { searchesInVain } from './search-turns.ts';

/** A tick at which nothing was read but this, because the tree was quiet. */
export interface Glance extends MachineReading {
  readonly clocks: ClockReadings;
}

/** For `native/glances.c`, which judges in our stead: of each process, by its place in the list. */
export interface KnownProcesses {
  readonly pids: Int32Array;
  /** CPU time that was dealt with. */
  readonly toldNs: Float64Array;
  /** The fork counter when its children were looked for; infinite where that need not be done at once. */
  readonly searchedAtForks: Float64Array;
}

/**
 * A tree that uses less than this, in cores, is quiet: ticks may then be glances. Higher, and more is seen up to the
 * length of a hold later (memory, waits, children of who had none); lower, and a tree that only ticks along is read as
 * closely as one that works.
 */
export const quietShare = 0.25;

/** Whether a glance shows nothing that is to be looked at now. `lookedAtMs`: when all that was due was last read. */
export function isQuiet(glance: Glance, lookedAtMs: SessionMs): boolean {
  const { forks, readAtMs } = glance;
  const { count, places, cpuNs, records } = glance.clocks;
  let spentNs = 0;
  for (let index = 0; index < count; index += 1) {
    const record = records[places[index] ?? 0];
    if (record === undefined) continue;
    const grownNs = (cpuNs[index] ?? Number.NaN) - record.cpuNs;
    if (grownNs === 0) continue;
    // It has ended, or another has its pid.
    if (!(grownNs > 0)) return false;
    if (forks !== record.searchedAtForks && !searchesInVain(record)) return false;
    spentNs += grownNs;
  }
  return spentNs <= quietShare * (readAtMs - lookedAtMs) * 1e6;
}

export function fillKnown(list: readonly ProcessRecord[], into: KnownProcesses): void {
  const { pids, toldNs, searchedAtForks } = into;
  let place = 0;
  for (const record of list) {
    pids[place] = record.pid;
    toldNs[place] = record.cpuNs;
    searchedAtForks[place] = searchesInVain(record) ? Number.POSITIVE_INFINITY : record.searchedAtForks;
    place += 1;
  }
}
