import { decodeFrame } from '../../shared/frame-codec.ts';
import type { ExperimentEvent } from '../../shared/experiment-event.ts';
import type {
  Marker,
  MarkerSource,
  RecordedEvent,
  RecordingManifest,
  RecordingSummary,
} from '../../shared/recording.ts';
import { succeed, type Problem, type Result } from '../../shared/result.ts';
import type { SampleFrame, SamplerMessage } from '../../shared/sample.ts';
import type { SessionMs } from '../../shared/units.ts';
import { BlockWriter, type FileOperations } from './block-writer.ts';
import { blockType, type NewBlock } from './container.ts';
import { EntityLog } from './entity-block.ts';
import { FrameEncoder } from './frame-block.ts';
import { encodeJson } from './json-payload.ts';
import { createManifest, encodeManifest, type ManifestFacts } from './manifest.ts';
import { encodeChunk, OverviewBuilder, type Chunk } from './overview-levels.ts';
import { overviewSampleOf } from './overview-sample.ts';
import { redactCommand, redactEvent } from './privacy.ts';
import { RunningSummary } from './running-summary.ts';

export interface RecorderOptions {
  /** Must not exist yet: a recording is never written over. */
  readonly path: string;
  readonly facts: ManifestFacts;
  readonly clock: { nowMs(): SessionMs };
  /** Called once when writing begins to fail, and again when it fails after having worked in between. */
  readonly onProblem?: (problem: Problem) => void;
  /** Calls `tick` about once a second until the returned function is called. */
  readonly startTimer?: (tick: () => void) => () => void;
  readonly file?: FileOperations;
}

export interface MarkerPlace {
  /** Now, by default. */
  readonly atMs?: SessionMs;
  readonly source?: MarkerSource;
  readonly entityKey?: number;
}

/** What may be added to the manifest, or corrected, while it runs. */
export type LaterFacts = Partial<
  Omit<RecordingManifest, 'schema' | 'id' | 'summary' | 'commandLinePrivacy' | 'requestedEveryMs'>
>;

/** Keeps what the sampler and the runs say. What it is given is on disk at most a second later. */
export interface Recorder {
  readonly path: string;
  readonly manifest: RecordingManifest;
  readonly sizeBytes: number;
  /** Of the sampler. A frame's buffer must stay as it is for a second. */
  receive(message: SamplerMessage): void;
  addEvent(event: ExperimentEvent): void;
  addMarker(marker: Marker, place?: MarkerPlace): void;
  addNote(text: string, atMs?: SessionMs): void;
  /** What became known while it ran, as the interpreter. */
  describe(facts: LaterFacts): void;
  /** Writes what is waiting. Happens by itself every second. */
  flush(): void;
  /** Writes the rest and the index. Afterwards nothing is recorded. */
  close(): Result<RecordingSummary>;
}

/** Longer blocks compress better; this is what may be lost when the program is killed. */
const blockMs = 1000;

/** Frames that may wait although their second is not over: bounds the memory at high rates. */
const mostWaitingBytes = 4 * 1024 * 1024;

/**
 * Session time between key blocks: half a block less than ten seconds, for blocks begin early or late. Longer makes
 * files smaller, and a jump into the middle or damage dearer.
 */
const keyEveryMs = 9500;

/** Events that may wait for a disk that is full. */
const mostWaitingEvents = 10_000;

export function createRecorder(options: RecorderOptions): Result<Recorder> {
  const manifest = createManifest(options.facts);
  const writer = BlockWriter.create(options.path, options.file);
  if (!writer.ok) return writer;
  const recorder = new FileRecorder(options, writer.value, manifest);
  const begun = recorder.writeManifest();
  if (!begun.ok) {
    recorder.close();
    return begun;
  }
  return succeed(recorder);
}

class FileRecorder implements Recorder {
  #manifest: RecordingManifest;
  readonly #options: RecorderOptions;
  readonly #writer: BlockWriter;
  readonly #stopTimer: () => void;
  readonly #encoder = new FrameEncoder();
  readonly #entities: EntityLog;
  readonly #overview: OverviewBuilder;
  readonly #summary = new RunningSummary();
  #frames: SampleFrame[] = [];
  #waitingBytes = 0;
  #events: { readonly atMs: SessionMs; readonly json: string }[] = [];
  #chunks: Chunk[] = [];
  #topology: { readonly atMs: SessionMs; readonly payload: Buffer } | null = null;
  #isManifestDue = false;
  #lastKeyMs: SessionMs | null = null;
  #isFailing = false;
  #isClosed = false;

  constructor(options: RecorderOptions, writer: BlockWriter, manifest: RecordingManifest) {
    this.#options = options;
    this.#writer = writer;
    this.#manifest = manifest;
    this.#entities = new EntityLog(manifest.commandLinePrivacy);
    this.#overview = new OverviewBuilder(manifest.requestedEveryMs, (chunk) => this.#chunks.push(chunk));
    this.#stopTimer = (options.startTimer ?? everySecond)(() => {
      this.flush();
    });
  }

  get path(): string {
    return this.#writer.path;
  }

  get manifest(): RecordingManifest {
    return this.#manifest;
  }

  get sizeBytes(): number {
    return this.#writer.sizeBytes;
  }

  receive(message: SamplerMessage): void {
    if (this.#isClosed) return;
    switch (message.type) {
      case 'entities': {
        const atMs = this.#options.clock.nowMs();
        for (const entity of message.appeared) this.#entities.appear(entity, atMs);
        for (const key of message.goneKeys) this.#entities.leave(key, atMs);
        break;
      }
      case 'topology':
        this.#topology = { atMs: this.#options.clock.nowMs(), payload: encodeJson(message.topology) };
        break;
      case 'frame':
        this.#addFrame(decodeFrame(message.buffer), message.buffer.byteLength);
        break;
    }
  }

  addEvent(event: ExperimentEvent): void {
    const kept = redactEvent(event, this.#manifest.commandLinePrivacy);
    this.#addEvent({ type: 'run', atMs: event.atMs, event: kept });
  }

  addMarker(marker: Marker, { atMs, source, entityKey }: MarkerPlace = {}): void {
    this.#addEvent({
      type: 'marker',
      atMs: atMs ?? this.#options.clock.nowMs(),
      source: source ?? 'hand',
      entityKey: entityKey ?? null,
      marker,
    });
  }

  addNote(text: string, atMs?: SessionMs): void {
    this.#addEvent({ type: 'note', atMs: atMs ?? this.#options.clock.nowMs(), text });
  }

  describe(facts: LaterFacts): void {
    const { command, commandLinePrivacy } = { ...this.#manifest, ...facts };
    this.#manifest = {
      ...this.#manifest,
      ...facts,
      command: command === null ? null : redactCommand(command, commandLinePrivacy),
    };
    this.#isManifestDue = true;
  }

  writeManifest(): Result<void> {
    const payload = encodeManifest(this.#manifest);
    return this.#append({ type: blockType.manifest, startMs: Number.NaN, endMs: Number.NaN, payload });
  }

  flush(): void {
    if (this.#isClosed) return;
    if (this.#isManifestDue) this.#isManifestDue = !this.writeManifest().ok;
    this.#flushTopology();
    this.#flushEntities();
    this.#flushFrames();
    this.#flushEvents();
    this.#flushChunks();
  }

  close(): Result<RecordingSummary> {
    const summary = this.#summary.summarize();
    if (this.#isClosed) return succeed(summary);
    this.#stopTimer();
    this.#overview.finish();
    this.flush();
    this.#isClosed = true;
    this.#manifest = { ...this.#manifest, summary: this.#summary.summarize() };
    const described = this.writeManifest();
    const finished = this.#writer.finish();
    if (!described.ok) return described;
    return finished.ok ? succeed(this.#summary.summarize()) : finished;
  }

  #addFrame(frame: SampleFrame, bytes: number): void {
    this.#summary.add(frame);
    this.#overview.add(overviewSampleOf(frame, this.#entities.alive));
    this.#frames.push(frame);
    this.#waitingBytes += bytes;
    const first = this.#frames[0] ?? frame;
    // Early by an interval, for the next frame is that far off, and by half of one, for ticks are late or early.
    const isLong = frame.atMs - first.atMs + 1.5 * frame.everyMs >= blockMs;
    if (isLong || this.#waitingBytes >= mostWaitingBytes) this.flush();
  }

  /** Made into text at once: the event may hold more than is kept, and change. */
  #addEvent(event: { readonly atMs: SessionMs } & (RecordedEvent | { type: 'run'; event: unknown })): void {
    if (this.#isClosed) return;
    this.#events.push({ atMs: event.atMs, json: JSON.stringify(event) });
    if (this.#events.length > mostWaitingEvents) this.#events.shift();
  }

  #flushTopology(): void {
    if (this.#topology === null) return;
    const { atMs, payload } = this.#topology;
    if (this.#append({ type: blockType.topology, startMs: atMs, endMs: atMs, payload }).ok) {
      this.#topology = null;
    }
  }

  #flushEntities(): void {
    const lastFrame = this.#frames.at(-1);
    const nowMs = Math.max(lastFrame?.atMs ?? 0, this.#options.clock.nowMs());
    for (const block of this.#entities.take(nowMs)) {
      if (!this.#append({ type: blockType.entities, ...block }).ok) this.#entities.startOver();
    }
  }

  #flushFrames(): void {
    const frames = this.#frames;
    const first = frames[0];
    const last = frames.at(-1);
    if (first === undefined || last === undefined) return;
    this.#frames = [];
    this.#waitingBytes = 0;
    const isKey = this.#lastKeyMs === null || first.atMs - this.#lastKeyMs >= keyEveryMs;
    if (isKey) this.#lastKeyMs = first.atMs;
    const payload = this.#encoder.encode(frames, isKey);
    const written = this.#append({
      type: blockType.frames,
      isKey,
      startMs: first.atMs,
      endMs: last.atMs,
      payload,
    });
    if (written.ok) return;
    this.#summary.lose(frames.length);
    // What follows could not be decoded without it.
    this.#lastKeyMs = null;
  }

  #flushEvents(): void {
    if (this.#events.length === 0) return;
    const times = this.#events.map(({ atMs }) => atMs);
    const written = this.#append({
      type: blockType.events,
      startMs: times.reduce((least, atMs) => Math.min(least, atMs)),
      endMs: times.reduce((most, atMs) => Math.max(most, atMs)),
      payload: Buffer.from(`[${this.#events.map(({ json }) => json).join(',')}]`, 'utf8'),
    });
    if (written.ok) this.#events = [];
  }

  /** Not tried again where it fails: readers make the level from the one below. */
  #flushChunks(): void {
    for (const chunk of this.#chunks) {
      const { level, startMs, endMs } = chunk;
      this.#append({ type: blockType.overview, level, startMs, endMs, payload: encodeChunk(chunk) });
    }
    this.#chunks = [];
  }

  #append(block: Omit<NewBlock, 'sequence'>): Result<void> {
    const written = this.#writer.append(block);
    if (!written.ok && !this.#isFailing) this.#options.onProblem?.(written.problem);
    this.#isFailing = !written.ok;
    return written;
  }
}

function everySecond(tick: () => void): () => void {
  const timer = setInterval(tick, blockMs);
  // A recording alone is no reason to go on.
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
