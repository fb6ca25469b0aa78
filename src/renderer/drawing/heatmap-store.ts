import type { Milliseconds, SessionMs } from '../../shared/units.ts';

/** Codes 0 to 250 are 0 to 100 % in steps of 0.4 %; the five above them are states, never loads. */
export const fullCode = 250;
/** The sampler was at work, but this cell has no value. */
export const missingCode = 251;
/** Before the first sample or after the newest: nothing is claimed about this cell. */
export const outsideCode = 252;

/** A longer silence than this many sampling periods is a hole; a shorter one is a late tick. */
export const holeAfterPeriods = 1.5;

/**
 * Samples per block of the summary level. Smaller: faster long views, more memory. Larger: the reverse. With 8 the
 * summary costs 5/8 byte per cell, and an hour of 256 cores is reduced in a few milliseconds.
 */
const blockSize = 8;
const summaryBytesPerCell = 5 / blockSize;
const timeBytesPerSample = Float64Array.BYTES_PER_ELEMENT + Float32Array.BYTES_PER_ELEMENT;

/** Memory that a store may take, unless an hour at 10 Hz needs more. Larger: a longer history of few cores. */
const budgetBytes = 9 * 1024 * 1024;
const leastSamples = 36_000;
const mostSamples = 864_000;

export function encodeShare(share: number): number {
  if (Number.isNaN(share)) return missingCode;
  return Math.round(Math.min(1, Math.max(0, share)) * fullCode);
}

/** Samples that are kept of so many cores: at least 1 h at 10 Hz, at most 24 h, about 9 MB where that is enough. */
export function capacityFor(cores: number): number {
  const bytesPerSample = cores * (1 + summaryBytesPerCell) + timeBytesPerSample;
  const affordable = Math.floor(budgetBytes / bytesPerSample);
  const samples = Math.min(mostSamples, Math.max(leastSamples, affordable));
  return samples - (samples % blockSize);
}

/** Reusable result of reducing a stretch of samples: one entry per core. */
export class CellSummary {
  readonly min: Uint8Array;
  readonly max: Uint8Array;
  readonly sum: Float64Array;
  /** Samples that had a value; 0 means that the cell is missing. */
  readonly count: Uint32Array;

  constructor(cores: number) {
    this.min = new Uint8Array(cores);
    this.max = new Uint8Array(cores);
    this.sum = new Float64Array(cores);
    this.count = new Uint32Array(cores);
  }

  clear(): void {
    this.min.fill(fullCode);
    this.max.fill(0);
    this.sum.fill(0);
    this.count.fill(0);
  }

  /** The code to draw for a core. Cores that the store does not have are missing. */
  code(core: number, reduction: 'max' | 'mean'): number {
    const count = this.count[core] ?? 0;
    if (count === 0) return missingCode;
    if (reduction === 'max') return this.max[core] ?? missingCode;
    return Math.round((this.sum[core] ?? 0) / count);
  }
}

export type BucketState = 'measured' | 'missing' | 'outside';

/**
 * What was seen of every core, in a ring of fixed size: sample-major bytes, the time of every sample, and one
 * summary (min, max, sum, count) of every 8 samples, so that a long view need not touch every byte.
 *
 * Time is cut into buckets of equal length, numbered from session time 0; a pixel column is a bucket. A sample
 * belongs to the bucket in which it ended, and to the empty buckets before that which it covers: back to the sample
 * before it, or, behind a hole, one sampling period back. A bucket therefore never changes once a sample has ended
 * in a later one, and no sample is ever skipped.
 */
export class HeatmapStore {
  readonly cores: number;
  readonly capacity: number;
  /** Index of the next sample, counted from the beginning of the store and never reset. */
  private nextIndex = 0;
  private readonly codes: Uint8Array;
  private readonly endsMs: Float64Array;
  private readonly coversMs: Float32Array;
  private readonly blockMin: Uint8Array;
  private readonly blockMax: Uint8Array;
  private readonly blockSum: Uint16Array;
  private readonly blockCount: Uint8Array;

  constructor(cores: number, capacity: number = capacityFor(cores)) {
    if (cores < 1 || capacity < 2 * blockSize || capacity % blockSize !== 0) {
      throw new RangeError(`a store of ${cores} cores and ${capacity} samples cannot be made`);
    }
    this.cores = cores;
    this.capacity = capacity;
    const blockCells = (capacity / blockSize) * cores;
    // The system hands out zeroed pages when they are first written, so an unfilled ring costs no memory.
    this.codes = new Uint8Array(capacity * cores);
    this.endsMs = new Float64Array(capacity);
    this.coversMs = new Float32Array(capacity);
    this.blockMin = new Uint8Array(blockCells);
    this.blockMax = new Uint8Array(blockCells);
    this.blockSum = new Uint16Array(blockCells);
    this.blockCount = new Uint8Array(blockCells);
  }

  get byteLength(): number {
    const arrays = [this.codes, this.endsMs, this.coversMs, this.blockMin, this.blockMax, this.blockSum];
    return arrays.reduce((total, array) => total + array.byteLength, this.blockCount.byteLength);
  }

  /** Samples that can be read back. Whole blocks are given up at a time, so this is a little below `capacity`. */
  get length(): number {
    return this.nextIndex - this.firstIndex;
  }

  /** When the oldest sample that is kept ended; null while there is none. */
  get firstMs(): SessionMs | null {
    return this.length === 0 ? null : this.endMs(this.firstIndex);
  }

  get latestMs(): SessionMs | null {
    return this.length === 0 ? null : this.endMs(this.nextIndex - 1);
  }

  private get firstIndex(): number {
    // The newest block, even if it has just been begun, has already overwritten the summary of the oldest one.
    const newestBlockEnd = Math.ceil(this.nextIndex / blockSize) * blockSize;
    return Math.max(0, newestBlockEnd - this.capacity);
  }

  /**
   * Adds a sample. Cores that `coreBusy` does not have are missing.
   * False where its time does not come after the newest sample: nothing is stored.
   */
  append(atMs: SessionMs, requestedEveryMs: Milliseconds, coreBusy: ArrayLike<number>): boolean {
    const latestMs = this.latestMs;
    if (Number.isNaN(atMs) || (latestMs !== null && atMs <= latestMs)) return false;
    const sinceMs = latestMs === null ? Number.POSITIVE_INFINITY : atMs - latestMs;
    const coverMs = sinceMs <= holeAfterPeriods * requestedEveryMs ? sinceMs : requestedEveryMs;
    this.write(atMs, coverMs, (core) => encodeShare(coreBusy[core] ?? Number.NaN));
    return true;
  }

  /** A store of more cores with the same samples; the cores that are new were missing until now. */
  widened(cores: number): HeatmapStore {
    const wider = new HeatmapStore(cores);
    for (let index = this.firstIndex; index < this.nextIndex; index += 1) {
      const slot = index % this.capacity;
      wider.write(this.endMs(index), this.coversMs[slot] ?? 0, (core) =>
        core < this.cores ? (this.codes[slot * this.cores + core] ?? missingCode) : missingCode,
      );
    }
    return wider;
  }

  /**
   * Reduces the samples of one bucket into `summary` and says whether there were any.
   * `horizonMs` is the time up to which samples should have come: a bucket between the newest sample and there is
   * missing, not outside.
   */
  readBucket(
    bucket: number,
    bucketMs: Milliseconds,
    horizonMs: SessionMs,
    summary: CellSummary,
  ): BucketState {
    summary.clear();
    if (this.length === 0) return 'outside';
    const from = this.firstIndexFrom(bucket, bucketMs);
    const to = this.firstIndexFrom(bucket + 1, bucketMs);
    if (to > from) {
      this.accumulate(from, to, summary);
      return 'measured';
    }
    if (from === this.nextIndex) return Math.floor(horizonMs / bucketMs) >= bucket ? 'missing' : 'outside';
    const coverStartMs = this.endMs(from) - (this.coversMs[from % this.capacity] ?? 0);
    if (Math.floor(coverStartMs / bucketMs) <= bucket) {
      this.accumulate(from, from + 1, summary);
      return 'measured';
    }
    return from === this.firstIndex ? 'outside' : 'missing';
  }

  private endMs(index: number): number {
    return this.endsMs[index % this.capacity] ?? Number.NaN;
  }

  /** The first sample that ended in this bucket or a later one. */
  private firstIndexFrom(bucket: number, bucketMs: number): number {
    let low = this.firstIndex;
    let high = this.nextIndex;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (Math.floor(this.endMs(middle) / bucketMs) >= bucket) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private write(atMs: number, coverMs: number, codeOf: (core: number) => number): void {
    const slot = this.nextIndex % this.capacity;
    const block = Math.floor(slot / blockSize) * this.cores;
    if (slot % blockSize === 0) {
      this.blockMin.fill(fullCode, block, block + this.cores);
      this.blockMax.fill(0, block, block + this.cores);
      this.blockSum.fill(0, block, block + this.cores);
      this.blockCount.fill(0, block, block + this.cores);
    }
    this.endsMs[slot] = atMs;
    this.coversMs[slot] = coverMs;
    for (let core = 0; core < this.cores; core += 1) {
      const code = codeOf(core);
      this.codes[slot * this.cores + core] = code;
      if (code > fullCode) continue;
      const cell = block + core;
      this.blockMin[cell] = Math.min(this.blockMin[cell] ?? fullCode, code);
      this.blockMax[cell] = Math.max(this.blockMax[cell] ?? 0, code);
      this.blockSum[cell] = (this.blockSum[cell] ?? 0) + code;
      this.blockCount[cell] = (this.blockCount[cell] ?? 0) + 1;
    }
    this.nextIndex += 1;
  }

  private accumulate(from: number, to: number, into: CellSummary): void {
    let index = from;
    while (index < to) {
      if (index % blockSize === 0 && index + blockSize <= to) {
        this.addBlock(index % this.capacity, into);
        index += blockSize;
      } else {
        this.addSample(index % this.capacity, into);
        index += 1;
      }
    }
  }

  private addSample(slot: number, into: CellSummary): void {
    const { min, max, sum, count } = into;
    const base = slot * this.cores;
    for (let core = 0; core < this.cores; core += 1) {
      const code = this.codes[base + core] ?? missingCode;
      if (code > fullCode) continue;
      if (code < (min[core] ?? 0)) min[core] = code;
      if (code > (max[core] ?? 0)) max[core] = code;
      sum[core] = (sum[core] ?? 0) + code;
      count[core] = (count[core] ?? 0) + 1;
    }
  }

  private addBlock(slot: number, into: CellSummary): void {
    const { min, max, sum, count } = into;
    const base = (slot / blockSize) * this.cores;
    for (let core = 0; core < this.cores; core += 1) {
      const cell = base + core;
      const low = this.blockMin[cell] ?? fullCode;
      const high = this.blockMax[cell] ?? 0;
      if (low < (min[core] ?? 0)) min[core] = low;
      if (high > (max[core] ?? 0)) max[core] = high;
      sum[core] = (sum[core] ?? 0) + (this.blockSum[cell] ?? 0);
      count[core] = (count[core] ?? 0) + (this.blockCount[cell] ?? 0);
    }
  }
}
