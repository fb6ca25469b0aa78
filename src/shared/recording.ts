import type { InterpreterInfo, MachineInfo } from './experiment.ts';
import type { Problem } from './result.ts';
import type { EntityInfo } from './sample.ts';
import type { Bytes, CpuShare, Milliseconds, SessionMs, UnixMs } from './units.ts';

/** What a recording is, for all who read one. How it stands on disk: docs/recording-format.md. */

/** What the name of a recording ends in. */
export const recordingExtension = '.corescope';

export const recordingSchemaId = 'corescope.recording/1';

/** How much of a command line is kept: all, all but what looks like a secret, or only the program. */
export const commandLinePrivacies = ['keep', 'hide-secrets', 'program-only'] as const;
export type CommandLinePrivacy = (typeof commandLinePrivacies)[number];

/** Whatever JSON can say. Data of a file stays this until somebody has checked it. */
export type JsonValue =
  null | boolean | number | string | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** What the recording was made of and on. What is not known is null. Environment variables are never in it. */
export interface RecordingManifest {
  readonly schema: typeof recordingSchemaId;
  readonly id: string;
  readonly corescopeVersion: string;
  readonly title: string;
  /** Words that a user gave it, to find it again. */
  readonly tags: readonly string[];
  /** The wall clock when the session clock stood at 0. */
  readonly startedUnixMs: UnixMs;
  readonly machine: MachineInfo | null;
  readonly governor: string | null;
  /** Cores' worth of CPU time that control groups allow. */
  readonly quotaCores: number | null;
  /** Versions of what took part, by name: `node`, `v8`, `electron` … */
  readonly versions: Readonly<Record<string, string>>;
  readonly workload: string | null;
  readonly strategy: string | null;
  readonly workers: number | null;
  /** With the GIL's state. */
  readonly interpreter: InterpreterInfo | null;
  /** Words of the command that was run, after `commandLinePrivacy`. */
  readonly command: readonly string[] | null;
  readonly seed: number | null;
  readonly commandLinePrivacy: CommandLinePrivacy;
  readonly requestedEveryMs: Milliseconds;
  /** Null until the recording has been closed. */
  readonly summary: RecordingSummary | null;
}

/** What can only be said at the end. */
export interface RecordingSummary {
  readonly durationMs: Milliseconds;
  readonly frames: number;
  /** Mean distance of the frames; null with fewer than two. */
  readonly achievedEveryMs: Milliseconds | null;
  readonly missedTicks: number;
  /** Frames that the sampler took and the recorder was not given, or could not write. */
  readonly lostFrames: number;
  /** Mean CPU of the sampler. */
  readonly ownCpuShare: CpuShare | null;
  readonly ownRssBytes: Bytes | null;
}

/** A row's description with the span in which it was there. */
export interface RecordedEntity extends EntityInfo {
  readonly bornMs: SessionMs;
  /** Null while it is there, and where the recording ends before it does. */
  readonly goneMs: SessionMs | null;
}

/** A point in time with a name; `begin` and `end` of one name enclose a phase. */
export interface Marker {
  readonly kind: 'marker' | 'begin' | 'end';
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

export type MarkerSource = 'protocol' | 'pattern' | 'hand' | 'performance-mark';

/** What happened, on the session clock. `run` events are `ExperimentEvent`s as they came, unchecked when read. */
export type RecordedEvent =
  | { readonly type: 'run'; readonly atMs: SessionMs; readonly event: JsonValue }
  | {
      readonly type: 'marker';
      readonly atMs: SessionMs;
      readonly source: MarkerSource;
      /** Row that it came from; null where it is of the whole recording. */
      readonly entityKey: number | null;
      readonly marker: Marker;
    }
  /** A remark about a moment, also added when the recording was finished long ago. */
  | { readonly type: 'note'; readonly atMs: SessionMs; readonly text: string };

/** The series beside the cores that every zoom level keeps. `run…`: sums over the watched trees, our own left out. */
export const overviewSeries = [
  'runCpuShare',
  'runRssBytes',
  'runPssBytes',
  'runProcesses',
  'throttledShare',
  'latenessMs',
  'ownCpuShare',
  'ownRssBytes',
  'runWaiting',
] as const;
export type OverviewSeries = (typeof overviewSeries)[number];

/** A core's busy share as a byte: 0 to 250 is 0 to 100 %, and 251 is not known. */
export const coreCode = { full: 250, missing: 251 } as const;

/** Smallest, mean and largest of the samples of each bucket. */
export interface Buckets<Column> {
  readonly min: Column;
  readonly mean: Column;
  readonly max: Column;
}

/** One zoom level over a span: bucket `i` begins at `startMs + i · bucketMs`. */
export interface Overview {
  readonly startMs: SessionMs;
  readonly bucketMs: Milliseconds;
  readonly bucketCount: number;
  /** Samples per bucket; 0 where there are none, and then every series is missing. */
  readonly sampleCounts: Uint32Array;
  /** By core, codes as in `coreCode`. */
  readonly cores: readonly Buckets<Uint8Array>[];
  /** NaN is missing. */
  readonly series: Readonly<Record<OverviewSeries, Buckets<Float32Array>>>;
}

/** A recording as a list shows it. */
export interface RecordingEntry {
  readonly path: string;
  readonly sizeBytes: Bytes;
  readonly modifiedUnixMs: UnixMs;
  readonly pinned: boolean;
  /** `writing`: somebody holds its lock. `unfinished`: it was never closed, and opens all the same. */
  readonly state: 'finished' | 'writing' | 'unfinished' | 'unreadable';
  /** Null where it cannot be read; `problem` then says why. */
  readonly manifest: RecordingManifest | null;
  readonly problem: Problem | null;
}
