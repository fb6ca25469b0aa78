/** What can be run, and how: the words that a plan is made of. */

export const runtimes = ['node', 'python', 'command'] as const;
/** What runs the work: Node, Python, or the operating system, which runs any program. */
export type Runtime = (typeof runtimes)[number];

/** The runtimes in which the catalogue's workloads are written. */
export const catalogueRuntimes = ['node', 'python'] as const;
export type CatalogueRuntime = (typeof catalogueRuntimes)[number];

export const strategyIds = [
  'serial',
  'async',
  'threads',
  'processes',
  'thread-pool',
  'process-pool',
  'cluster',
  'asyncio',
  'hybrid',
  'interpreter-pool',
  'copies',
] as const;
export type StrategyId = (typeof strategyIds)[number];

/** The strategies that each runtime has; whether one can run here and now is for `strategyAvailability`. */
export const strategiesOf: Readonly<Record<Runtime, readonly StrategyId[]>> = {
  node: ['serial', 'async', 'threads', 'processes', 'thread-pool', 'process-pool', 'cluster'],
  python: [
    'serial',
    'asyncio',
    'threads',
    'processes',
    'thread-pool',
    'process-pool',
    'hybrid',
    'interpreter-pool',
  ],
  command: ['serial', 'copies'],
};

/** Whether a strategy does everything on one thread, whatever number of workers is asked for. */
export function hasOneWorker(strategy: StrategyId): boolean {
  return strategy === 'serial' || strategy === 'async' || strategy === 'asyncio';
}

/** How Python makes worker processes. */
export const startMethods = ['fork', 'spawn', 'forkserver'] as const;
export type StartMethod = (typeof startMethods)[number];

/** A workload's parameters by name; they reach both runtimes unchanged. */
export type WorkloadParams = Readonly<Record<string, number | string>>;

export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue };

/** The user's own work. In `args`, `argv` and `stdinFile` {index}, {seed} and {tasks} are replaced for every task. */
export type WorkTarget =
  /** A JS or TS file whose default export is the task function; workload `module`. */
  | { readonly kind: 'module'; readonly path: string }
  /** A function of a Python file; workload `function`. */
  | {
      readonly kind: 'function';
      readonly path: string;
      readonly functionName: string;
      readonly args: readonly JsonValue[];
    }
  /** Any program; workload `command`. `cwd` null: Corescope's own. `environment` is added to Corescope's own. */
  | {
      readonly kind: 'command';
      readonly argv: readonly string[];
      readonly cwd: string | null;
      readonly stdinFile: string | null;
      readonly environment: Readonly<Record<string, string>>;
    };

export interface NumberParameter {
  readonly type: 'number';
  readonly name: string;
  readonly label: string;
  /** Shown behind the value; empty where the value is a plain count. */
  readonly unit: string;
  readonly min: number;
  readonly max: number;
  readonly integer: boolean;
  /** The default differs by runtime so that a task lasts long enough to be measured in each. */
  readonly defaults: Readonly<Record<CatalogueRuntime, number>>;
  readonly help: string;
}

export interface ChoiceParameter {
  readonly type: 'choice';
  readonly name: string;
  readonly label: string;
  readonly choices: readonly string[];
  readonly defaults: Readonly<Record<CatalogueRuntime, string>>;
  /** Choices that only one runtime has. */
  readonly onlyIn?: Readonly<Record<string, CatalogueRuntime>>;
  /** By choice: strategies that do not go with it, each with the reason in one sentence. */
  readonly unavailable?: Readonly<Record<string, Readonly<Partial<Record<StrategyId, string>>>>>;
  readonly help: string;
}

export type ParameterDescription = NumberParameter | ChoiceParameter;

/**
 * What the work mostly does: keeps a core busy, waits, both, fills memory, passes messages, takes locks, goes
 * wrong. `own` is the user's: nobody knows.
 */
export const workloadKinds = [
  'cpu',
  'io',
  'mixed',
  'memory',
  'messages',
  'synchronisation',
  'fault',
  'own',
] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** A catalogue entry as the screen and `corescope workloads` show it. */
export interface WorkloadDescription {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly kind: WorkloadKind;
  readonly parameters: readonly ParameterDescription[];
  /** What one should see when it runs, by runtime. Shown beside the result, never used to decide it. */
  readonly expectedSignature: Readonly<Record<CatalogueRuntime, string>>;
  /** Strategies that make no sense for this workload, each with the reason in one sentence. */
  readonly unavailable?: Readonly<
    Partial<Record<CatalogueRuntime, Readonly<Partial<Record<StrategyId, string>>>>>
  >;
  /** Whether its Node side can answer requests on a port, which `cluster` needs. */
  readonly servesPort?: boolean;
}
