import type { CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';

export interface CpuMeter<Subject> {
  /**
   * CPU since the previous reading of `subject`, in cores. NaN at the first reading, after a counter that went
   * back, and where `cpuMs` is NaN (the next known reading then spans the gap). The same `atMs` again repeats.
   */
  read(subject: Subject, atMs: SessionMs, cpuMs: Milliseconds): CpuShare;
  forget(subject: Subject): void;
  /** Subjects that it remembers. */
  readonly keptCount: number;
}

/** Changed in place: an object for each process and tick would be most of the sampler's garbage. */
interface Reading {
  atMs: SessionMs;
  cpuMs: Milliseconds;
  share: CpuShare;
}

/** Turns cumulative CPU time into shares, over the time that really passed between two readings. */
export function createCpuMeter<Subject>(): CpuMeter<Subject> {
  const lastReadings = new Map<Subject, Reading>();
  return {
    read(subject, atMs, cpuMs) {
      if (Number.isNaN(cpuMs)) return Number.NaN;
      const last = lastReadings.get(subject);
      if (last === undefined) {
        lastReadings.set(subject, { atMs, cpuMs, share: Number.NaN });
        return Number.NaN;
      }
      if (last.atMs === atMs) return last.share;
      const spentMs = cpuMs - last.cpuMs;
      last.share = spentMs >= 0 ? spentMs / (atMs - last.atMs) : Number.NaN;
      last.atMs = atMs;
      last.cpuMs = cpuMs;
      return last.share;
    },
    forget(subject) {
      lastReadings.delete(subject);
    },
    get keptCount() {
      return lastReadings.size;
    },
  };
}
