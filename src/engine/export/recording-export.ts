import type { RecordedEntity, RecordedEvent, RecordingManifest } from '../../shared/recording.ts';
import type { Problem } from '../../shared/result.ts';
import type { SampleFrame } from '../../shared/sample.ts';
import type { Recording, TimeSpan } from '../recording/open-recording.ts';
import { readStory, type Story } from '../recording/phases.ts';

/** A recording as the exporters read it. Frames are read again by each call of `frames`, a block at a time. */
export interface ExportSource {
  readonly title: string;
  /** Null where it is lost. */
  readonly manifest: RecordingManifest | null;
  readonly span: TimeSpan;
  readonly cores: number;
  readonly entities: ReadonlyMap<number, RecordedEntity>;
  readonly events: readonly RecordedEvent[];
  readonly story: Story;
  readonly recording: Recording;
  /** Most columns that its pictures have. */
  readonly columns: number;
  frames(columns?: readonly string[]): Generator<SampleFrame>;
}

export type Chunk = string | Uint8Array;

/** One file format. The chunks, put end to end, are the file; memory is bounded by the number of rows, not by time. */
export interface RecordingFormat {
  readonly extension: string;
  readonly description: string;
  write(source: ExportSource): Iterable<Chunk>;
}

/** The same for what another program makes of it. It throws `ExportFailure` where it cannot be had. */
export interface ForeignRecordingFormat extends Omit<RecordingFormat, 'write'> {
  write(source: ExportSource): AsyncIterable<Chunk>;
}

/** Carries a problem through a stream of chunks; `writeStreamSafely` hands it on. */
export class ExportFailure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Columns of a picture, unless others are asked for: what a wide screen shows of a page. */
export const usualColumns = 1600;

export function createExportSource(
  recording: Recording,
  span: TimeSpan = recording.span,
  columns: number = usualColumns,
): ExportSource {
  const events = recording.events(span);
  const { manifest } = recording;
  return {
    title: manifest?.title ?? 'a recording whose description is lost',
    manifest,
    span,
    cores: coresOf(recording),
    entities: recording.entities(span),
    events,
    story: readStory(events, span.toMs),
    recording,
    columns,
    frames: (columns) =>
      recording.frames(columns === undefined ? span : { ...span, columns: ['atMs', ...columns] }),
  };
}

/** Most cores that the recording knows at one time: they can come and go. */
function coresOf(recording: Recording): number {
  const told = recording.topologies().map(({ topology }) => topology.cores.length);
  for (const frame of recording.frames({ ...recording.span, columns: ['atMs', 'coreBusy'] })) {
    told.push(frame.coreBusy.length);
    break;
  }
  return Math.max(0, ...told);
}

/** JSON has no NaN: what is unknown is null. */
export function orNull(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
