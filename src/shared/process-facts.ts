import type { ProcessIdentity } from './process-requests.ts';
import type { Bytes } from './units.ts';

/** What a process can be asked for by itself, and not at every tick. Read when somebody looks, and only then. */

/** `whyNot`: in words, for what the system does not tell or another user's process keeps to itself. */
export type Fact<Value> = { readonly value: Value } | { readonly whyNot: string };

/** A limit as setrlimit(2) has it. Null: unlimited. */
export interface ProcessLimit {
  readonly name: string;
  readonly soft: number | null;
  readonly hard: number | null;
  /** `bytes`, `files`, `processes`, `seconds` …; empty for a plain number. */
  readonly unit: string;
}

/** Since the process began. `read` and `written` reached storage; the others include what caches and pipes served. */
export interface ProcessIo {
  readonly readBytes: Bytes;
  readonly writtenBytes: Bytes;
  readonly askedReadBytes: Bytes;
  readonly askedWrittenBytes: Bytes;
}

export interface ProcessFacts {
  /** Program and arguments, each by itself; cut off after 64 KiB. */
  readonly arguments: Fact<readonly string[]>;
  readonly executable: Fact<string>;
  readonly workingFolder: Fact<string>;
  readonly user: string | null;
  /** Path of the control group that the CPU and memory of the process count towards. */
  readonly controlGroup: Fact<string>;
  readonly openFiles: Fact<number>;
  readonly limits: Fact<readonly ProcessLimit[]>;
  readonly io: Fact<ProcessIo>;
}

export interface EnvironmentEntry {
  readonly name: string;
  /** Null where it was held back, because the name looks like that of a secret. */
  readonly value: string | null;
}

export const mappingKinds = ['heap', 'stack', 'anonymous', 'file', 'shared', 'kernel'] as const;
export type MappingKind = (typeof mappingKinds)[number];

/** Of all mappings of one kind together. */
export interface MappingSum {
  readonly kind: MappingKind;
  readonly mappings: number;
  readonly virtualBytes: Bytes;
  readonly rssBytes: Bytes;
  readonly pssBytes: Bytes;
  /** Pages that no other process has. */
  readonly privateBytes: Bytes;
  readonly swapBytes: Bytes;
}

export interface ProcessFactsRequests {
  'process:facts': { readonly request: ProcessIdentity; readonly response: ProcessFacts };
  /** As the process was started: what it changed since is not in it. In the order of the names. */
  'process:environment': {
    readonly request: ProcessIdentity & { readonly withSecrets: boolean };
    readonly response: Fact<readonly EnvironmentEntry[]>;
  };
  /** Kinds that the process has none of are left out. */
  'process:memory-map': { readonly request: ProcessIdentity; readonly response: Fact<readonly MappingSum[]> };
}
