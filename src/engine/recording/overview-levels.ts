import { coreCode, overviewSeries } from '../../shared/recording.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { MalformedBlock } from './bytes.ts';

/**
 * The pyramid: level 1 has a bucket for 8 sampling intervals, each level above it one for 8 of the level below.
 * 8, because then all levels together are a seventh of the samples, and no picture reads more than 8 times the
 * buckets that it shows.
 */
export const levelFactor = 8;

/** At 10 Hz a bucket of level 6 is 7.3 hours. */
export const levelCount = 6;

/**
 * Buckets of one block. More make fewer and better compressed blocks; fewer lose less of a level when the recorder
 * dies (the reader makes up for that from the level below) and are read faster where little is asked for.
 */
export const chunkBuckets = 64;

/** One bucket of all series, with shares and numbers not yet rounded. */
export interface Bucket {
  /** Number of the bucket since session time 0. */
  readonly index: number;
  samples: number;
  readonly cores: Triple;
  readonly series: Triple;
}

/** Smallest, mean and largest by core or by series; NaN is not known. */
export interface Triple {
  min: Float64Array;
  mean: Float64Array;
  max: Float64Array;
}

export interface Chunk {
  readonly level: number;
  readonly bucketMs: Milliseconds;
  readonly startMs: SessionMs;
  /** Of the last bucket that has samples. */
  readonly endMs: SessionMs;
  readonly buckets: readonly Bucket[];
}

/** One sample of everything that has a pyramid. */
export interface OverviewSample {
  readonly atMs: SessionMs;
  readonly cores: Float64Array;
  /** In the order of `overviewSeries`. */
  readonly series: Float64Array;
}

function emptyTriple(length: number): Triple {
  const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return { min: unknown(), mean: unknown(), max: unknown() };
}

/** Gathers weighted triples into one bucket. */
export class BucketSum {
  readonly bucket: Bucket;
  readonly #weights: { cores: Float64Array; series: Float64Array };

  constructor(index: number) {
    this.bucket = {
      index,
      samples: 0,
      cores: emptyTriple(0),
      series: emptyTriple(overviewSeries.length),
    };
    this.#weights = { cores: new Float64Array(0), series: new Float64Array(overviewSeries.length) };
  }

  add(samples: number, cores: Triple, series: Triple): void {
    this.bucket.samples += samples;
    if (cores.mean.length > this.bucket.cores.mean.length) this.#growCores(cores.mean.length);
    gather(this.bucket.cores, this.#weights.cores, cores, samples);
    gather(this.bucket.series, this.#weights.series, series, samples);
  }

  /** A core that came later: missing until now. */
  #growCores(length: number): void {
    const grown = emptyTriple(length);
    grown.min.set(this.bucket.cores.min);
    grown.mean.set(this.bucket.cores.mean);
    grown.max.set(this.bucket.cores.max);
    Object.assign(this.bucket.cores, grown);
    const weights = new Float64Array(length);
    weights.set(this.#weights.cores);
    this.#weights.cores = weights;
  }
}

function gather(into: Triple, weights: Float64Array, from: Triple, weight: number): void {
  for (let index = 0; index < from.mean.length; index += 1) {
    const mean = from.mean[index] ?? Number.NaN;
    if (Number.isNaN(mean)) continue;
    const known = weights[index] ?? 0;
    const min = from.min[index] ?? mean;
    const max = from.max[index] ?? mean;
    if (known === 0) {
      into.min[index] = min;
      into.mean[index] = mean;
      into.max[index] = max;
    } else {
      if (min < (into.min[index] ?? min)) into.min[index] = min;
      if (max > (into.max[index] ?? max)) into.max[index] = max;
      const before = into.mean[index] ?? mean;
      into.mean[index] = before + ((mean - before) * weight) / (known + weight);
    }
    weights[index] = known + weight;
  }
}

/** Makes the levels while samples come in, and hands on each chunk when it is full. */
export class OverviewBuilder {
  readonly #levels: LevelBuilder[] = [];

  constructor(baseMs: Milliseconds, emit: (chunk: Chunk) => void) {
    let above: LevelBuilder | null = null;
    for (let level = levelCount; level >= 1; level -= 1) {
      above = new LevelBuilder(level, baseMs * levelFactor ** level, above, emit);
      this.#levels.unshift(above);
    }
  }

  add({ atMs, cores, series }: OverviewSample): void {
    this.#levels[0]?.add(
      atMs,
      1,
      { min: cores, mean: cores, max: cores },
      { min: series, mean: series, max: series },
    );
  }

  /** Hands on what has begun. Nothing may be added afterwards. */
  finish(): void {
    // From the finest up: finishing one adds its last bucket to the next.
    for (const level of this.#levels) level.finish();
  }
}

class LevelBuilder {
  readonly #level: number;
  readonly #bucketMs: Milliseconds;
  readonly #above: LevelBuilder | null;
  readonly #emit: (chunk: Chunk) => void;
  #sum: BucketSum | null = null;
  #buckets: Bucket[] = [];

  constructor(
    level: number,
    bucketMs: Milliseconds,
    above: LevelBuilder | null,
    emit: (chunk: Chunk) => void,
  ) {
    this.#level = level;
    this.#bucketMs = bucketMs;
    this.#above = above;
    this.#emit = emit;
  }

  add(atMs: SessionMs, samples: number, cores: Triple, series: Triple): void {
    // Time never goes back; what came too early for the bucket at hand would be counted in it.
    const index = Math.max(Math.floor(atMs / this.#bucketMs), this.#sum?.bucket.index ?? 0, 0);
    if (this.#sum !== null && index > this.#sum.bucket.index) this.#finishBucket(this.#sum.bucket);
    if (this.#sum?.bucket.index !== index) this.#sum = new BucketSum(index);
    this.#sum.add(samples, cores, series);
  }

  finish(): void {
    if (this.#sum !== null) this.#finishBucket(this.#sum.bucket);
    this.#sum = null;
    this.#emitChunk();
  }

  #finishBucket(bucket: Bucket): void {
    const first = this.#buckets[0];
    if (first !== undefined && chunkOf(bucket.index) !== chunkOf(first.index)) this.#emitChunk();
    this.#buckets.push(bucket);
    this.#above?.add(bucket.index * this.#bucketMs, bucket.samples, bucket.cores, bucket.series);
    if ((bucket.index + 1) % chunkBuckets === 0) this.#emitChunk();
  }

  #emitChunk(): void {
    const first = this.#buckets[0];
    const last = this.#buckets.at(-1);
    if (first === undefined || last === undefined) return;
    this.#emit({
      level: this.#level,
      bucketMs: this.#bucketMs,
      startMs: chunkOf(first.index) * chunkBuckets * this.#bucketMs,
      endMs: (last.index + 1) * this.#bucketMs,
      buckets: this.#buckets,
    });
    this.#buckets = [];
  }
}

function chunkOf(bucketIndex: number): number {
  return Math.floor(bucketIndex / chunkBuckets);
}

const chunkHeaderBytes = 24;

export function encodeCoreCode(share: number): number {
  if (Number.isNaN(share)) return coreCode.missing;
  return Math.round(Math.min(Math.max(share, 0), 1) * coreCode.full);
}

export function decodeCoreCode(code: number): number {
  return code > coreCode.full ? Number.NaN : code / coreCode.full;
}

/**
 * The payload: width of a bucket (f64), buckets, cores, series (u32), 0 (u32); samples per bucket (u32); per series
 * min, mean, max over the buckets (f32); per core the same (u8). A bucket without samples is missing throughout.
 */
export function encodeChunk({ bucketMs, startMs, endMs, buckets }: Chunk): Uint8Array {
  const length = Math.round((endMs - startMs) / bucketMs);
  const cores = buckets.reduce((count, bucket) => Math.max(count, bucket.cores.mean.length), 0);
  const seriesCount = overviewSeries.length;
  const seriesAt = chunkHeaderBytes + length * 4;
  const coresAt = seriesAt + seriesCount * 3 * length * 4;
  const bytes = new Uint8Array(coresAt + cores * 3 * length);
  const view = new DataView(bytes.buffer);
  view.setFloat64(0, bucketMs, true);
  view.setUint32(8, length, true);
  view.setUint32(12, cores, true);
  view.setUint32(16, seriesCount, true);
  for (let at = seriesAt; at < coresAt; at += 4) view.setFloat32(at, Number.NaN, true);
  bytes.fill(coreCode.missing, coresAt);
  const firstIndex = Math.round(startMs / bucketMs);
  for (const { index, samples, cores: core, series } of buckets) {
    const place = index - firstIndex;
    view.setUint32(chunkHeaderBytes + place * 4, samples, true);
    [series.min, series.mean, series.max].forEach((values, kind) => {
      values.forEach((value, which) => {
        view.setFloat32(seriesAt + ((which * 3 + kind) * length + place) * 4, value, true);
      });
    });
    [core.min, core.mean, core.max].forEach((values, kind) => {
      values.forEach((value, which) => {
        bytes[coresAt + (which * 3 + kind) * length + place] = encodeCoreCode(value);
      });
    });
  }
  return bytes;
}

/** The columns of an overview block, each with one value per bucket. `kind`: 0 min, 1 mean, 2 max. */
export interface ChunkView {
  readonly bucketMs: Milliseconds;
  readonly length: number;
  readonly cores: number;
  readonly series: number;
  readonly samples: Uint32Array;
  seriesColumn(series: number, kind: number): Float32Array;
  coreColumn(core: number, kind: number): Uint8Array;
}

/** Throws `MalformedBlock` where the payload is not what its head promises. */
export function viewChunk(payload: Uint8Array): ChunkView {
  if (payload.length < chunkHeaderBytes) throw new MalformedBlock('an overview block ends too early');
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const bucketMs = view.getFloat64(0, true);
  const length = view.getUint32(8, true);
  const cores = view.getUint32(12, true);
  const series = view.getUint32(16, true);
  const seriesAt = chunkHeaderBytes + length * 4;
  const coresAt = seriesAt + series * 3 * length * 4;
  if (coresAt + cores * 3 * length !== payload.length || !(bucketMs > 0)) {
    throw new MalformedBlock('an overview block has another length than it says');
  }
  const samples = new Uint32Array(length);
  for (let bucket = 0; bucket < length; bucket += 1) {
    samples[bucket] = view.getUint32(chunkHeaderBytes + bucket * 4, true);
  }
  return {
    bucketMs,
    length,
    cores,
    series,
    samples,
    seriesColumn(which, kind) {
      const column = new Float32Array(length);
      const start = seriesAt + (which * 3 + kind) * length * 4;
      for (let bucket = 0; bucket < length; bucket += 1) {
        column[bucket] = view.getFloat32(start + bucket * 4, true);
      }
      return column;
    },
    coreColumn(core, kind) {
      const start = coresAt + (core * 3 + kind) * length;
      return payload.subarray(start, start + length);
    },
  };
}
