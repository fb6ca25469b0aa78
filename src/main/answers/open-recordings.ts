import { statSync } from 'node:fs';
import { factsOf, figureFacts } from '../../engine/export/recording-words.ts';
import { figuresOf } from '../../engine/recording/figures.ts';
import { isPinned } from '../../engine/recording/library.ts';
import { openRecording, type Recording } from '../../engine/recording/open-recording.ts';
import { readStory, type Story } from '../../engine/recording/phases.ts';
import type { Buckets, Overview } from '../../shared/recording.ts';
import type {
  OpenedRecording,
  RecordingPicture,
  RecordingSpan,
  StoryPhase,
} from '../../shared/recordings-requests.ts';
import { fail, succeed, type Problem, type Result } from '../../shared/result.ts';

interface OpenFile {
  readonly recording: Recording;
  /** Of the file when it was opened: another one means that it has grown or was replaced. */
  readonly stamp: string;
}

/** Files that are held open at a time; the one that was used longest ago is closed for a further one. */
const mostOpen = 8;

/** What a page can show as rows and marks; a recording of a service can have millions. */
const mostPhases = 2000;
const mostMoments = 500;

/** Buckets that the figures of the whole are made of. */
const figureBuckets = 500;

/** Recordings that windows look at, kept open so that each zoom reads only what it needs. */
export class OpenRecordings {
  readonly #open = new Map<string, OpenFile>();

  /** Opened anew where the file has changed since. One that is gone from the disk is read on while it is open. */
  get(path: string): Result<Recording> {
    const known = this.#open.get(path);
    const stamp = stampOf(path);
    if (known !== undefined && (stamp === null || stamp === known.stamp)) {
      // The newest use stands last.
      this.#open.delete(path);
      this.#open.set(path, known);
      return succeed(known.recording);
    }
    const opened = openRecording(path);
    if (!opened.ok) return opened;
    known?.recording.close();
    this.#open.delete(path);
    this.#open.set(path, { recording: opened.value, stamp: stamp ?? '' });
    for (const [oldest, { recording }] of this.#open) {
      if (this.#open.size <= mostOpen) break;
      recording.close();
      this.#open.delete(oldest);
    }
    return succeed(opened.value);
  }

  close(path: string): void {
    this.#open.get(path)?.recording.close();
    this.#open.delete(path);
  }

  describe(path: string): Result<OpenedRecording> {
    const got = this.get(path);
    if (!got.ok) return got;
    const recording = got.value;
    const { manifest, span } = recording;
    const story = readStory(recording.events(), span.toMs);
    const phases = phasesOf(story);
    const moments = story.moments.map(({ kind, name, atMs }) => ({ kind, name, atMs }));
    const overview = recording.overview(span, figureBuckets);
    return succeed({
      path,
      sizeBytes: recording.sizeBytes,
      formatVersion: recording.version,
      isFinished: recording.isFinished,
      pinned: isPinned(path),
      manifest,
      span,
      cores: overview.cores.length,
      topology: recording.topologies().at(-1)?.topology ?? null,
      phases: phases.slice(0, mostPhases),
      leftPhases: Math.max(0, phases.length - mostPhases),
      moments: moments.slice(0, mostMoments),
      leftMoments: Math.max(0, moments.length - mostMoments),
      figures: figureFacts(figuresOf(overview)),
      facts: manifest === null ? [] : factsOf(manifest),
      problems: problemsOf(recording),
    });
  }

  picture(path: string, span: RecordingSpan, columns: number): Result<RecordingPicture> {
    const got = this.get(path);
    if (!got.ok) return got;
    const overview = got.value.overview(span, columns);
    return succeed({ ...pictureOf(overview), problems: problemsOf(got.value) });
  }
}

/** What is known to be missing, and that the file itself is, where somebody removed it meanwhile. */
function problemsOf(recording: Recording): readonly Problem[] {
  const problems = recording.problems();
  if (stampOf(recording.path) !== null) return problems;
  const vanished = fail(
    'recording-vanished',
    `${recording.path} is not there any more: it was moved or removed while it was open.`,
    'It can be read until you leave this page: export what you need of it.',
  );
  return [vanished.problem, ...problems];
}

/** Null where there is no such file. */
function stampOf(path: string): string | null {
  try {
    const { dev, ino, size, mtimeMs } = statSync(path);
    return `${dev} ${ino} ${size} ${mtimeMs}`;
  } catch {
    return null;
  }
}

/** Tasks are left out: there may be one for every request of a server. */
function phasesOf({ phases }: Story): StoryPhase[] {
  const warmUps = new Set(
    phases.filter(({ details }) => details['block'] === 'warm-up').map(({ order }) => order),
  );
  return phases.flatMap(({ kind, name, fromMs, toMs, ended, order }) =>
    kind === 'task'
      ? []
      : [{ kind, name, fromMs, toMs, ended, order, isWarmUp: order !== null && warmUps.has(order) }],
  );
}

/** Columns of the cores end to end: three arrays to send instead of three for each of 256 cores. */
export function pictureOf(overview: Overview): Omit<RecordingPicture, 'problems'> {
  const { startMs, bucketMs, bucketCount, sampleCounts, cores, series } = overview;
  return {
    startMs,
    bucketMs,
    bucketCount,
    cores: cores.length,
    sampleCounts,
    coreMin: joined(cores, 'min', bucketCount),
    coreMean: joined(cores, 'mean', bucketCount),
    coreMax: joined(cores, 'max', bucketCount),
    lines: series,
  };
}

function joined(
  cores: readonly Buckets<Uint8Array>[],
  kind: keyof Buckets<Uint8Array>,
  bucketCount: number,
): Uint8Array {
  const all = new Uint8Array(cores.length * bucketCount);
  cores.forEach((core, index) => {
    all.set(core[kind], index * bucketCount);
  });
  return all;
}
