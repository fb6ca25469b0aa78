import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';
import { blockSize, type SampleTimes, type Stretch } from './sample-times.ts';

/** What is drawn under the heatmap, a number per sample. Of the run: unknown while none is on. */
export const trackIds = ['pssBytes', 'rssBytes', 'runCores', 'busyCores', 'waitCores'] as const;
export type TrackId = (typeof trackIds)[number];

export function tracksBy(valueOf: (id: TrackId) => number): Record<TrackId, number> {
  return {
    pssBytes: valueOf('pssBytes'),
    rssBytes: valueOf('rssBytes'),
    runCores: valueOf('runCores'),
    busyCores: valueOf('busyCores'),
    waitCores: valueOf('waitCores'),
  };
}

/** NaN where nothing is known. */
export interface TrackValue {
  min: number;
  mean: number;
  max: number;
  samples: number;
}

/** Blocks per summary, level by level, as for the cores. */
const levelBlocks: readonly number[] = [1, 4, 16];

/** Min, max, sum and count of stretches of equal length, in a ring; one cell per track. */
class TrackRing {
  readonly min: Float32Array;
  readonly max: Float32Array;
  readonly sum: Float64Array;
  readonly count: Uint8Array;
  private readonly slots: number;

  constructor(slots: number) {
    this.slots = slots;
    const cells = slots * trackIds.length;
    this.min = new Float32Array(cells);
    this.max = new Float32Array(cells);
    this.sum = new Float64Array(cells);
    this.count = new Uint8Array(cells);
  }

  get byteLength(): number {
    return this.min.length * 17;
  }

  at(number: number): number {
    return (number % this.slots) * trackIds.length;
  }

  begin(number: number): void {
    const at = this.at(number);
    this.min.fill(Number.POSITIVE_INFINITY, at, at + trackIds.length);
    this.max.fill(Number.NEGATIVE_INFINITY, at, at + trackIds.length);
    this.sum.fill(0, at, at + trackIds.length);
    this.count.fill(0, at, at + trackIds.length);
  }

  take(cell: number, value: number): void {
    this.min[cell] = Math.min(this.min[cell] ?? value, value);
    this.max[cell] = Math.max(this.max[cell] ?? value, value);
    this.sum[cell] = (this.sum[cell] ?? 0) + value;
    this.count[cell] = (this.count[cell] ?? 0) + 1;
  }
}

/**
 * Some numbers of every sample, under the indices of the sampler's times: each by itself for as long as the times
 * keep them, then the min, max and mean of blocks of 8.
 */
export class TrackStore {
  private readonly times: SampleTimes;
  private readonly values: Float32Array;
  /** One per `levelBlocks`. */
  private readonly levels: readonly TrackRing[];
  /** What `read` adds up. */
  private readonly reading = { min: 0, sum: 0, max: 0, samples: 0 };

  constructor(times: SampleTimes) {
    this.times = times;
    this.values = new Float32Array(times.size.samples * trackIds.length);
    this.levels = levelBlocks.map(
      // One more than the blocks fill, as for the cores.
      (blocks) => new TrackRing(Math.ceil(times.size.blocks / blocks) + (blocks === 1 ? 0 : 1)),
    );
  }

  get byteLength(): number {
    return this.levels.reduce((sum, ring) => sum + ring.byteLength, this.values.byteLength);
  }

  /** `index` is that of the sample that the times took last. */
  append(index: number, values: Readonly<Record<TrackId, number>>): void {
    const at = (index % this.times.size.samples) * trackIds.length;
    for (const [track, id] of trackIds.entries()) this.values[at + track] = values[id];
    for (const [level, ring] of this.levels.entries()) {
      const samples = blockSize * (levelBlocks[level] ?? 1);
      const number = Math.floor(index / samples);
      if (index % samples === 0) ring.begin(number);
      for (const [track, id] of trackIds.entries()) {
        if (!Number.isNaN(values[id])) ring.take(ring.at(number) + track, values[id]);
      }
    }
  }

  value(index: number, id: TrackId): number {
    const at = (index % this.times.size.samples) * trackIds.length + trackIds.indexOf(id);
    return this.values[at] ?? Number.NaN;
  }

  /** Reduces a stretch in the largest steps that there are summaries for. */
  read({ fromBlock, toBlock, from, to }: Stretch, id: TrackId): TrackValue {
    const track = trackIds.indexOf(id);
    const { reading } = this;
    reading.min = Number.POSITIVE_INFINITY;
    reading.max = Number.NEGATIVE_INFINITY;
    reading.sum = 0;
    reading.samples = 0;
    this.addBlocks(fromBlock, toBlock, track);
    const firstWhole = Math.min(to, Math.ceil(from / blockSize) * blockSize);
    const endWhole = Math.max(firstWhole, Math.floor(to / blockSize) * blockSize);
    this.addSamples(from, firstWhole, track);
    this.addBlocks(firstWhole / blockSize, endWhole / blockSize, track);
    this.addSamples(endWhole, to, track);
    const { min, max, sum, samples } = reading;
    if (samples === 0) return { min: Number.NaN, mean: Number.NaN, max: Number.NaN, samples };
    return { min, mean: sum / samples, max, samples };
  }

  private addBlocks(first: number, end: number, track: number): void {
    const { reading } = this;
    let block = first;
    while (block < end) {
      let level = 0;
      let blocks = 1;
      for (let next = levelBlocks[1]; next !== undefined; next = levelBlocks[level + 1]) {
        if (block % next !== 0 || block + next > end) break;
        level += 1;
        blocks = next;
      }
      const ring = this.levels[level];
      if (ring !== undefined) {
        const cell = ring.at(block / blocks) + track;
        reading.min = Math.min(reading.min, ring.min[cell] ?? reading.min);
        reading.max = Math.max(reading.max, ring.max[cell] ?? reading.max);
        reading.sum += ring.sum[cell] ?? 0;
        reading.samples += ring.count[cell] ?? 0;
      }
      block += blocks;
    }
  }

  private addSamples(first: number, end: number, track: number): void {
    const { reading, values } = this;
    for (let index = first; index < end; index += 1) {
      const value = values[(index % this.times.size.samples) * trackIds.length + track] ?? Number.NaN;
      if (Number.isNaN(value)) continue;
      reading.min = Math.min(reading.min, value);
      reading.max = Math.max(reading.max, value);
      reading.sum += value;
      reading.samples += 1;
    }
  }
}

/** The tracks of one frame. A sum with an unknown part is unknown; without a run, so is everything of it. */
export function tracksOf(
  frame: SampleFrame,
  entities: ReadonlyMap<number, EntityInfo>,
): Record<TrackId, number> {
  const sums = { pssBytes: 0, rssBytes: 0, runCores: 0, waitCores: 0 };
  let processes = 0;
  for (let row = 0; row < frame.keys.length; row += 1) {
    const entity = entities.get(frame.keys[row] ?? Number.NaN);
    if (entity?.owner !== 'run' || entity.kind === 'thread') continue;
    sums.runCores += frame.cpuShare[row] ?? Number.NaN;
    if (entity.kind !== 'process') continue;
    processes += 1;
    sums.pssBytes += frame.pssBytes[row] ?? Number.NaN;
    sums.rssBytes += frame.rssBytes[row] ?? Number.NaN;
    sums.waitCores += frame.waitShare[row] ?? Number.NaN;
  }
  let busyCores = 0;
  for (const share of frame.coreBusy) busyCores += share;
  if (processes > 0) return { ...sums, busyCores };
  const none = Number.NaN;
  return { pssBytes: none, rssBytes: none, runCores: none, waitCores: none, busyCores };
}
