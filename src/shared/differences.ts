import type { InterpreterInfo, MachineInfo } from './experiment.ts';
import type { Problem } from './result.ts';
import type { CatalogueRuntime } from './workload.ts';

export const differencesSchemaId = 'corescope.differences/1';

/**
 * Threads against processes on this machine, measured: the table with what follows from it. `DifferencesReport` is the
 * document that users keep; it changes only together with its `schema` version.
 */

/** The whole answer: what `corescope differences --json` prints. */
export interface DifferencesReport {
  readonly schema: typeof differencesSchemaId;
  readonly corescopeVersion: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly machine: MachineInfo;
  /** How many threads or processes were used at a time. */
  readonly workers: number;
  /** Each figure is the median of so many measurements. */
  readonly rounds: number;
  readonly runtimes: readonly RuntimeDifferences[];
}

export type RuntimeDifferences =
  | {
      readonly state: 'measured';
      readonly runtime: CatalogueRuntime;
      readonly interpreter: InterpreterInfo;
      readonly rows: readonly DifferenceRow[];
      readonly advice: readonly Advice[];
    }
  | { readonly state: 'unavailable'; readonly runtime: CatalogueRuntime; readonly problem: Problem };

export const rowIds = [
  'execution',
  'waiting',
  'memory',
  'start-up',
  'messages',
  'sharing',
  'crash',
  'killing',
  'lock',
  'break-even',
] as const;
export type RowId = (typeof rowIds)[number];

export interface DifferenceRow {
  readonly id: RowId;
  readonly title: string;
  readonly threads: Finding;
  readonly processes: Finding;
}

/** One cell. */
export interface Finding {
  /** What a person reads: short enough for a column. `n/a` where nothing is known. */
  readonly text: string;
  /** The figures behind it; empty where it is unknown or has none. */
  readonly figures: readonly { readonly name: string; readonly value: number; readonly unit: string }[];
  /** How it was measured, or why it could not be. One or two sentences. */
  readonly how: string;
}

export interface Advice {
  readonly work: 'cpu' | 'io' | 'mixed';
  /** What to take, and the figures that speak for it. */
  readonly sentence: string;
}

/** How thorough: `quick` measures once, `whole` takes the median of three. */
export const thoroughnesses = ['quick', 'whole'] as const;
export type Thoroughness = (typeof thoroughnesses)[number];
export const roundsOf: Readonly<Record<Thoroughness, number>> = { quick: 1, whole: 3 };

export interface DifferencesProgress {
  readonly runtime: CatalogueRuntime;
  /** What is measured now. */
  readonly title: string;
  /** 0 to 1, of everything. */
  readonly doneShare: number;
  /** Expected: by what steps like those that are left take, and how fast those before were. */
  readonly remainingMs: number;
}
