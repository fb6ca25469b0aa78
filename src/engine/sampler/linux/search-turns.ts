import type { Milliseconds } from '../../../shared/units.ts';
import type { MachineReading } from './machine-stat.ts';
import type { ProcessRecord, ProcessTable } from './process-table.ts';

/**
 * On a busy machine something is forked between any two ticks, mostly by others. A process in which so many searches
 * found nothing is searched this often from then on, until there is a sign of a child: of one with eleven threads a
 * search takes as long as all else that is read of it.
 */
const vainSearches: readonly { readonly searches: number; readonly everyMs: Milliseconds }[] = [
  { searches: 40, everyMs: 1000 },
  { searches: 20, everyMs: 300 },
];

/** Whose children are to be looked for at a tick. */
export interface SearchTurns {
  /** Who has run, or was read whole, and may have children that are not known yet. */
  await(record: ProcessRecord): void;
  forgetRemoved(): void;
  /**
   * Adds to `starts` whose turn it is. `readFull` is called before, where that was not done at this tick: for the number
   * of threads, as a new one may have children too.
   */
  collect(
    list: readonly ProcessRecord[],
    machine: MachineReading,
    starts: ProcessRecord[],
    readFull: (record: ProcessRecord) => void,
  ): void;
  readonly keptCount: number;
}

export function searchesInVain({ emptySearches }: ProcessRecord): boolean {
  return vainSearches.some(({ searches }) => emptySearches >= searches);
}

/**
 * Children are looked for when something was forked and a process ran since they were last looked for (who does not run
 * does not fork), but seldom after many searches in vain; and with the whole stat if anything was forked, for what was
 * adopted. Without clocks: whenever something was forked.
 */
export function createSearchTurns(table: ProcessTable, hasClocks: boolean): SearchTurns {
  let awaiting: ProcessRecord[] = [];

  function judge(record: ProcessRecord, { forks, readAtMs }: MachineReading): 'now' | 'later' | 'no' {
    if (forks === record.searchedAtForks || table.records.get(record.pid) !== record) return 'no';
    // A kernel that does not count forks (in some sandboxes) leaves only the turns.
    const hasRun = !Number.isNaN(forks) && (!hasClocks || record.cpuNs !== record.searchedAtNs);
    if (!hasRun && record.fullReadAtMs < readAtMs) return 'no';
    const vain = hasClocks ? vainSearches.find((each) => record.emptySearches >= each.searches) : undefined;
    return vain !== undefined && readAtMs - record.searchedAtMs < vain.everyMs ? 'later' : 'now';
  }

  return {
    await(record) {
      if (record.awaitsSearch) return;
      record.awaitsSearch = true;
      awaiting.push(record);
    },
    forgetRemoved() {
      awaiting = awaiting.filter((record) => table.records.get(record.pid) === record);
    },
    collect(list, machine, starts, readFull) {
      let laterCount = 0;
      for (const record of hasClocks ? awaiting : list) {
        const judgement = judge(record, machine);
        if (judgement === 'later') {
          awaiting[laterCount++] = record;
          continue;
        }
        if (judgement === 'now' && record.fullReadAtMs < machine.readAtMs) readFull(record);
        record.awaitsSearch = false;
        if (judgement === 'now' && table.records.get(record.pid) === record) starts.push(record);
      }
      awaiting.length = laterCount;
    },
    get keptCount() {
      return awaiting.length;
    },
  };
}
