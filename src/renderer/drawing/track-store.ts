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

/**
 * Some numbers of every sample, under the indices of the sampler's times: each by itself for as long as the times
 * keep them, then the min, max and mean of blocks of 8.
 */
export class TrackStore {
  private readonly times: SampleTimes;
  private readonly values: Float32Array;
  private readonly blockMin: Float32Array;
  private readonly blockMax: Float32Array;
  private readonly blockSum: Float64Array;
  private readonly blockCount: Uint8Array;

  constructor(times: SampleTimes) {
    this.times = times;
    const cells = times.size.blocks * trackIds.length;
    this.values = new Float32Array(times.size.samples * trackIds.length);
    this.blockMin = new Float32Array(cells);
    this.blockMax = new Float32Array(cells);
    this.blockSum = new Float64Array(cells);
    this.blockCount = new Uint8Array(cells);
  }

  get byteLength(): number {
    return this.values.byteLength + this.blockMin.length * 17;
  }

  /** `index` is that of the sample that the times took last. */
  append(index: number, values: Readonly<Record<TrackId, number>>): void {
    const at = (index % this.times.size.samples) * trackIds.length;
    const inBlock = (Math.floor(index / blockSize) % this.times.size.blocks) * trackIds.length;
    for (const [track, id] of trackIds.entries()) {
      const cell = inBlock + track;
      if (index % blockSize === 0) {
        this.blockMin[cell] = Number.POSITIVE_INFINITY;
        this.blockMax[cell] = Number.NEGATIVE_INFINITY;
        this.blockSum[cell] = 0;
        this.blockCount[cell] = 0;
      }
      const value = values[id];
      this.values[at + track] = value;
      if (Number.isNaN(value)) continue;
      this.blockMin[cell] = Math.min(this.blockMin[cell] ?? value, value);
      this.blockMax[cell] = Math.max(this.blockMax[cell] ?? value, value);
      this.blockSum[cell] = (this.blockSum[cell] ?? 0) + value;
      this.blockCount[cell] = (this.blockCount[cell] ?? 0) + 1;
    }
  }

  value(index: number, id: TrackId): number {
    const at = (index % this.times.size.samples) * trackIds.length + trackIds.indexOf(id);
    return this.values[at] ?? Number.NaN;
  }

  /** Reduces a stretch; whole blocks are taken as such. */
  read({ fromBlock, toBlock, from, to }: Stretch, id: TrackId): TrackValue {
    const track = trackIds.indexOf(id);
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let sum = 0;
    let samples = 0;
    const addBlock = (block: number): void => {
      const cell = (block % this.times.size.blocks) * trackIds.length + track;
      min = Math.min(min, this.blockMin[cell] ?? min);
      max = Math.max(max, this.blockMax[cell] ?? max);
      sum += this.blockSum[cell] ?? 0;
      samples += this.blockCount[cell] ?? 0;
    };
    for (let block = fromBlock; block < toBlock; block += 1) addBlock(block);
    let index = from;
    while (index < to) {
      if (index % blockSize === 0 && index + blockSize <= to) {
        addBlock(index / blockSize);
        index += blockSize;
        continue;
      }
      const value = this.values[(index % this.times.size.samples) * trackIds.length + track] ?? Number.NaN;
      index += 1;
      if (Number.isNaN(value)) continue;
      min = Math.min(min, value);
      max = Math.max(max, value);
      sum += value;
      samples += 1;
    }
    if (samples === 0) return { min: Number.NaN, mean: Number.NaN, max: Number.NaN, samples };
    return { min, mean: sum / samples, max, samples };
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
