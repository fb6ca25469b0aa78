import { coreCode, type Overview, type RecordedEntity, type RecordedEvent } from '../../shared/recording.ts';
import type { RecordingManifest } from '../../shared/recording.ts';
import { succeed, type Problem, type Result } from '../../shared/result.ts';
import type { SampleFrame } from '../../shared/sample.ts';
import type { Bytes, SessionMs } from '../../shared/units.ts';
import { openBlocks, type BlockEntry, type BlockFile } from './block-reader.ts';
import { MalformedBlock } from './bytes.ts';
import { blockType, type BlockType } from './container.ts';
import { EntityTable } from './entity-block.ts';
import { decodeEvents } from './event-block.ts';
import { frameColumns } from './frame-columns.ts';
import { blocksOf, readFrames, type FrameQuery } from './frame-reader.ts';
import { decodeManifest, type ManifestPayload } from './manifest.ts';
import { chunkBuckets, levelFactor, viewChunk, type ChunkView } from './overview-levels.ts';
import { readOverview, type OverviewSource } from './overview-reader.ts';
import { overviewColumns, overviewSampleOf } from './overview-sample.ts';
import { decodeTopology, type RecordedTopology } from './topology-block.ts';

export interface TimeSpan {
  readonly fromMs: SessionMs;
  /** Not included. */
  readonly toMs: SessionMs;
}

/** A recording that is open for reading. Nothing is read before it is asked for. */
export interface Recording {
  readonly path: string;
  readonly version: number;
  readonly sizeBytes: number;
  /** Null where every copy of it is damaged. */
  readonly manifest: RecordingManifest | null;
  /** Whether its writer closed it. One that was not closed opens all the same. */
  readonly isFinished: boolean;
  /** Of the first and behind the last frame or event; both 0 where there is none. */
  readonly span: TimeSpan;
  /** What is missing, as far as it has shown up: reading more can add to it. */
  problems(): readonly Problem[];
  topologies(): readonly RecordedTopology[];
  /** Rows that were there at some time of the span, by key. */
  entities(span: TimeSpan): ReadonlyMap<number, RecordedEntity>;
  /** Frames of the span, in order, as the sampler made them. Memory: one block. */
  frames(query: FrameQuery): Generator<SampleFrame>;
  /** What reading the frames of these spans costs: bytes, inflated, of the blocks that are gone through, each once. */
  frameBytes(spans: readonly TimeSpan[]): Bytes;
  /** Events of the span by time. */
  events(span?: TimeSpan): readonly RecordedEvent[];
  /** The zoom level with at least `leastBuckets` buckets, where the samples are that fine. */
  overview(span: TimeSpan, leastBuckets: number): Overview;
  close(): void;
}

/** Opens a recording of any version. What is damaged is left out and told by `problems`; nothing here throws. */
export function openRecording(path: string): Result<Recording> {
  const opened = openBlocks(path);
  return opened.ok ? succeed(new OpenRecording(opened.value)) : opened;
}

class OpenRecording implements Recording {
  readonly path: string;
  readonly version: number;
  readonly sizeBytes: number;
  readonly manifest: RecordingManifest | null;
  readonly isFinished: boolean;
  readonly span: TimeSpan;
  readonly #file: BlockFile;
  readonly #payload: ManifestPayload | null;
  readonly #byType = new Map<number, BlockEntry[]>();
  readonly #chunks = new Map<number, Map<number, BlockEntry>>();
  readonly #baseMs: number;
  readonly #problems = new Map<string, Problem>();
  #isOpen = true;

  constructor(file: BlockFile) {
    this.#file = file;
    this.path = file.path;
    this.version = file.version;
    this.sizeBytes = file.sizeBytes;
    this.isFinished = file.isFinished;
    for (const entry of file.entries) {
      const entries = this.#byType.get(entry.type);
      if (entries === undefined) this.#byType.set(entry.type, [entry]);
      else entries.push(entry);
    }
    this.#noteFileProblems();
    this.#payload = this.#readManifest();
    this.manifest = this.#payload?.manifest ?? null;
    this.#baseMs = this.manifest?.requestedEveryMs ?? this.#baseOfChunks() ?? 100;
    for (const entry of this.#entries('overview')) {
      const number = Math.round(entry.startMs / (this.#baseMs * levelFactor ** entry.level * chunkBuckets));
      const level = this.#chunks.get(entry.level) ?? new Map<number, BlockEntry>();
      this.#chunks.set(entry.level, level.set(number, entry));
    }
    this.span = this.#findSpan();
  }

  problems(): readonly Problem[] {
    return [...this.#problems.values()];
  }

  topologies(): readonly RecordedTopology[] {
    return this.#entries('topology').flatMap((entry) => {
      const topology = this.#decode(entry, decodeTopology);
      return topology === null ? [] : [{ atMs: entry.startMs, topology }];
    });
  }

  entities({ fromMs, toMs }: TimeSpan): ReadonlyMap<number, RecordedEntity> {
    const entries = this.#entries('entities');
    const table = new EntityTable();
    const start = entries.findLastIndex((entry) => entry.isKey && entry.startMs <= fromMs);
    for (let index = Math.max(0, start); index < entries.length; index += 1) {
      const entry = entries[index];
      if (entry === undefined) break;
      // The first block of all is written up to a second after those came whom it tells of.
      const isFirst = index === 0 && entry.isKey;
      if (entry.startMs >= toMs && !isFirst) break;
      this.#decode(entry, (payload) => {
        table.add(payload, entry.isKey, entry.startMs);
        return true;
      });
    }
    if (table.lostNames > 0) {
      this.#note('recording-names-lost', `The names of ${table.lostNames} rows are lost.`);
    }
    const there = [...table.entities].filter(
      ([, { bornMs, goneMs }]) => bornMs < toMs && (goneMs === null || goneMs >= fromMs),
    );
    return new Map(there);
  }

  frames(query: FrameQuery): Generator<SampleFrame> {
    const columns = this.#payload?.columns ?? frameColumns;
    const payloadOf = (entry: BlockEntry): Uint8Array | null => this.#read(entry);
    return readFrames(this.#entries('frames'), columns, payloadOf, query, ({ fromMs, toMs }) => {
      this.#note(
        `recording-frames-lost ${fromMs}`,
        `Frames from ${(fromMs / 1000).toFixed(1)} s to ${(toMs / 1000).toFixed(1)} s are damaged or missing.`,
      );
    });
  }

  frameBytes(spans: readonly TimeSpan[]): Bytes {
    const entries = this.#entries('frames');
    const read = new Set(spans.flatMap((span) => blocksOf(entries, span)));
    return [...read].reduce((sum, { rawBytes }) => sum + rawBytes, 0);
  }

  events(
    span: TimeSpan = { fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY },
  ): RecordedEvent[] {
    return this.#entries('events')
      .flatMap((entry) => this.#decode(entry, decodeEvents) ?? [])
      .filter(({ atMs }) => atMs >= span.fromMs && atMs < span.toMs)
      .sort((one, other) => one.atMs - other.atMs);
  }

  overview(span: TimeSpan, leastBuckets: number): Overview {
    const clamped = {
      fromMs: Math.max(span.fromMs, 0),
      toMs: Math.max(Math.min(span.toMs, this.span.toMs), 0),
    };
    let rows: ReadonlyMap<number, RecordedEntity> | null = null;
    const source: OverviewSource = {
      baseMs: this.#baseMs,
      seriesNames: this.#payload?.overviewSeries ?? [],
      frameBytes: this.frameBytes([clamped]),
      chunk: (level, number) => this.#chunk(level, number),
      samples: (fromMs, toMs) => {
        // Asked for only where a level ends in samples.
        rows ??= this.entities(clamped);
        return samplesOf(this.frames({ fromMs, toMs, columns: overviewColumns }), rows);
      },
    };
    return readOverview(source, clamped, leastBuckets);
  }

  close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }

  #entries(type: keyof typeof blockType): readonly BlockEntry[] {
    return this.#byType.get(blockType[type] satisfies BlockType) ?? [];
  }

  #chunk(level: number, number: number): ChunkView | null {
    const entry = this.#chunks.get(level)?.get(number);
    if (entry === undefined) return null;
    const view = this.#decode(entry, viewChunk);
    // A forged bucket count must not be believed: a chunk has its fixed number of them.
    return view === null || view.length > chunkBuckets ? null : view;
  }

  /** What `decode` makes of a block; null where it is damaged, which is noted. */
  #decode<Value>(entry: BlockEntry, decode: (payload: Uint8Array) => Value): Value | null {
    const payload = this.#read(entry);
    if (payload === null) return null;
    try {
      return decode(payload);
    } catch (error) {
      if (!(error instanceof MalformedBlock)) throw error;
      this.#noteDamage(entry);
      return null;
    }
  }

  #read(entry: BlockEntry): Uint8Array | null {
    let payload: Uint8Array | null = null;
    try {
      payload = this.#file.payload(entry);
    } catch {
      // The disk refused to read it: as good as damaged.
    }
    if (payload === null) this.#noteDamage(entry);
    return payload;
  }

  #readManifest(): ManifestPayload | null {
    const entries = [...this.#entries('manifest')].sort((one, other) => other.offset - one.offset);
    for (const entry of entries) {
      const payload = this.#decode(entry, (bytes) => decodeManifest(bytes, this.version));
      if (payload !== null) return payload;
    }
    this.#note('recording-manifest-lost', 'What was recorded, and on which machine, is lost.');
    return null;
  }

  /** The sampling interval by the first overview block that can be read. */
  #baseOfChunks(): number | null {
    for (const entry of this.#entries('overview')) {
      const view = this.#decode(entry, viewChunk);
      if (view !== null) return view.bucketMs / levelFactor ** entry.level;
    }
    return null;
  }

  #findSpan(): TimeSpan {
    let fromMs = Number.POSITIVE_INFINITY;
    let toMs = Number.NEGATIVE_INFINITY;
    for (const entry of [...this.#entries('frames'), ...this.#entries('events')]) {
      if (entry.startMs < fromMs) fromMs = entry.startMs;
      if (entry.endMs > toMs) toMs = entry.endMs;
    }
    if (!Number.isFinite(fromMs) || !Number.isFinite(toMs)) return { fromMs: 0, toMs: 0 };
    // The end is not part of a span, and the last frame is part of the recording.
    return { fromMs, toMs: toMs + 0.001 };
  }

  #noteFileProblems(): void {
    const { gaps, isFinished, isHeaderDamaged } = this.#file;
    if (isHeaderDamaged) this.#note('recording-header-damaged', 'The first bytes of the file are damaged.');
    if (!isFinished) {
      this.#note(
        'recording-unfinished',
        'It was not closed: its program was stopped, or the disk was full; what came after the last block is lost.',
      );
    }
    for (const { from, to } of gaps) {
      this.#note(`recording-damaged ${from}`, `${to - from} bytes at ${from} belong to no whole block.`);
    }
  }

  #noteDamage({ offset, type, startMs }: BlockEntry): void {
    const names = Object.entries(blockType).find(([, value]) => value === type);
    const when = Number.isNaN(startMs) ? '' : ` (${(startMs / 1000).toFixed(1)} s)`;
    this.#note(
      `recording-damaged ${offset}`,
      `The ${names?.[0] ?? 'unknown'} block at ${offset}${when} is damaged.`,
    );
  }

  /** `place`: the problem's kind, and where it is, so that it is told once. */
  #note(place: string, message: string): void {
    // Thousands of damaged blocks are one damaged file.
    if (this.#problems.size >= mostProblems || this.#problems.has(place)) return;
    this.#problems.set(place, {
      kind: place.split(' ')[0] ?? place,
      message: `${this.path}: ${message}`,
      advice: 'The rest can be used; for all of it, use a copy of the file if there is one.',
    });
  }
}

const mostProblems = 100;

function* samplesOf(
  frames: Iterable<SampleFrame>,
  rows: ReadonlyMap<number, RecordedEntity>,
): Generator<ReturnType<typeof overviewSampleOf>> {
  for (const frame of frames) yield overviewSampleOf(frame, rows);
}

/** The share that a code of an overview stands for; NaN where it is missing. */
export function shareOfCode(code: number): number {
  return code > coreCode.full ? Number.NaN : code / coreCode.full;
}
