import type {
  Marker,
  OverviewSeries,
  RecordingEntry,
  RecordingManifest,
  RecordingSummary,
} from './recording.ts';
import type { Problem } from './result.ts';
import type { CoreTopology } from './topology.ts';
import type { Bytes, CpuShare, Milliseconds, SessionMs, UnixMs } from './units.ts';

/** What the window asks about recordings, and what it is told. Columns of numbers cross as typed arrays. */

export interface RecordingSpan {
  readonly fromMs: SessionMs;
  /** Not included. */
  readonly toMs: SessionMs;
}

export interface ExportFormat {
  readonly id: string;
  /** With the point: `.csv`, `.trace.json`. */
  readonly extension: string;
  readonly description: string;
}

export interface RecordingLibrary {
  readonly folder: string;
  readonly budgetBytes: Bytes;
  readonly totalBytes: Bytes;
  /** Newest first. Files from elsewhere that were opened are not among them. */
  readonly entries: readonly RecordingEntry[];
  readonly formats: readonly ExportFormat[];
}

/** A named span, as `readStory` of the engine finds it. */
export interface StoryPhase {
  readonly kind: 'run' | 'part' | 'marked';
  readonly name: string;
  readonly fromMs: SessionMs;
  readonly toMs: SessionMs;
  readonly ended: boolean;
  readonly order: number | null;
  readonly isWarmUp: boolean;
}

export interface StoryMoment {
  readonly kind: 'marker' | 'note';
  readonly name: string;
  readonly atMs: SessionMs;
}

export type RecordingFact = readonly [name: string, value: string];

/** A recording that has been opened: what does not depend on the span that is looked at. */
export interface OpenedRecording {
  readonly path: string;
  readonly sizeBytes: Bytes;
  readonly formatVersion: number;
  readonly isFinished: boolean;
  readonly pinned: boolean;
  readonly manifest: RecordingManifest | null;
  readonly span: RecordingSpan;
  readonly cores: number;
  readonly topology: CoreTopology | null;
  readonly phases: readonly StoryPhase[];
  /** Phases that are too many to be sent. */
  readonly leftPhases: number;
  readonly moments: readonly StoryMoment[];
  readonly leftMoments: number;
  /** Figures of the whole, and what it was made of and on, as the reports have them. */
  readonly figures: readonly RecordingFact[];
  readonly facts: readonly RecordingFact[];
  readonly problems: readonly Problem[];
}

export interface RecordingLine {
  readonly min: Float32Array;
  readonly mean: Float32Array;
  readonly max: Float32Array;
}

/** One zoom level over a span: bucket `i` begins at `startMs + i · bucketMs`. */
export interface RecordingPicture {
  readonly startMs: SessionMs;
  readonly bucketMs: Milliseconds;
  readonly bucketCount: number;
  readonly cores: number;
  /** Samples per bucket. */
  readonly sampleCounts: Uint32Array;
  /** Core after core, `bucketCount` codes each (`coreCode` of recording.ts). */
  readonly coreMin: Uint8Array;
  readonly coreMean: Uint8Array;
  readonly coreMax: Uint8Array;
  /** NaN is missing. */
  readonly lines: Readonly<Record<OverviewSeries, RecordingLine>>;
  /** What reading it has shown to be missing. */
  readonly problems: readonly Problem[];
}

export interface RecordedProcess {
  readonly key: number;
  readonly pid: number;
  readonly depth: number;
  readonly name: string;
  readonly commandLine: string;
  readonly owner: 'run' | 'corescope';
  /** CPU time within the span, itself only; NaN is not known. */
  readonly cpuMs: Milliseconds;
  readonly meanCores: CpuShare;
  readonly peakPssBytes: Bytes;
  readonly peakRssBytes: Bytes;
  readonly fromMs: SessionMs;
  readonly toMs: SessionMs;
}

export interface RecordedProcesses {
  readonly processes: readonly RecordedProcess[];
  readonly left: number;
  readonly samples: number;
  /** Whether only a part of the samples was read: peaks between them are not seen, CPU time is. */
  readonly isThinned: boolean;
}

/** One figure of two recordings, in words and numbers. */
export interface ComparedFigure {
  readonly name: string;
  readonly base: string;
  readonly other: string;
  readonly delta: string;
  readonly ratio: string;
}

export interface ComparedRecording {
  readonly path: string;
  readonly title: string;
  readonly startedUnixMs: UnixMs | null;
  readonly spanCount: number;
  /** Of the first span: where bucket 0 of the overlay stands, which is where they are aligned. */
  readonly firstSpan: RecordingSpan;
  readonly bucketMs: Milliseconds;
  /** Cores busy on the whole machine, and of the watched processes; memory of those. By bucket; NaN is missing. */
  readonly machineCores: Float32Array;
  readonly runCores: Float32Array;
  readonly pssBytes: Float32Array;
  readonly rssBytes: Float32Array;
}

export interface SettingsDifference {
  readonly setting: string;
  readonly weight: 'same-needed' | 'subject' | 'minor';
  readonly values: readonly (string | null)[];
}

export interface ComparedRecordings {
  readonly alignedBy: string | null;
  /** Names that all have, the most telling first. */
  readonly alignNames: readonly string[];
  readonly recordings: readonly ComparedRecording[];
  /** For every recording but the first. */
  readonly figures: readonly (readonly ComparedFigure[])[];
  readonly differences: readonly SettingsDifference[];
  readonly comparable: boolean;
  readonly reasons: readonly string[];
}

/** What another tool measured, in our units. */
export type ForeignFile =
  | {
      readonly kind: 'timings';
      readonly path: string;
      readonly tool: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'series';
      readonly path: string;
      readonly tool: string;
      readonly command: string | null;
      readonly series: readonly {
        readonly name: string;
        readonly unit: 'cores' | 'bytes';
        readonly atMs: Float64Array;
        readonly values: Float64Array;
      }[];
      readonly notes: readonly string[];
    };

interface Path {
  readonly path: string;
}

export interface RecordingRequests {
  'recordings:list': { readonly request: null; readonly response: RecordingLibrary };
  'recordings:pin': { readonly request: Path & { readonly pinned: boolean }; readonly response: null };
  /** What is given is changed; the rest stays as it is. */
  'recordings:edit': {
    readonly request: Path & { readonly title?: string; readonly tags?: readonly string[] };
    readonly response: null;
  };
  /** Into the system's trash, or off the disk where `forGood`. */
  'recordings:remove': { readonly request: Path & { readonly forGood: boolean }; readonly response: null };
  'recordings:reveal': { readonly request: Path; readonly response: null };
  /** Asks for files to open; empty where the user closed the dialog. */
  'recordings:choose': { readonly request: null; readonly response: { readonly paths: readonly string[] } };
  'recordings:compare': {
    readonly request: { readonly paths: readonly string[]; readonly alignBy: string | null };
    readonly response: ComparedRecordings;
  };
  'recording:open': { readonly request: Path; readonly response: OpenedRecording };
  /** At least `columns` buckets, where the samples are that fine; at most eight times as many. */
  'recording:span': {
    readonly request: Path & RecordingSpan & { readonly columns: number };
    readonly response: RecordingPicture;
  };
  'recording:processes': { readonly request: Path & RecordingSpan; readonly response: RecordedProcesses };
  'recording:add-note': {
    readonly request: Path & { readonly atMs: SessionMs; readonly text: string };
    readonly response: null;
  };
  /** Asks where to, and writes it; null where the user closed the dialog. */
  'recording:export': {
    readonly request: Path & { readonly format: string; readonly span: RecordingSpan | null };
    readonly response: { readonly path: string | null };
  };
  'recording:close': { readonly request: Path; readonly response: null };
  'foreign:open': { readonly request: Path; readonly response: ForeignFile };
}

/** What is said of recording while nobody asked. */
export type RecordingsEvent =
  | { readonly type: 'began'; readonly path: string }
  | { readonly type: 'ended'; readonly path: string; readonly summary: RecordingSummary }
  /** Nothing was seen of what was to be recorded: the file is gone again. */
  | { readonly type: 'discarded'; readonly path: string }
  /** Said once for each recording: it could not be begun, or ended early. The experiment goes on. */
  | { readonly type: 'failed'; readonly problem: Problem }
  /** Old recordings were removed to keep within the budget, or could not be. */
  | {
      readonly type: 'cleaned-up';
      readonly removed: readonly string[];
      readonly problems: readonly Problem[];
    }
  /** What is recorded has set a marker, on the app's clock. */
  | { readonly type: 'marker'; readonly marker: Marker; readonly atMs: SessionMs };

export const recordingChannels = {
  'recordings:list': true,
  'recordings:pin': true,
  'recordings:edit': true,
  'recordings:remove': true,
  'recordings:reveal': true,
  'recordings:choose': true,
  'recordings:compare': true,
  'recording:open': true,
  'recording:span': true,
  'recording:processes': true,
  'recording:add-note': true,
  'recording:export': true,
  'recording:close': true,
  'foreign:open': true,
} as const satisfies Record<keyof RecordingRequests, true>;
