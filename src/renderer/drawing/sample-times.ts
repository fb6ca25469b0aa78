import type { Milliseconds, SessionMs } from '../../shared/units.ts';

/** A longer silence than this many sampling periods is a hole; a shorter one is a late tick. */
export const holeAfterPeriods = 1.5;

/**
 * Samples per block. Smaller: faster long views and finer old ones, more memory. Larger: the reverse. With 8 an old
 * sample costs 5/8 byte per core and is known to within 0.8 s at 10 Hz.
 */
export const blockSize = 8;

/** How much is kept: every one of the newest samples, and blocks of 8 of what is older. */
export interface HistorySize {
  /** A multiple of 8. */
  readonly samples: number;
  /** At least as many as the samples fill. */
  readonly blocks: number;
}

/** What falls into one bucket: old blocks, then samples; both by index, the end excluded. */
export interface Stretch {
  state: 'measured' | 'missing' | 'outside';
  fromBlock: number;
  toBlock: number;
  from: number;
  to: number;
}

/**
 * When the samples ended, in a ring of fixed size. What is kept of a sample lies in the stores, under the same
 * index: counted from the beginning and never reset. The newest samples are kept one by one, older ones in blocks of 8.
 *
 * Time is cut into buckets of equal length, numbered from session time 0; a pixel column is a bucket. A sample
 * belongs to the bucket in which it ended, and to the empty buckets before that which it covers: back to the sample
 * before it, or, behind a hole, one sampling period back. A bucket therefore never changes once a sample has ended
 * in a later one, until its samples grow so old that only their block is left: that stands where its last one ended.
 */
export class SampleTimes {
  readonly size: HistorySize;
  /** Index of the next sample. */
  nextIndex = 0;
  private readonly endsMs: Float64Array;
  private readonly coversMs: Float32Array;
  private readonly blockStartsMs: Float64Array;
  private readonly blockEndsMs: Float64Array;
  private readonly blockCoversMs: Float32Array;
  /** Where the last bucket that was found began and ended: the next one is mostly its neighbour. */
  private readonly lastSamples = { from: 0, to: 0 };
  private readonly lastBlocks = { from: 0, to: 0 };

  constructor(size: HistorySize) {
    if (size.samples < 2 * blockSize || size.samples % blockSize !== 0) {
      throw new RangeError(`a history of ${size.samples} samples cannot be made of blocks of ${blockSize}`);
    }
    if (size.blocks * blockSize < size.samples) throw new RangeError('fewer blocks than the samples fill');
    this.size = size;
    // The system hands out zeroed pages when they are first written, so an unfilled ring costs no memory.
    this.endsMs = new Float64Array(size.samples);
    this.coversMs = new Float32Array(size.samples);
    this.blockStartsMs = new Float64Array(size.blocks);
    this.blockEndsMs = new Float64Array(size.blocks);
    this.blockCoversMs = new Float32Array(size.blocks);
  }

  get byteLength(): number {
    return (this.size.samples + this.size.blocks) * 12 + this.size.blocks * 8;
  }

  /** The oldest sample that is kept by itself: the first of a block. */
  get firstIndex(): number {
    // The newest block, even if it has just been begun, has already overwritten the oldest one.
    return Math.max(0, Math.ceil(this.nextIndex / blockSize) * blockSize - this.size.samples);
  }

  /** The oldest block that is kept; those from `endBlock` on are there sample by sample. */
  get firstBlock(): number {
    const oldest = Math.ceil(this.nextIndex / blockSize) - this.size.blocks;
    return Math.min(this.endBlock, Math.max(0, oldest));
  }

  get endBlock(): number {
    return this.firstIndex / blockSize;
  }

  /** How many samples are known, alone or in a block. */
  get length(): number {
    return this.nextIndex - this.firstBlock * blockSize;
  }

  /** When the oldest sample that is known ended; null while there is none. */
  get firstMs(): SessionMs | null {
    if (this.nextIndex === 0) return null;
    if (this.firstBlock === this.endBlock) return this.endMs(this.firstIndex);
    return this.blockStartsMs[this.firstBlock % this.size.blocks] ?? null;
  }

  /** When the oldest sample that is kept by itself ended. */
  get firstFineMs(): SessionMs | null {
    return this.nextIndex === 0 ? null : this.endMs(this.firstIndex);
  }

  get latestMs(): SessionMs | null {
    return this.nextIndex === 0 ? null : this.endMs(this.nextIndex - 1);
  }

  endMs(index: number): SessionMs {
    return this.endsMs[index % this.size.samples] ?? Number.NaN;
  }

  coverMs(index: number): Milliseconds {
    return this.coversMs[index % this.size.samples] ?? Number.NaN;
  }

  blockEndMs(block: number): SessionMs {
    return this.blockEndsMs[block % this.size.blocks] ?? Number.NaN;
  }

  /** Time that the block's samples covered; what lies further back is a hole. */
  blockCoverMs(block: number): Milliseconds {
    return this.blockCoversMs[block % this.size.blocks] ?? Number.NaN;
  }

  /** Adds a sample; false where its time does not come after the newest. */
  append(atMs: SessionMs, everyMs: Milliseconds): boolean {
    const { latestMs } = this;
    if (Number.isNaN(atMs) || (latestMs !== null && atMs <= latestMs)) return false;
    const sinceMs = latestMs === null ? Number.POSITIVE_INFINITY : atMs - latestMs;
    this.write(atMs, sinceMs <= holeAfterPeriods * everyMs ? sinceMs : everyMs);
    return true;
  }

  private write(atMs: SessionMs, coverMs: Milliseconds): void {
    const slot = this.nextIndex % this.size.samples;
    const block = Math.floor(this.nextIndex / blockSize) % this.size.blocks;
    if (this.nextIndex % blockSize === 0) {
      this.blockStartsMs[block] = atMs;
      this.blockCoversMs[block] = 0;
    }
    this.endsMs[slot] = atMs;
    this.coversMs[slot] = coverMs;
    this.blockEndsMs[block] = atMs;
    this.blockCoversMs[block] = (this.blockCoversMs[block] ?? 0) + coverMs;
    this.nextIndex += 1;
  }

  /**
   * Finds what falls into a bucket. `horizonMs` is the time up to which samples should have come: a bucket between
   * the newest sample and there is missing, not outside.
   */
  find(bucket: number, bucketMs: Milliseconds, horizonMs: SessionMs, into: Stretch): Stretch {
    const { firstIndex, nextIndex, firstBlock, endBlock, lastSamples, lastBlocks } = this;
    into.from = this.firstSampleIn(bucket, bucketMs, lastSamples.to);
    const nextFrom = into.from + lastSamples.to - lastSamples.from;
    into.to = into.from === nextIndex ? nextIndex : this.firstSampleIn(bucket + 1, bucketMs, nextFrom);
    lastSamples.from = into.from;
    lastSamples.to = into.to;
    into.fromBlock = endBlock;
    into.toBlock = endBlock;
    if (into.from === firstIndex && firstBlock < endBlock) {
      into.fromBlock = this.firstBlockIn(bucket, bucketMs, lastBlocks.to);
      const nextBlock = into.fromBlock + lastBlocks.to - lastBlocks.from;
      into.toBlock = this.firstBlockIn(bucket + 1, bucketMs, nextBlock);
      lastBlocks.from = into.fromBlock;
      lastBlocks.to = into.toBlock;
    }
    if (into.to > into.from || into.toBlock > into.fromBlock) into.state = 'measured';
    else if (into.toBlock < endBlock) this.coverByBlock(bucket, bucketMs, into);
    else if (into.from < nextIndex) this.coverBySample(bucket, bucketMs, into);
    else {
      const isExpected = nextIndex > 0 && Math.floor(horizonMs / bucketMs) >= bucket;
      into.state = isExpected ? 'missing' : 'outside';
    }
    return into;
  }

  /** What ended at `startMs` or later and before `endMs`. */
  between(startMs: SessionMs, endMs: SessionMs, into: Stretch): Stretch {
    into.from = this.firstSampleFrom(startMs);
    into.to = this.firstSampleFrom(endMs);
    into.fromBlock = this.firstBlockFrom(startMs);
    into.toBlock = this.firstBlockFrom(endMs);
    into.state = into.to > into.from || into.toBlock > into.fromBlock ? 'measured' : 'missing';
    return into;
  }

  private coverByBlock(bucket: number, bucketMs: Milliseconds, into: Stretch): void {
    const block = into.toBlock;
    if (Math.floor((this.blockEndMs(block) - this.blockCoverMs(block)) / bucketMs) <= bucket) {
      into.state = 'measured';
      into.fromBlock = block;
      into.toBlock = block + 1;
    } else into.state = block === this.firstBlock ? 'outside' : 'missing';
  }

  private coverBySample(bucket: number, bucketMs: Milliseconds, into: Stretch): void {
    const index = into.from;
    if (Math.floor((this.endMs(index) - this.coverMs(index)) / bucketMs) <= bucket) {
      into.state = 'measured';
      into.to = index + 1;
    } else into.state = index === 0 || this.firstBlock * blockSize === index ? 'outside' : 'missing';
  }

  /** The first sample kept by itself that ended at this time or later. */
  firstSampleFrom(atMs: SessionMs): number {
    return firstIn(this.firstIndex, this.nextIndex, (index) => this.endMs(index) >= atMs);
  }

  private firstBlockFrom(atMs: SessionMs): number {
    return firstIn(this.firstBlock, this.endBlock, (block) => this.blockEndMs(block) >= atMs);
  }

  private firstSampleIn(bucket: number, bucketMs: Milliseconds, guess: number): number {
    const isReached = (index: number): boolean => Math.floor(this.endMs(index) / bucketMs) >= bucket;
    return firstNear(guess, this.firstIndex, this.nextIndex, isReached);
  }

  private firstBlockIn(bucket: number, bucketMs: Milliseconds, guess: number): number {
    const isReached = (block: number): boolean => Math.floor(this.blockEndMs(block) / bucketMs) >= bucket;
    return firstNear(guess, this.firstBlock, this.endBlock, isReached);
  }
}

/** The first number from `low` on that `isReached`, or `high`; those behind it are too. */
function firstIn(low: number, high: number, isReached: (number: number) => boolean): number {
  let from = low;
  let to = high;
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (isReached(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** The same, from a guess outwards in growing steps: two or three looks where the guess is good. */
function firstNear(guess: number, low: number, high: number, isReached: (number: number) => boolean): number {
  if (low >= high) return high;
  const start = Math.min(high - 1, Math.max(low, guess));
  let step = 1;
  if (!isReached(start)) {
    let unreached = start;
    while (unreached + step < high && !isReached(unreached + step)) {
      unreached += step;
      step *= 2;
    }
    return firstIn(unreached + 1, Math.min(high, unreached + step), isReached);
  }
  let reached = start;
  while (reached - step >= low && isReached(reached - step)) {
    reached -= step;
    step *= 2;
  }
  return firstIn(Math.max(low, reached - step + 1), reached, isReached);
}

export function emptyStretch(): Stretch {
  return { state: 'outside', fromBlock: 0, toBlock: 0, from: 0, to: 0 };
}
