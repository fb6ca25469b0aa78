import type { WorkerInfo } from '../../shared/experiment-event.ts';
import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';
import type { Milliseconds } from '../../shared/units.ts';
import { breakDownWait, type WaitBreakdown } from '../../shared/wait-breakdown.ts';
import { workerFinder } from './process-tree.ts';
import { membersOf } from './tree-members.ts';

/** Where a worker's time went, from its first sample to its newest: parts of 1. NaN is unknown. */
export interface WorkerWait {
  readonly key: number;
  readonly name: string;
  readonly breakdown: WaitBreakdown;
}

/** A mean over time of a share that is not known at every sample; NaN where it never was. */
class MeanShare {
  #sumMs: Milliseconds = 0;
  #overMs: Milliseconds = 0;

  add(share: number, forMs: Milliseconds): void {
    if (Number.isNaN(share)) return;
    this.#sumMs += share * forMs;
    this.#overMs += forMs;
  }

  get value(): number {
    return this.#overMs === 0 ? Number.NaN : this.#sumMs / this.#overMs;
  }
}

interface WorkerMeans {
  readonly name: string;
  readonly cpu: MeanShare;
  readonly wait: MeanShare;
  readonly throttled: MeanShare;
}

/** Adds up where the time of a run's workers goes, over all frames; begins anew with the next run. */
export class WorkerWaits {
  #rootKey: number | null = null;
  readonly #means = new Map<number, WorkerMeans>();

  /** `rootKey` stands for the run that the frame shows; null while none is on, which changes nothing. */
  receive(
    frame: SampleFrame,
    rootKey: number | null,
    entities: ReadonlyMap<number, EntityInfo>,
    workers: readonly WorkerInfo[],
  ): void {
    if (rootKey === null) return;
    if (rootKey !== this.#rootKey) {
      this.#rootKey = rootKey;
      this.#means.clear();
    }
    if (workers.length === 0) return;
    const pids = new Set(workers.map(({ pid }) => pid));
    const nameOf = workerFinder(workers);
    for (const { entity, row } of membersOf(entities, frame, 'run').members) {
      const name = pids.has(entity.pid) ? nameOf(entity) : null;
      if (name === null) continue;
      const means = this.#means.get(entity.key) ?? {
        name,
        cpu: new MeanShare(),
        wait: new MeanShare(),
        throttled: new MeanShare(),
      };
      this.#means.set(entity.key, means);
      means.cpu.add(frame.cpuShare[row] ?? Number.NaN, frame.everyMs);
      means.wait.add(frame.waitShare[row] ?? Number.NaN, frame.everyMs);
      means.throttled.add(frame.throttledShare, frame.everyMs);
    }
  }

  /**
   * In the order in which the workers were seen. A worker is one line of work: helper threads of its process (the
   * garbage collector's, for instance) count towards its running and waiting, but not as more that sleep.
   */
  list(): readonly WorkerWait[] {
    return [...this.#means].map(([key, { name, cpu, wait, throttled }]) => ({
      key,
      name,
      breakdown: breakDownWait({
        cpuShare: cpu.value,
        waitShare: wait.value,
        throttledShare: throttled.value,
        threads: 1,
      }),
    }));
  }
}
