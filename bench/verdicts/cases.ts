import { resolve } from 'node:path';
import type { Experiment, ExperimentPlan } from '../../src/shared/experiment.ts';

/** A real experiment whose answer is known, and mostly not what the usual advice says. */
export interface VerdictCase {
  readonly name: string;
  readonly expected: string;
  readonly needsQuota?: true;
  readonly plan: Pick<ExperimentPlan, 'workload' | 'strategies' | 'workerCounts'>;
  readonly isMet: (experiment: Experiment) => boolean;
}

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
    expected: 'processes, because of the interpreter lock',
    plan: {
      workload: builtIn('count-loop', 'python', { n: 5_000_000, rounds: 1 }),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'processes') && experiment.verdict.cause === 'gil',
  },
  {
    name: 'Python that hashes large buffers',
    expected: 'threads: they scale under the lock',
    plan: {
      workload: pythonFunction('hash_buffers', ['{index}', 20, 12]),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'threads') && isFasterThanSerial(experiment, 'threads'),
  },
  {
    name: 'tiny tasks',
    expected: 'serial',
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
    plan: {
      workload: pythonFunction('make_text', ['{index}', 60]),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) =>
      recommends(experiment, 'serial', 'threads') &&
      experiment.strategies.some(
        ({ strategy, analysis }) => strategy === 'processes' && analysis?.cause?.cause === 'messages',
      ),
  },
  {
    name: 'Node that counts',
    expected: 'threads: as fast as processes, and leaner',
    plan: {
      workload: builtIn('count-loop', 'node', { n: 10_000_000, rounds: 40 }),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'threads') && isFasterThanSerial(experiment, 'threads'),
  },
  {
    name: 'sleep',
    expected: 'async: as fast, and the leanest',
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
    plan: {
      workload: pythonFunction('count_behind_lock', ['{index}', 5_000_000]),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) => recommends(experiment, 'serial'),
  },
  {
    name: 'two workers on a quota of one core',
    expected: 'serial: the quota holds them back',
    needsQuota: true,
    plan: {
      workload: builtIn('count-loop', 'node', { n: 10_000_000, rounds: 40 }),
      strategies: all,
      workerCounts: [workers],
    },
    isMet: (experiment) =>
      recommends(experiment, 'serial') &&
      experiment.strategies.some(({ analysis }) => analysis?.cause?.cause === 'throttled'),
  },
];
