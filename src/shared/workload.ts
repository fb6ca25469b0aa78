/** What can be run, and how: the words that a plan is made of. */

export const runtimes = ['node', 'python'] as const;
export type Runtime = (typeof runtimes)[number];

export const strategyIds = ['serial', 'threads', 'processes'] as const;
export type StrategyId = (typeof strategyIds)[number];

/** A workload's parameters by name. Numbers only: they reach both runtimes unchanged. */
export type WorkloadParams = Readonly<Record<string, number>>;

export interface ParameterDescription {
  readonly name: string;
  readonly label: string;
  /** Shown behind the value; empty where the value is a plain count. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
  /** The default differs by runtime so that a task lasts long enough to be measured in each. */
  readonly defaults: Readonly<Record<Runtime, number>>;
  readonly help: string;
}

/** A catalogue entry as the screen and `corescope workloads` show it. */
export interface WorkloadDescription {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  /** What the work mostly does: keeps a core busy, or waits. */
  readonly kind: 'cpu' | 'io';
  readonly parameters: readonly ParameterDescription[];
  /** What one should see when it runs, by runtime. Shown beside the result, never used to decide it. */
  readonly expectedSignature: Readonly<Record<Runtime, string>>;
}
