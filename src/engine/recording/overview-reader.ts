import {
  coreCode,
  overviewSeries,
  type Buckets,
  type Overview,
  type OverviewSeries,
} from '../../shared/recording.ts';
import type { Bytes, Milliseconds, SessionMs } from '../../shared/units.ts';
import {
  BucketSum,
  chunkBuckets,
  decodeCoreCode,
  encodeCoreCode,
  levelCount,
  levelFactor,
  type Bucket,
  type ChunkView,
  type OverviewSample,
} from './overview-levels.ts';

/** Where zoom levels come from. */
export interface OverviewSource {
  /** Width of a bucket of level 0: one sampling interval. */
  readonly baseMs: Milliseconds;
  /** Names of the series in the file's overview blocks. */
  readonly seriesNames: readonly string[];
  /** What reading the samples of the span costs: bytes of their blocks, inflated. */
  readonly frameBytes: Bytes;
  /** That chunk of a level; null where there is none, or it is damaged. */
  chunk(level: number, number: number): ChunkView | null;
  samples(fromMs: SessionMs, toMs: SessionMs): Iterable<OverviewSample>;
}

/** More than any screen shows; less than would be felt in memory (64 cores: 14 MB). */
const mostBuckets = 65_536;

/**
 * Samples that are decoded for one picture: a fifth of a second, of few processes by their number and of many by their
 * bytes. Longer spans are shown by level 1 at the finest.
 */
const mostFrames = 3000;
const mostFrameBytes = 8 * 1024 * 1024;

/**
 * The coarsest level that has at least `leastBuckets` buckets for the span, so that no more than 8 times as many
 * are read; a level finer than that where `mostBuckets` would be passed.
 */
export function chooseLevel(
  baseMs: Milliseconds,
  spanMs: Milliseconds,
  leastBuckets: number,
  frameBytes: Bytes = 0,
): number {
  let level = levelCount;
  while (level > 0 && spanMs / (baseMs * levelFactor ** level) < leastBuckets) level -= 1;
  if (level === 0 && (spanMs / baseMs > mostFrames || frameBytes > mostFrameBytes)) level = 1;
  while (level < levelCount && spanMs / (baseMs * levelFactor ** level) > mostBuckets) level += 1;
  return level;
}

/** The buckets of a level from `first` up to `last`, in order, those without samples left out. */
function* readBuckets(source: OverviewSource, level: number, first: number, last: number): Generator<Bucket> {
  if (level === 0) {
    yield* joinBuckets(sampleBuckets(source, first, last), 1);
    return;
  }
  for (let chunk = Math.floor(first / chunkBuckets); chunk * chunkBuckets < last; chunk += 1) {
    const from = Math.max(first, chunk * chunkBuckets);
    const to = Math.min(last, (chunk + 1) * chunkBuckets);
    const view = source.chunk(level, chunk);
    if (view !== null) yield* chunkContent(source, view, chunk * chunkBuckets, from, to);
    // Not there yet when the recorder died, or damaged: made from the level below.
    else {
      const below = readBuckets(source, level - 1, from * levelFactor, to * levelFactor);
      yield* joinBuckets(below, levelFactor);
    }
  }
}

/** Each sample as a bucket of its own, which others may have too. */
function* sampleBuckets(source: OverviewSource, first: number, last: number): Generator<Bucket> {
  for (const { atMs, cores, series } of source.samples(first * source.baseMs, last * source.baseMs)) {
    const index = Math.floor(atMs / source.baseMs);
    if (index < first || index >= last) continue;
    yield {
      index,
      samples: 1,
      cores: { min: cores, mean: cores, max: cores },
      series: { min: series, mean: series, max: series },
    };
  }
}

/** Puts neighbours together that fall into the same bucket, each `factor` times as wide. */
function* joinBuckets(buckets: Iterable<Bucket>, factor: number): Generator<Bucket> {
  let sum: BucketSum | null = null;
  for (const { index, samples, cores, series } of buckets) {
    const joined = Math.floor(index / factor);
    if (sum === null || sum.bucket.index !== joined) {
      if (sum !== null) yield sum.bucket;
      sum = new BucketSum(joined);
    }
    sum.add(samples, cores, series);
  }
  if (sum !== null) yield sum.bucket;
}

function* chunkContent(
  source: OverviewSource,
  view: ChunkView,
  chunkFirst: number,
  first: number,
  last: number,
): Generator<Bucket> {
  const places = seriesPlaces(source, view);
  for (let index = first; index < Math.min(last, chunkFirst + view.length); index += 1) {
    const place = index - chunkFirst;
    const samples = view.samples[place] ?? 0;
    if (samples === 0) continue;
    const core = (kind: number): Float64Array => {
      const shares = new Float64Array(view.cores);
      for (let which = 0; which < view.cores; which += 1) {
        shares[which] = decodeCoreCode(view.coreColumn(which, kind)[place] ?? coreCode.missing);
      }
      return shares;
    };
    const series = (kind: number): Float64Array =>
      Float64Array.from(places, (which) =>
        which < 0 ? Number.NaN : (view.seriesColumn(which, kind)[place] ?? Number.NaN),
      );
    yield {
      index,
      samples,
      cores: { min: core(0), mean: core(1), max: core(2) },
      series: { min: series(0), mean: series(1), max: series(2) },
    };
  }
}

/** Where a block has our series; -1 where it has not. */
function seriesPlaces(source: OverviewSource, view: ChunkView): number[] {
  return overviewSeries
    .map((name) => source.seriesNames.indexOf(name))
    .map((place) => (place < view.series ? place : -1));
}

const kindNames = ['min', 'mean', 'max'] as const;

/** The columns of an overview that is being put together. */
class OverviewColumns {
  readonly sampleCounts: Uint32Array;
  readonly cores: Buckets<Uint8Array>[] = [];
  readonly series: readonly Buckets<Float32Array>[];
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
    this.sampleCounts = new Uint32Array(length);
    const unknown = (): Float32Array => new Float32Array(length).fill(Number.NaN);
    this.series = overviewSeries.map(() => ({ min: unknown(), mean: unknown(), max: unknown() }));
  }

  /** Copies buckets `from` to `to` of a block to `place` and on. */
  putChunk(view: ChunkView, seriesAt: readonly number[], from: number, to: number, place: number): void {
    this.sampleCounts.set(view.samples.subarray(from, to), place);
    this.#growTo(view.cores);
    kindNames.forEach((name, kind) => {
      for (let core = 0; core < view.cores; core += 1) {
        this.cores[core]?.[name].set(view.coreColumn(core, kind).subarray(from, to), place);
      }
      seriesAt.forEach((which, index) => {
        if (which >= 0)
          this.series[index]?.[name].set(view.seriesColumn(which, kind).subarray(from, to), place);
      });
    });
  }

  putBucket({ samples, cores, series }: Bucket, place: number): void {
    this.sampleCounts[place] = samples;
    this.#growTo(cores.mean.length);
    for (const name of kindNames) {
      for (let core = 0; core < cores.mean.length; core += 1) {
        const column = this.cores[core]?.[name];
        if (column !== undefined) column[place] = encodeCoreCode(cores[name][core] ?? Number.NaN);
      }
      this.series.forEach((columns, which) => {
        columns[name][place] = series[name][which] ?? Number.NaN;
      });
    }
  }

  #growTo(cores: number): void {
    const unknown = (): Uint8Array => new Uint8Array(this.#length).fill(coreCode.missing);
    while (this.cores.length < cores) this.cores.push({ min: unknown(), mean: unknown(), max: unknown() });
  }
}

/** The overview of a span. `leastBuckets`: how fine it must be, where the samples are that fine. */
export function readOverview(
  source: OverviewSource,
  span: { readonly fromMs: SessionMs; readonly toMs: SessionMs },
  leastBuckets: number,
): Overview {
  const level = chooseLevel(source.baseMs, span.toMs - span.fromMs, leastBuckets, source.frameBytes);
  const bucketMs = source.baseMs * levelFactor ** level;
  const first = Math.max(0, Math.floor(span.fromMs / bucketMs));
  const last = Math.min(Math.max(first, Math.ceil(span.toMs / bucketMs)), first + mostBuckets);
  const bucketCount = last - first;
  const columns = new OverviewColumns(bucketCount);
  const putBuckets = (from: number, to: number): void => {
    for (const bucket of readBuckets(source, level, from, to))
      columns.putBucket(bucket, bucket.index - first);
  };
  if (level === 0) putBuckets(first, last);
  for (let chunk = Math.floor(first / chunkBuckets); level > 0 && chunk * chunkBuckets < last; chunk += 1) {
    const start = chunk * chunkBuckets;
    const from = Math.max(first, start);
    const view = source.chunk(level, chunk);
    if (view === null) {
      putBuckets(from, Math.min(last, start + chunkBuckets));
      continue;
    }
    const to = Math.min(last, start + view.length);
    // A whole block is copied column by column: a picture of a day is a few hundred of them.
    if (from < to) {
      columns.putChunk(view, seriesPlaces(source, view), from - start, to - start, from - first);
    }
  }
  return {
    startMs: first * bucketMs,
    bucketMs,
    bucketCount,
    sampleCounts: columns.sampleCounts,
    cores: columns.cores,
    // One entry for each name of the list.
    series: Object.fromEntries(overviewSeries.map((name, index) => [name, columns.series[index]])) as Record<
      OverviewSeries,
      Buckets<Float32Array>
    >,
  };
}
