import { type CpuShare, type Milliseconds, type SessionMs } from '../../shared/units.ts';

export interface CpuMeter<Subject> {
  /**
   * CPU since the previous reading of `subject`, in cores. NaN at the first reading, after a counter that went
   * back, and where `cpuMs` is NaN (the next known reading then spans the gap). The same `atMs` again repeats.
   */
  read(subject: Subject, atMs: SessionMs, cpuMs: Milliseconds): CpuShare;
  forget(subject: Subject): void;
}

interface Reading {
  readonly atMs: SessionMs;
  readonly cpuMs: Milliseconds;
  readonly share: CpuShare;
}

/** Turns cumulative CPU time into shares, over the time that really passed between two readings. */
export function createCpuMeter<Subject>(): CpuMeter<Subject> {
  const lastReadings = new Map<Subject, Reading>();
  return {
    read(subject, atMs, cpuMs) {
      if (Number.isNaN(cpuMs)) return Number.NaN;
      const last = lastReadings.get(subject);
      if (last?.atMs === atMs) return last.share;
      const spentMs = cpuMs - (last?.cpuMs ?? Number.NaN);
      const share = spentMs >= 0 ? spentMs / (atMs - (last?.atMs ?? Number.NaN)) : Number.NaN;
      lastReadings.set(subject, { atMs, cpuMs, share });
      return share;
    },
    forget(subject) {
      lastReadings.delete(subject);
    },
  };
}
