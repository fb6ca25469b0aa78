import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';
import { seededNumbers } from './seeded-numbers.ts';

export const sort: WorkloadDescription = {
  id: 'sort',
  title: 'Sorting',
  summary: "Sorts a shuffled list of n numbers by the language's own sort. Compares, and moves memory about.",
  kind: 'cpu',
  parameters: [
    {
      type: 'number',
      name: 'n',
      label: 'Numbers',
      unit: '',
      min: 1,
      max: 20_000_000,
      integer: true,
      defaults: { node: 200_000, python: 100_000 },
      help: 'How many numbers there are to sort.',
    },
    {
      type: 'number',
      name: 'rounds',
      label: 'Rounds',
      unit: '',
      min: 1,
      max: 1_000,
      integer: true,
      defaults: { node: 4, python: 6 },
      help: 'How often one task sorts a copy of the same list, which is shuffled once.',
    },
  ],
  expectedSignature: {
    node: 'Threads and processes both keep every core busy; threads start sooner.',
    python:
      'With the global interpreter lock, threads gain nothing although the sort is written in C: it compares Python objects and keeps the lock. Processes keep every core busy.',
  },
};

export const sortWork: NodeWorkload = { run: sortNumbers };

/** Returns the numbers with which the shuffled list began. Throws if a sorted list is not 0, 1, 2 and so on. */
export function sortNumbers(
  params: WorkloadParams,
  { seed, task }: Pick<TaskContext, 'seed' | 'task'>,
): string {
  const rounds = readParameter(params, 'rounds');
  const shuffled = shuffle(readParameter(params, 'n'), seed, task);
  for (let round = 0; round < rounds; round += 1) {
    const sorted = [...shuffled].sort((a, b) => a - b);
    if (!sorted.every((value, index) => value === index)) throw new Error('the list came back unsorted');
  }
  return `${shuffled.length} numbers, from ${shuffled.slice(0, 8).join(' ')}`;
}

/** 0 to n - 1 in an order that depends on seed and task (Fisher-Yates). */
function shuffle(n: number, seed: number, task: number): number[] {
  const numbers = seededNumbers(seed, task);
  const values = Array.from({ length: n }, (_, index) => index);
  for (let last = n - 1; last > 0; last -= 1) {
    const other = numbers.below(last + 1);
    const value = values[last] ?? 0;
    values[last] = values[other] ?? 0;
    values[other] = value;
  }
  return values;
}
