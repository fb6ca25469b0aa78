import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { encodeShare, fullCode, missingCode, type CellSummary } from './cell-summary.ts';
import { blockSize, emptyStretch, SampleTimes, type HistorySize, type Stretch } from './sample-times.ts';

/**
 * Blocks per summary, level by level, so that a view of a day touches few bytes: of 617 samples per pixel some 10
 * summaries are read. A level of 64 blocks would need wider sums and save nothing.
 */
const levelBlocks: readonly number[] = [1, 4, 16];
/** Min and max as a byte each, the sum as two, the count as one. */
const summaryBytes = 5;

/** An hour at 10 Hz, every sample kept. Larger: old peaks can be told apart for longer, at a byte per core and sample. */
const fineSamples = 36_000;
/** A day at 10 Hz, in blocks of 8. */
const mostBlocks = 108_000;
/** Memory that the blocks may take; a day of 64 cores needs 45 MB of it. Larger: a longer history of many cores. */
const blocksBudgetBytes = 60e6;

/** What is kept of so many cores: every sample of 1 h at 10 Hz, and blocks of 8 for up to 24 h, as far as 60 MB go. */
export function historySizeFor(cores: number): HistorySize {
  const bytesPerBlock = cores * summaryBytes * levelBlocks.reduce((sum, blocks) => sum + 1 / blocks, 0);
  const affordable = Math.floor(blocksBudgetBytes / bytesPerBlock);
  return {
    samples: fineSamples,
    blocks: Math.max(fineSamples / blockSize, Math.min(mostBlocks, affordable)),
  };
}

/** Summaries of stretches of equal length, in a ring. */
class SummaryRing {
  readonly min: Uint8Array;
  /** The highest code plus one; 0 where there is no value. So that one plane is enough to draw peaks. */
  readonly peak: Uint8Array;
  readonly sum: Uint16Array;
  readonly count: Uint8Array;
  private readonly cores: number;
  private readonly slots: number;

  constructor(cores: number, slots: number) {
    this.cores = cores;
    this.slots = slots;
    this.min = new Uint8Array(cores * slots);
    this.peak = new Uint8Array(cores * slots);
    this.sum = new Uint16Array(cores * slots);
    this.count = new Uint8Array(cores * slots);
  }

  get byteLength(): number {
    return this.min.byteLength * summaryBytes;
  }

  begin(number: number): void {
    const at = this.at(number);
    this.min.fill(fullCode, at, at + this.cores);
    this.peak.fill(0, at, at + this.cores);
    this.sum.fill(0, at, at + this.cores);
    this.count.fill(0, at, at + this.cores);
  }

  /** `cell` is that of the summary's first core plus the core. */
  take(cell: number, code: number): void {
    if (code < (this.min[cell] ?? 0)) this.min[cell] = code;
    if (code >= (this.peak[cell] ?? 0)) this.peak[cell] = code + 1;
    this.sum[cell] = (this.sum[cell] ?? 0) + code;
    this.count[cell] = (this.count[cell] ?? 0) + 1;
  }

  at(number: number): number {
    return (number % this.slots) * this.cores;
  }

  addPeaksTo(peaks: Uint8Array, number: number): void {
    const { peak, cores } = this;
    const base = this.at(number);
    for (let core = 0; core < cores; core += 1) {
      const high = peak[base + core] ?? 0;
      if (high > (peaks[core] ?? 0)) peaks[core] = high;
    }
  }

  addMeansTo({ sum, count }: CellSummary, number: number): void {
    const { cores } = this;
    const base = this.at(number);
    for (let core = 0; core < cores; core += 1) {
      sum[core] = (sum[core] ?? 0) + (this.sum[base + core] ?? 0);
      count[core] = (count[core] ?? 0) + (this.count[base + core] ?? 0);
    }
  }

  addTo({ min, max, sum, count }: CellSummary, number: number): void {
    const base = this.at(number);
    for (let core = 0; core < this.cores; core += 1) {
      const cell = base + core;
      const low = this.min[cell] ?? fullCode;
      const high = (this.peak[cell] ?? 0) - 1;
      if (low < (min[core] ?? 0)) min[core] = low;
      if (high > (max[core] ?? 0)) max[core] = high;
      sum[core] = (sum[core] ?? 0) + (this.sum[cell] ?? 0);
      count[core] = (count[core] ?? 0) + (this.count[cell] ?? 0);
    }
  }
}

/** What is taken of summaries and of samples on the way through a stretch. */
interface Reader<Into> {
  readonly addSummary: (ring: SummaryRing, number: number, into: Into) => void;
  readonly addSample: (index: number, into: Into) => void;
}

/**
 * How busy every core was: sample-major bytes, summaries (min, max, sum, count) of every 8, 32 and
 * 128 samples, so that a long view need not touch every byte. What is older than the samples lives on in the summaries.
 */
export class HeatmapStore {
  readonly cores: number;
  readonly times: SampleTimes;
  private readonly codes: Uint8Array;
  /** One per `levelBlocks`. */
  private readonly levels: readonly SummaryRing[];
  private readonly summaryReader: Reader<CellSummary> = {
    addSummary: (ring, number, summary) => ring.addTo(summary, number),
    addSample: (index, summary) => this.addSample(index, summary),
  };
  private readonly meanReader: Reader<CellSummary> = {
    addSummary: (ring, number, summary) => ring.addMeansTo(summary, number),
    addSample: (index, summary) => this.addSample(index, summary),
  };
  private readonly peakReader: Reader<Uint8Array> = {
    addSummary: (ring, number, peaks) => ring.addPeaksTo(peaks, number),
    addSample: (index, peaks) => this.addPeaks(index, peaks),
  };
  private readonly stretch: Stretch = emptyStretch();

  constructor(cores: number, size: HistorySize = historySizeFor(cores)) {
    if (cores < 1) throw new RangeError(`a store of ${cores} cores cannot be made`);
    this.cores = cores;
    this.times = new SampleTimes(size);
    this.codes = new Uint8Array(size.samples * cores);
    this.levels = levelBlocks.map(
      (blocks) =>
        // One more than the blocks fill: the newest summary must not overwrite one that is still whole.
        new SummaryRing(cores, blocks === 1 ? size.blocks : Math.ceil(size.blocks / blocks) + 1),
    );
  }

  get byteLength(): number {
    const summaries = this.levels.reduce((sum, ring) => sum + ring.byteLength, 0);
    return this.codes.byteLength + summaries + this.times.byteLength;
  }

  /** Samples that are known, alone or in a block. */
  get length(): number {
    return this.times.length;
  }

  /** When the oldest sample that is known ended; null while there is none. */
  get firstMs(): SessionMs | null {
    return this.times.firstMs;
  }

  get latestMs(): SessionMs | null {
    return this.times.latestMs;
  }

  /**
   * Adds a sample. Cores that `coreBusy` does not have are missing.
   * False where its time does not come after the newest sample: nothing is stored.
   */
  append(atMs: SessionMs, requestedEveryMs: Milliseconds, coreBusy: ArrayLike<number>): boolean {
    const index = this.times.nextIndex;
    if (!this.times.append(atMs, requestedEveryMs)) return false;
    const inCodes = (index % this.times.size.samples) * this.cores;
    for (let core = 0; core < this.cores; core += 1) {
      this.codes[inCodes + core] = encodeShare(coreBusy[core] ?? Number.NaN);
    }
    for (const [level, ring] of this.levels.entries()) {
      const samples = blockSize * (levelBlocks[level] ?? 1);
      const number = Math.floor(index / samples);
      if (index % samples === 0) ring.begin(number);
      const base = ring.at(number);
      for (let core = 0; core < this.cores; core += 1) {
        const code = this.codes[inCodes + core] ?? missingCode;
        if (code <= fullCode) ring.take(base + core, code);
      }
    }
    return true;
  }

  /** A store of more cores with the samples that are kept one by one; the cores that are new were missing until now. */
  widened(cores: number): HeatmapStore {
    const wider = new HeatmapStore(cores);
    const { times } = this;
    for (let index = times.firstIndex; index < times.nextIndex; index += 1) {
      const shares = Array.from({ length: this.cores }, (_, core) => this.share(index, core));
      wider.append(times.endMs(index), times.coverMs(index), shares);
    }
    return wider;
  }

  /** One core's share in a sample that is kept by itself; NaN where it is missing. */
  share(index: number, core: number): number {
    const code = this.codes[(index % this.times.size.samples) * this.cores + core] ?? missingCode;
    return code > fullCode ? Number.NaN : code / fullCode;
  }

  /** Reduces the samples of one bucket into `summary` and says whether there were any. */
  readBucket(
    bucket: number,
    bucketMs: Milliseconds,
    horizonMs: SessionMs,
    summary: CellSummary,
  ): Stretch['state'] {
    summary.clear();
    const stretch = this.times.find(bucket, bucketMs, horizonMs, this.stretch);
    if (stretch.state === 'measured') this.reduce(stretch, summary);
    return stretch.state;
  }

  /** Adds what lies in a stretch to `summary`. */
  reduce(stretch: Stretch, summary: CellSummary): void {
    this.walk(stretch, this.summaryReader, summary);
  }

  /** The same for the sums and counts alone, all that a mean needs: half of the work. */
  reduceMeans(stretch: Stretch, summary: CellSummary): void {
    this.walk(stretch, this.meanReader, summary);
  }

  /** The highest code of every core plus one, 0 where there is no value: a quarter of the work of `reduce`. */
  reducePeaks(stretch: Stretch, peaks: Uint8Array): void {
    peaks.fill(0);
    this.walk(stretch, this.peakReader, peaks);
  }

  /** Goes through a stretch in the largest steps that there are summaries for. */
  private walk<Into>({ fromBlock, toBlock, from, to }: Stretch, reader: Reader<Into>, into: Into): void {
    this.walkBlocks(fromBlock, toBlock, reader, into);
    const firstWhole = Math.min(to, Math.ceil(from / blockSize) * blockSize);
    const endWhole = Math.max(firstWhole, Math.floor(to / blockSize) * blockSize);
    for (let index = from; index < firstWhole; index += 1) reader.addSample(index, into);
    this.walkBlocks(firstWhole / blockSize, endWhole / blockSize, reader, into);
    for (let index = endWhole; index < to; index += 1) reader.addSample(index, into);
  }

  private walkBlocks<Into>(first: number, end: number, reader: Reader<Into>, into: Into): void {
    let block = first;
    while (block < end) {
      let level = 0;
      let blocks = levelBlocks[level] ?? 1;
      // Up to the largest summary that begins here and is whole.
      for (let next = levelBlocks[1]; next !== undefined; next = levelBlocks[level + 1]) {
        if (block % next !== 0 || block + next > end) break;
        level += 1;
        blocks = next;
      }
      const ring = this.levels[level];
      if (ring !== undefined) reader.addSummary(ring, block / blocks, into);
      block += blocks;
    }
  }

  private addPeaks(index: number, peaks: Uint8Array): void {
    const { codes, cores } = this;
    const base = (index % this.times.size.samples) * cores;
    for (let core = 0; core < cores; core += 1) {
      const code = codes[base + core] ?? missingCode;
      if (code <= fullCode && code >= (peaks[core] ?? 0)) peaks[core] = code + 1;
    }
  }

  private addSample(index: number, { min, max, sum, count }: CellSummary): void {
    const base = (index % this.times.size.samples) * this.cores;
    for (let core = 0; core < this.cores; core += 1) {
      const code = this.codes[base + core] ?? missingCode;
      if (code > fullCode) continue;
      if (code < (min[core] ?? 0)) min[core] = code;
      if (code > (max[core] ?? 0)) max[core] = code;
      sum[core] = (sum[core] ?? 0) + code;
      count[core] = (count[core] ?? 0) + 1;
    }
  }
}
