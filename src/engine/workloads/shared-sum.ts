import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readChoice, readParameter, type TaskContext } from './node-task.ts';
import { seededNumbers } from './seeded-numbers.ts';

export const sharedSum: WorkloadDescription = {
  id: 'shared-sum',
  title: 'One big array',
  summary:
    'Adds up one big array, every task a slice of it. Shows what it takes to bring the array to the workers.',
  kind: 'memory',
  parameters: [
    {
      type: 'number',
      name: 'megabytes',
      label: 'Array',
      unit: 'MiB',
      min: 1,
      max: 1_024,
      integer: true,
      defaults: { node: 64, python: 64 },
      help: 'The size of the whole array; 1 MiB holds 262 144 numbers.',
    },
    {
      type: 'choice',
      name: 'sharing',
      label: 'Sharing',
      choices: ['shared', 'copied'],
      defaults: { node: 'shared', python: 'shared' },
      help: 'Whether all workers read the same memory or each has a copy. Processes of Node can only copy.',
    },
    {
      type: 'number',
      name: 'rounds',
      label: 'Rounds',
      unit: '',
      min: 1,
      max: 10_000,
      integer: true,
      defaults: { node: 40, python: 4 },
      help: 'How often one task adds up its slice.',
    },
  ],
  expectedSignature: {
    node: 'Threads read one SharedArrayBuffer and keep every core busy. Copied, the array is cloned for each thread by the thread that starts it: start-up is many times longer, and every worker holds the array once more, as processes always do.',
    python:
      'Threads share everything and gain nothing: the interpreter lock is held while they add up. Processes keep every core busy, and with shared memory each holds only what it reads; copied, each holds the whole array.',
  },
};

/** Numbers in 1 MiB. */
const blockLength = 262_144;
const bytesPerNumber = Uint32Array.BYTES_PER_ELEMENT;

export const sharedSumWork: NodeWorkload = {
  prepare(context) {
    const { params, seed, strategy, channel } = context;
    const megabytes = readParameter(params, 'megabytes');
    const sharing = readChoice(params, 'sharing');
    if (channel === 'memory') {
      const bytes = megabytes * blockLength * bytesPerNumber;
      const memory = sharing === 'shared' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
      const shared = new Uint32Array(memory);
      fillArray(shared, seed);
      // On its way to a thread what is not shared is copied.
      return Promise.resolve({ shared });
    }
    if (sharing === 'shared') {
      context.note(
        `Node's processes cannot share memory: in "${strategy}" every worker has a copy of the array.`,
      );
    }
    const file = path.join(context.folder, 'array');
    const array = new Uint32Array(megabytes * blockLength);
    fillArray(array, seed);
    writeFileSync(file, array);
    return Promise.resolve({ shared: file });
  },
  run: sumSlice,
};

/** The copy of this worker, where it is a process. */
let ownCopy: Uint32Array | null = null;

/** Returns the sum of the slice. */
export function sumSlice(
  params: WorkloadParams,
  { task, tasks, shared }: Pick<TaskContext, 'task' | 'tasks' | 'shared'>,
): string {
  const array = shared instanceof Uint32Array ? shared : (ownCopy ??= readArray(shared));
  const rounds = readParameter(params, 'rounds');
  const start = Math.floor((task * array.length) / tasks);
  const end = Math.floor(((task + 1) * array.length) / tasks);
  let sum = 0;
  for (let round = 0; round < rounds; round += 1) {
    sum = 0;
    for (let index = start; index < end; index += 1) sum += array[index] ?? 0;
  }
  return `numbers ${start} to ${end}, sum ${sum}`;
}

function readArray(file: unknown): Uint32Array {
  if (typeof file !== 'string') throw new Error('the array has not been prepared');
  const bytes = readFileSync(file);
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / bytesPerNumber);
}

/**
 * Numbers below 2^24, so that the sum of the largest array there is (2^28 numbers) is exact. One MiB of them is made
 * and repeated, for Python takes 30 ms for it; the first of each MiB is its number, so that slices differ.
 */
export function fillArray(array: Uint32Array, seed: number): void {
  const numbers = seededNumbers(seed, 0);
  const block = Uint32Array.from({ length: blockLength }, () => numbers.next());
  for (let start = 0; start < array.length; start += blockLength) {
    array.set(block, start);
    array[start] = start / blockLength;
  }
}
