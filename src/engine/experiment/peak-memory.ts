import type { Bytes, SessionMs } from '../../shared/units.ts';

/** What one process of a run had when a sample was taken. NaN is unknown. */
export interface ProcessMemory {
  readonly key: number;
  readonly rssBytes: Bytes;
  /** As it was read last, which may be some samples ago. */
  readonly pssBytes: Bytes;
}

export interface MemoryPeaks {
  readonly rssBytes: Bytes | null;
  readonly pssBytes: Bytes | null;
}

/**
 * The most memory that a run had, as far as its samples tell. A peak is unknown
 *
 * - where no sample fell between the last worker's readiness and the last task's end: what was seen is the memory of a
 *   run that had not begun, and a strategy whose runs are over too soon would look lean;
 * - of PSS, where the samples that have it of every process saw less than nine tenths of the most resident memory: it
 *   is read more seldom than RSS, and the workers may have come, or grown, after the last reading.
 */
export interface PeakMemory {
  add(atMs: SessionMs, processes: readonly ProcessMemory[]): void;
  /** `work`: null where the run did not tell when its workers were at work. */
  result(work: { readonly fromMs: SessionMs; readonly toMs: SessionMs } | null): MemoryPeaks;
}

/** Lower takes half-grown workers for grown ones, higher makes every run unknown that allocates until its end. */
const coveredShare = 0.9;
/** By how much the resident size may have grown since a reading of PSS for that to stand: the larger of the two. */
const grownShare = 0.1;
const grownBytes: Bytes = 1e6;

interface Total {
  readonly atMs: SessionMs;
  readonly rssBytes: Bytes;
  readonly pssBytes: Bytes;
}

export function createPeakMemory(): PeakMemory {
  const totals: Total[] = [];
  /** By process: the PSS that was read last, and what was resident when it was seen first. */
  const readings = new Map<number, { readonly pssBytes: Bytes; readonly rssBytes: Bytes }>();

  /** NaN where it grew since it was read. */
  function currentPss({ key, rssBytes, pssBytes }: ProcessMemory): Bytes {
    // It has ended and waits to be collected.
    if (rssBytes === 0) return 0;
    const last = readings.get(key);
    if (last?.pssBytes !== pssBytes) {
      readings.set(key, { pssBytes, rssBytes });
      return pssBytes;
    }
    const grown = rssBytes - last.rssBytes;
    return grown > Math.max(grownBytes, grownShare * last.rssBytes) ? Number.NaN : pssBytes;
  }

  return {
    add(atMs, processes) {
      if (processes.length === 0) return;
      let [rssBytes, pssBytes] = [0, 0];
      for (const one of processes) {
        rssBytes += one.rssBytes;
        pssBytes += currentPss(one);
      }
      totals.push({ atMs, rssBytes, pssBytes });
    },
    result(work) {
      const isAtWork = ({ atMs }: Total): boolean =>
        work !== null && atMs >= work.fromMs && atMs <= work.toMs;
      const sized = totals.filter(({ rssBytes }) => !Number.isNaN(rssBytes));
      if (!sized.some(isAtWork)) return { rssBytes: null, pssBytes: null };
      const rssBytes = Math.max(...sized.map((total) => total.rssBytes));
      const weighed = sized.filter(({ pssBytes }) => !Number.isNaN(pssBytes));
      const coveredBytes = Math.max(...weighed.filter(isAtWork).map((total) => total.rssBytes));
      return {
        rssBytes,
        pssBytes:
          coveredBytes >= coveredShare * rssBytes
            ? Math.max(...weighed.map((total) => total.pssBytes))
            : null,
      };
    },
  };
}
