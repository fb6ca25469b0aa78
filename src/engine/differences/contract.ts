import type { InterpreterInfo, MachineInfo } from '../../shared/experiment.ts';
import type { Problem } from '../../shared/result.ts';
import type { CatalogueRuntime } from '../../shared/workload.ts';

export const differencesSchemaId = 'corescope.differences/1';

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
