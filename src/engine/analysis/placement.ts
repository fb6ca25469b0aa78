import type { CpuShare, SessionMs } from '../../shared/units.ts';

/** What a sample says of one worker (a thread, or a process with one thread). NaN is unknown. */
export interface PlacedWorker {
  readonly worker: string;
  /** Over the time since the sample before. */
  readonly cpuShare: CpuShare;
  /** The core that it was last on. */
  readonly lastCore: number;
}

export interface PlacementSample {
  readonly atMs: SessionMs;
  readonly workers: readonly PlacedWorker[];
}

/** Time in which a worker was seen on one core. */
export interface Stay {
  readonly worker: string;
  readonly core: number;
  readonly startMs: SessionMs;
  readonly endMs: SessionMs;
  /** Mean over the stay. */
  readonly cpuShare: CpuShare;
}

export interface Placement {
  /**
   * An unprivileged user is told only where a thread was last. Between two samples it may have been on any core, and
   * often was: the whole interval is put down to the core at its end.
   */
  readonly isApproximate: true;
  /** In the order in which they began. Where a worker did not run, or its core is not known, it has none. */
  readonly stays: readonly Stay[];
}

interface OpenStay {
  readonly core: number;
  readonly startMs: SessionMs;
  endMs: SessionMs;
  cpuMs: number;
}

/**
 * Which worker ran on which core, from samples in order of time. Intervals that follow one another on the same core
 * make one stay. The first sample only says where the first interval begins.
 */
export function placeWorkers(samples: readonly PlacementSample[]): Placement {
  const stays: Stay[] = [];
  const open = new Map<string, OpenStay>();

  function close(worker: string, { core, startMs, endMs, cpuMs }: OpenStay): void {
    stays.push({ worker, core, startMs, endMs, cpuShare: cpuMs / (endMs - startMs) });
    open.delete(worker);
  }

  let lastMs: SessionMs | null = null;
  for (const { atMs, workers } of samples) {
    const startMs = lastMs;
    lastMs = atMs;
    if (startMs === null) continue;
    const ran = new Map(workers.filter((seen) => seen.cpuShare > 0).map((seen) => [seen.worker, seen]));
    for (const [worker, stay] of open) {
      if (ran.get(worker)?.lastCore !== stay.core) close(worker, stay);
    }
    for (const [worker, { cpuShare, lastCore }] of ran) {
      if (Number.isNaN(lastCore)) continue;
      const stay = open.get(worker) ?? { core: lastCore, startMs, endMs: atMs, cpuMs: 0 };
      stay.endMs = atMs;
      stay.cpuMs += cpuShare * (atMs - startMs);
      open.set(worker, stay);
    }
  }
  for (const [worker, stay] of open) close(worker, stay);
  stays.sort((left, right) => left.startMs - right.startMs || left.worker.localeCompare(right.worker));
  return { isApproximate: true, stays };
}
