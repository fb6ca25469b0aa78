import type { WorkloadDescription } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter } from './node-task.ts';
import {
  acquire,
  createWords,
  noSharedInterpreters,
  noSharedMemory,
  readWords,
  release,
} from './shared-words.ts';

export const lockContention: WorkloadDescription = {
  id: 'lock-contention',
  title: 'One lock for all',
  summary:
    'Each task counts, and holds the same lock for a share of that. With a share of 1 no number of workers helps.',
  kind: 'synchronisation',
  parameters: [
    {
      type: 'number',
      name: 'steps',
      label: 'Steps',
      unit: '',
      min: 1,
      max: 1_000_000_000,
      integer: true,
      // About 0.1 s in either.
      defaults: { node: 100_000_000, python: 2_000_000 },
      help: 'How far each task counts.',
    },
    {
      type: 'number',
      name: 'heldShare',
      label: 'Held share',
      unit: '',
      min: 0,
      max: 1,
      integer: false,
      defaults: { node: 1, python: 1 },
      help: 'The share of the steps that is done under the lock, from 0 to 1.',
    },
  ],
  expectedSignature: {
    node: 'With a held share of 1 threads take as long as serial, however many; with 0.5 two threads can take three quarters of it at best.',
    python:
      'The same for processes: what is done under the lock is done in turn. Threads gain nothing at any share where there is an interpreter lock.',
  },
  unavailable: { node: noSharedMemory, python: noSharedInterpreters },
};

const lock = 0;

export const lockContentionWork: NodeWorkload = {
  prepare: () => Promise.resolve({ shared: { words: createWords(1) } }),
  run(params, { shared, report }) {
    const steps = readParameter(params, 'steps');
    const heldSteps = Math.round(steps * readParameter(params, 'heldShare'));
    const words = readWords(shared, 'words');
    const askedMs = performance.now();
    if (heldSteps > 0) acquire(words, lock);
    report('waited for the lock', performance.now() - askedMs, 'ms');
    let count = countUp(heldSteps);
    if (heldSteps > 0) release(words, lock);
    count += countUp(steps - heldSteps);
    return String(count);
  },
};

/** By as many additions, which the compiler does not fold. */
function countUp(steps: number): number {
  let count = 0;
  for (let step = 0; step < steps; step += 1) count += 1;
  return count;
}
