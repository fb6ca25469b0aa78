import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { ProcessList } from './process-list.ts';
import type { ProcessFacts, ProcessUse } from './system-reader.ts';

/** Processes where a reading starts a program: it goes on beside the ticks, which find what was last read. */
export interface PortableProcesses {
  readProcesses(seeds: readonly number[]): readonly ProcessFacts[];
  readUse(): ReadonlyMap<number, ProcessUse>;
}

export interface PortableProcessesOptions {
  readonly list: Pick<ProcessList, 'read'>;
  readonly readUse: (pids: readonly number[]) => Promise<ReadonlyMap<number, ProcessUse>>;
  /** The sampler's clock. */
  readonly nowMs: () => SessionMs;
  /** Least time from the beginning of one reading to that of the next. */
  readonly everyMs: Milliseconds;
}

/**
 * One reading at a time, and then rest for as long as it took, however slow the machine: a PowerShell that takes four
 * seconds runs half of the time and not always. The CPU of a process counts from one reading to the next, at the
 * instants at which the counters were read, so between them nothing falls to zero and nothing is counted twice.
 */
export function createPortableProcesses(options: PortableProcessesOptions): PortableProcesses {
  const { list, readUse, nowMs, everyMs } = options;
  let isReading = false;
  let dueAtMs = Number.NEGATIVE_INFINITY;
  let facts: readonly ProcessFacts[] = [];
  let uses: ReadonlyMap<number, ProcessUse> = new Map();

  async function read(seeds: readonly number[]): Promise<void> {
    const startMs = nowMs();
    try {
      const listed = await list.read();
      const askedAtMs = nowMs();
      const told = await readUse(withDescendants(seeds, listed));
      const readAtMs = askedAtMs + (nowMs() - askedAtMs) / 2;
      facts = listed;
      uses = new Map(Array.from(told, ([pid, use]) => [pid, { ...use, readAtMs }]));
    } finally {
      const endMs = nowMs();
      dueAtMs = Math.max(startMs + everyMs, endMs + (endMs - startMs));
      isReading = false;
    }
  }

  return {
    readProcesses(seeds) {
      if (!isReading && nowMs() >= dueAtMs) {
        isReading = true;
        // What was read before stands where this fails, and the next one tries again.
        read(seeds).catch(() => undefined);
      }
      return facts;
    },
    readUse: () => uses,
  };
}

/** In the order of the list. */
function withDescendants(seeds: readonly number[], facts: readonly ProcessFacts[]): readonly number[] {
  const wanted = new Set(seeds);
  // A parent may stand behind its child: until nothing is added any more.
  for (let size = -1; size !== wanted.size;) {
    size = wanted.size;
    for (const { pid, parentPid } of facts) if (wanted.has(parentPid)) wanted.add(pid);
  }
  return facts.map(({ pid }) => pid).filter((pid) => wanted.has(pid));
}
