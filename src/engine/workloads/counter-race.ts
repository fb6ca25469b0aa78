import type { NumberParameter, WorkloadDescription } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter } from './node-task.ts';
import { noSharedInterpreters, noSharedMemory } from './shared-words.ts';

export const incrementsParameter: NumberParameter = {
  type: 'number',
  name: 'increments',
  label: 'Increments',
  unit: '',
  min: 1,
  max: 100_000_000,
  integer: true,
  // Some 70 ms in either.
  defaults: { node: 20_000_000, python: 1_000_000 },
  help: 'How often each task adds 1 to the counter that all share.',
};

export const counterRace: WorkloadDescription = {
  id: 'counter-race',
  title: 'Counter without a lock',
  summary:
    'All tasks add 1 to one shared counter: read, a tiny bit of work, write. Nobody locks it, and updates get lost. The result is what was intended, so that runs can be compared; the loss is a figure.',
  kind: 'synchronisation',
  parameters: [incrementsParameter],
  expectedSignature: {
    node: 'Threads lose a fifth to a half of all updates; one thread alone loses none.',
    python:
      'Threads lose a third or so even under the interpreter lock, which can change hands between reading and writing; processes on shared memory lose as much, for they really run at once. One worker alone loses none.',
  },
  unavailable: { node: noSharedMemory, python: noSharedInterpreters },
};

export const counterRaceWork: NodeWorkload = {
  prepare({ params, tasks, report }) {
    const counter = createTotal();
    const intended = tasks * readParameter(params, 'increments');
    return Promise.resolve({
      shared: { counter },
      finish() {
        reportLoss(intended, counter[0] ?? 0, report);
        return Promise.resolve();
      },
    });
  },
  run(params, { shared }) {
    const increments = readParameter(params, 'increments');
    const counter = readTotal(shared);
    // Not Atomics.add: a plain read and a plain write are what a race is made of.
    for (let count = 0; count < increments; count += 1) counter[0] = (counter[0] ?? 0) + 1;
    return String(increments);
  },
};

/** A double, for it counts exactly to 2^53. */
export function createTotal(): Float64Array {
  return new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT));
}

export function readTotal(shared: unknown): Float64Array {
  if (typeof shared === 'object' && shared !== null && 'counter' in shared) {
    if (shared.counter instanceof Float64Array) return shared.counter;
  }
  throw new Error('no counter is shared');
}

export function reportLoss(
  intended: number,
  counted: number,
  report: (name: string, value: number, unit: string) => void,
): void {
  report('lost updates', intended - counted, '');
  report('lost share', (intended - counted) / intended, '');
}
