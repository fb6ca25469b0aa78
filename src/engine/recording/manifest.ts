import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { InterpreterInfo, MachineInfo } from '../../shared/experiment.ts';
import {
  commandLinePrivacies,
  overviewSeries,
  recordingSchemaId,
  type CommandLinePrivacy,
  type RecordingManifest,
} from '../../shared/recording.ts';
import type { Milliseconds, UnixMs } from '../../shared/units.ts';
import { runtimes } from '../../shared/workload.ts';
import { decodeJson, encodeJson } from './json-payload.ts';
import { frameColumns, frameGroups, type ColumnSpec } from './frame-columns.ts';
import { redactCommand } from './privacy.ts';
import { upgradeManifest } from './upgrade.ts';

/** What is known when a recording begins. What is left out is not known. */
export interface ManifestFacts {
  readonly corescopeVersion: string;
  readonly title: string;
  readonly startedUnixMs: UnixMs;
  readonly requestedEveryMs: Milliseconds;
  readonly machine?: MachineInfo;
  readonly governor?: string | null;
  readonly quotaCores?: number | null;
  readonly versions?: Readonly<Record<string, string>>;
  readonly workload?: string;
  readonly strategy?: string;
  readonly workers?: number;
  readonly interpreter?: InterpreterInfo;
  readonly command?: readonly string[];
  readonly seed?: number;
  /** `keep` unless said otherwise. */
  readonly commandLinePrivacy?: CommandLinePrivacy;
}

export function createManifest(facts: ManifestFacts, id: string = randomUUID()): RecordingManifest {
  const commandLinePrivacy = facts.commandLinePrivacy ?? 'keep';
  return {
    schema: recordingSchemaId,
    id,
    corescopeVersion: facts.corescopeVersion,
    title: facts.title,
    tags: [],
    startedUnixMs: facts.startedUnixMs,
    machine: facts.machine ?? null,
    governor: facts.governor ?? null,
    quotaCores: facts.quotaCores ?? null,
    versions: facts.versions ?? {},
    workload: facts.workload ?? null,
    strategy: facts.strategy ?? null,
    workers: facts.workers ?? null,
    interpreter: facts.interpreter ?? null,
    command: facts.command === undefined ? null : redactCommand(facts.command, commandLinePrivacy),
    seed: facts.seed ?? null,
    commandLinePrivacy,
    requestedEveryMs: facts.requestedEveryMs,
    summary: null,
  };
}

/** The frequency governor of the first core; null where the system has none to tell of. */
export function readGovernor(
  read: (path: string) => string = (path) => readFileSync(path, 'utf8'),
): string | null {
  try {
    return read('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor').trim() || null;
  } catch {
    return null;
  }
}

const machineShape = z.object({
  os: z.string(),
  kernel: z.string(),
  arch: z.string(),
  cpuModel: z.string(),
  logicalCores: z.number(),
  physicalCores: z.number().nullable(),
  memoryBytes: z.number(),
  virtualization: z.string().nullable(),
});

const interpreterShape = z.object({
  runtime: z.enum(runtimes),
  version: z.string(),
  executable: z.string(),
  implementation: z.string(),
  gilEnabled: z.boolean().nullable(),
  // Not told by the first recordings.
  freeThreadedBuild: z.boolean().nullable().default(null),
  startMethod: z.string().nullable().default(null),
});

const summaryShape = z.object({
  durationMs: z.number(),
  frames: z.number(),
  achievedEveryMs: z.number().nullable(),
  missedTicks: z.number(),
  lostFrames: z.number(),
  ownCpuShare: z.number().nullable(),
  ownRssBytes: z.number().nullable(),
});

const manifestShape = z.object({
  schema: z.literal(recordingSchemaId),
  id: z.string(),
  corescopeVersion: z.string(),
  title: z.string(),
  // Not told by the first recordings.
  tags: z.array(z.string()).max(1000).default([]),
  startedUnixMs: z.number(),
  machine: machineShape.nullable(),
  governor: z.string().nullable(),
  quotaCores: z.number().nullable(),
  versions: z.record(z.string(), z.string()),
  workload: z.string().nullable(),
  strategy: z.string().nullable(),
  workers: z.number().nullable(),
  interpreter: interpreterShape.nullable(),
  command: z.array(z.string()).nullable(),
  seed: z.number().nullable(),
  commandLinePrivacy: z.enum(commandLinePrivacies),
  requestedEveryMs: z.number().positive(),
  summary: summaryShape.nullable(),
});

const columnShape = z.object({
  name: z.string(),
  group: z.enum(frameGroups),
  decimals: z.int().min(0).max(9),
  like: z.string().nullable(),
});

const payloadShape = z.object({
  manifest: manifestShape,
  columns: z.array(columnShape).max(1000),
  overviewSeries: z.array(z.string()).max(1000),
});

/** What a manifest block holds: the manifest, and the words that a reader needs for the other blocks. */
export interface ManifestPayload {
  readonly manifest: RecordingManifest;
  readonly columns: readonly ColumnSpec[];
  readonly overviewSeries: readonly string[];
}

/** `words` are those that the file's other blocks were written with: ours, unless the file is an older one. */
export function encodeManifest(
  manifest: RecordingManifest,
  words: Omit<ManifestPayload, 'manifest'> = { columns: frameColumns, overviewSeries },
): Buffer {
  return encodeJson({ ...words, manifest });
}

/** Reads the manifest of any version up to ours. Throws `MalformedBlock` where it is not one. */
export function decodeManifest(payload: Uint8Array, version: number): ManifestPayload {
  const parsed = decodeJson(payload, z.unknown(), 'the manifest');
  const upgraded = encodeJson(upgradeManifest(parsed, version));
  return decodeJson(upgraded, payloadShape, 'the manifest');
}
