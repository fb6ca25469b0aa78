import { resolve } from 'node:path';
import type { Cause } from '../../src/shared/experiment-analysis.ts';
import type { Experiment, ExperimentPlan } from '../../src/shared/experiment.ts';

/** A real experiment whose answer is known, and mostly not what the usual advice says. */
export interface VerdictCase {
  readonly name: string;
  readonly expected: string;
  /** The cause that the verdict has to name. */
  readonly cause: Cause;
  readonly needsQuota?: true;
  readonly plan: Pick<ExperimentPlan, 'workload' | 'strategies' | 'workerCounts'>;
  /** Whether what it recommends is right; the cause is held against `cause`. */
  readonly isMet: (experiment: Experiment) => boolean;
}

/*
 * Work of about a second per worker, where the case is not about short work: shorter, and the noise of a shared machine
 * makes intervals twice as wide; memory and waiting are then known of every run, too.
 */

const workers = 2;
const all = ['serial', 'threads', 'processes'] as const;

function pythonFunction(
  functionName: string,
  args: readonly (string | number)[],
): ExperimentPlan['workload'] {
  const path = resolve('bench/verdicts/work.py');
  const target = { kind: 'function', path, functionName, args } as const;
  return { id: 'function', runtime: 'python', target, params: {}, tasks: workers };
}

function builtIn(
  id: string,
  runtime: 'node' | 'python',
  params: Readonly<Record<string, number>>,
  tasks = workers,
): ExperimentPlan['workload'] {
  return { id, runtime, target: null, params, tasks };
}

function recommends(experiment: Experiment, ...strategies: readonly string[]): boolean {
  return strategies.includes(experiment.verdict.recommended?.strategy ?? 'nothing');
}

/** How many times as fast as serial the strategy was, at least, by its interval. */
function isFasterThanSerial({ strategies }: Experiment, name: string): boolean {
  return strategies.some(({ strategy, speedup }) => strategy === name && (speedup?.ci95[0] ?? 0) > 1);
}

export const cases: readonly VerdictCase[] = [
  {
    name: 'Python that counts',
    expected: 'processes: the lock stops threads',
    cause: 'gil',
    plan: {
      workload: builtIn('count-loop', 'python', { n: 20_000_000, rounds: 1 }),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'processes') && isFasterThanSerial(experiment, 'processes'),
  },
  {
    name: 'Python that hashes large buffers',
    expected: 'threads: they scale under the lock',
    cause: 'cores',
    plan: {
      workload: pythonFunction('hash_buffers', ['{index}', 20, 40]),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'threads') && isFasterThanSerial(experiment, 'threads'),
  },
  {
    name: 'tiny tasks',
    expected: 'serial',
    cause: 'start-up',
    plan: {
      workload: builtIn('count-loop', 'node', { n: 1000, rounds: 1 }),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'serial'),
  },
  {
    name: 'large results',
    expected: 'not processes: messages dominate',
    cause: 'messages',
    plan: {
      workload: pythonFunction('make_text', ['{index}', 60]),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'serial', 'threads'),
  },
  {
    name: 'Node that counts',
    expected: 'threads: as fast as processes, and leaner',
    cause: 'cores',
    plan: {
      workload: builtIn('count-loop', 'node', { n: 10_000_000, rounds: 120 }),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'threads') && isFasterThanSerial(experiment, 'threads'),
  },
  {
    name: 'sleep',
    expected: 'async: as fast, and the leanest',
    cause: 'waiting',
    plan: {
      workload: builtIn('sleep', 'node', { seconds: 0.3 }),
      strategies: ['serial', 'async', 'threads', 'processes'],
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'async') && isFasterThanSerial(experiment, 'async'),
  },
  {
    name: 'a lock held throughout',
    expected: 'serial: nothing helps',
    cause: 'lock',
    plan: {
      workload: pythonFunction('count_behind_lock', ['{index}', 15_000_000]),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'serial'),
  },
  {
    name: 'two workers on a quota of one core',
    expected: 'serial: the quota holds them back',
    cause: 'throttled',
    needsQuota: true,
    plan: {
      workload: builtIn('count-loop', 'node', { n: 10_000_000, rounds: 120 }),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'serial'),
  },
];
