import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';
import { encodeShare, missingCode } from './cell-summary.ts';
import type { DrawnWorker } from './protocol.ts';
import type { SampleTimes, Stretch } from './sample-times.ts';

/** Who was seen on a core, and how long they waited for it. */
export interface PlacedCell {
  /** The worker that was seen there in most samples; 0 where none was. */
  slot: number;
  /** Highest code of the waiting; `missingCode` where no worker was. */
  waitCode: number;
}

/**
 * Which worker was last on which core at every sample, and the share of the time that the workers there were ready
 * and waited: a byte each, for as long as samples are kept one by one. Approximate: the system tells only where a
 * thread was last, so the whole interval is put down to the core at its end.
 *
 * Where no worker was, nothing is written: the system hands out zeroed pages when they are first written, so without a
 * run all this takes no memory.
 */
export class PlacementStore {
  private readonly times: SampleTimes;
  private readonly cores: number;
  private readonly slots: Uint8Array;
  /** The code of the waiting plus one; 0 where no worker was. */
  private readonly waits: Uint8Array;
  /** 1 for a sample with a worker in it. */
  private readonly isUsed: Uint8Array;
  private readonly busiest: Float64Array;
  private readonly waiting: Float64Array;
  /** How often a slot was seen; all 0 between two readings. */
  private readonly seen = new Uint32Array(256);

  constructor(times: SampleTimes, cores: number) {
    this.times = times;
    this.cores = cores;
    this.slots = new Uint8Array(times.size.samples * cores);
    this.waits = new Uint8Array(times.size.samples * cores);
    this.isUsed = new Uint8Array(times.size.samples);
    this.busiest = new Float64Array(cores);
    this.waiting = new Float64Array(cores);
  }

  get byteLength(): number {
    return this.slots.byteLength + this.waits.byteLength + this.isUsed.byteLength;
  }

  append(
    index: number,
    frame: SampleFrame,
    entities: ReadonlyMap<number, EntityInfo>,
    slotOf: (entity: EntityInfo) => number,
  ): void {
    const sample = index % this.times.size.samples;
    const base = sample * this.cores;
    if (this.isUsed[sample] === 1) {
      this.slots.fill(0, base, base + this.cores);
      this.waits.fill(0, base, base + this.cores);
      this.isUsed[sample] = 0;
    }
    this.busiest.fill(0);
    this.waiting.fill(Number.NaN);
    for (let row = 0; row < frame.keys.length; row += 1) {
      const core = frame.lastCore[row] ?? Number.NaN;
      if (!(core >= 0 && core < this.cores)) continue;
      const entity = entities.get(frame.keys[row] ?? Number.NaN);
      const slot = entity?.owner === 'run' ? slotOf(entity) : 0;
      if (slot === 0) continue;
      this.isUsed[sample] = 1;
      const wait = frame.waitShare[row] ?? Number.NaN;
      const waited = this.waiting[core] ?? Number.NaN;
      if (!Number.isNaN(wait)) this.waiting[core] = Number.isNaN(waited) ? wait : waited + wait;
      const share = frame.cpuShare[row] ?? 0;
      if (!(share > (this.busiest[core] ?? 0))) continue;
      this.busiest[core] = share;
      this.slots[base + core] = slot;
    }
    if (this.isUsed[sample] === 0) return;
    for (let core = 0; core < this.cores; core += 1) {
      const code = encodeShare(this.waiting[core] ?? Number.NaN);
      this.waits[base + core] = code === missingCode ? 0 : code + 1;
    }
  }

  /** Old blocks have nothing to tell. */
  read({ from, to }: Stretch, core: number): PlacedCell {
    let slot = 0;
    let waitCode = missingCode;
    for (let index = from; index < to; index += 1) {
      const sample = index % this.times.size.samples;
      if (this.isUsed[sample] === 0) continue;
      const at = sample * this.cores + core;
      const wait = (this.waits[at] ?? 0) - 1;
      if (wait >= 0 && (waitCode === missingCode || wait > waitCode)) waitCode = wait;
      const here = this.slots[at] ?? 0;
      if (here === 0) continue;
      this.seen[here] = (this.seen[here] ?? 0) + 1;
      if (slot === 0 || (this.seen[here] ?? 0) > (this.seen[slot] ?? 0)) slot = here;
    }
    if (slot !== 0) this.seen.fill(0);
    return { slot, waitCode };
  }
}

/** The worker's slot by process, and by thread where the worker is one; 0 for everything else. */
export function slotFinder(workers: readonly DrawnWorker[]): (entity: EntityInfo) => number {
  const slots = new Map<string, number>();
  for (const { pid, tid, slot } of workers) {
    const place = tid === null || tid === pid ? `${pid}` : `${pid}/${tid}`;
    if (!slots.has(place)) slots.set(place, slot);
  }
  return ({ kind, pid, tid }) => {
    if (kind === 'process') return slots.get(`${pid}`) ?? 0;
    return kind === 'thread' ? (slots.get(`${pid}/${tid}`) ?? 0) : 0;
  };
}
