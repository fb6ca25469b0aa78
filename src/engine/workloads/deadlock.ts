import type { WorkloadDescription } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';
import {
  acquire,
  createWords,
  noSharedInterpreters,
  noSharedMemory,
  readWords,
  release,
} from './shared-words.ts';

const oneAtATime = 'One thread takes both locks in turn, task after task: there is nobody to wait for.';

export const deadlock: WorkloadDescription = {
  id: 'deadlock',
  title: 'Deadlock',
  summary:
    'Even tasks take lock A and then B, odd ones B and then A, the second when both hold their first. Every worker looks around when it has waited for long, and tells who waits for whom. Such a run fails, with the kind "deadlock".',
  kind: 'synchronisation',
  parameters: [
    {
      type: 'number',
      name: 'stallMs',
      label: 'Stall',
      unit: 'ms',
      min: 10,
      max: 60_000,
      integer: false,
      defaults: { node: 500, python: 500 },
      help: 'How long a worker waits for its second lock before it looks who holds it.',
    },
  ],
  expectedSignature: {
    node: 'Serial finishes. With two threads or more each of two holds what the other waits for, and the run fails with the circle named.',
    python: 'The same for threads and for processes; only serial finishes.',
  },
  unavailable: {
    node: { ...noSharedMemory, async: oneAtATime },
    python: { ...noSharedInterpreters, asyncio: oneAtATime },
  },
};

const locks = ['A', 'B'] as const;
/** Layout: two locks, their holders, one word that says that the deadlock has been told, tasks that hold their first. */
const holderOf = 2;
const toldAt = 4;
const arrivedAt = 5;
/** Behind that, for each worker, the lock that it waits for. Workers and locks are stored from 1; 0 is none. */
const waitsAt = 7;

export const deadlockWork: NodeWorkload = {
  prepare: ({ workers }) => Promise.resolve({ shared: { words: createWords(waitsAt + workers) } }),
  run(params, context) {
    const words = readWords(context.shared, 'words');
    const stallMs = readParameter(params, 'stallMs');
    const first = context.task % 2;
    const second = 1 - first;
    take(words, first, context, stallMs);
    meet(words, first, context);
    take(words, second, context, stallMs);
    for (const lock of [second, first]) {
      Atomics.store(words, holderOf + lock, 0);
      release(words, lock);
    }
    return `held both ${context.task}`;
  },
};

function take(words: Int32Array, lock: number, context: TaskContext, stallMs: number): void {
  const own = context.worker + 1;
  Atomics.store(words, waitsAt + context.worker, lock + 1);
  while (!acquire(words, lock, stallMs)) {
    const cycle = findCycle(words, context.worker);
    // One tells; the others stay in it, as they would outside Corescope.
    if (cycle === null || Atomics.exchange(words, toldAt, 1) === 1) continue;
    const lines = cycle.map((worker) => describeWait(words, worker)).toSorted();
    for (const line of lines) context.note(line);
    throw new Error(`deadlock: ${lines.join('; ')}`);
  }
  Atomics.store(words, waitsAt + context.worker, 0);
  Atomics.store(words, holderOf + lock, own);
}

/** Longer than any worker takes to start. */
const mostWaitMs = 10_000;

/** Waits until a task that goes the other way holds its first lock too; without one, not for ever. */
function meet(words: Int32Array, first: number, { workers, tasks }: TaskContext): void {
  if (workers === 1 || tasks === 1) return;
  Atomics.add(words, arrivedAt + first, 1);
  Atomics.notify(words, arrivedAt + first);
  Atomics.wait(words, arrivedAt + 1 - first, 0, mostWaitMs);
}

/** The workers that wait for one another in a circle which `worker` is part of; null where there is none. */
function findCycle(words: Int32Array, worker: number): number[] | null {
  const cycle = [worker];
  for (;;) {
    const lock = Atomics.load(words, waitsAt + (cycle.at(-1) ?? worker));
    const holder = lock === 0 ? 0 : Atomics.load(words, holderOf + lock - 1);
    if (holder === 0) return null;
    if (holder - 1 === worker) return cycle;
    if (cycle.includes(holder - 1)) return null;
    cycle.push(holder - 1);
  }
}

function describeWait(words: Int32Array, worker: number): string {
  const held = locks.find((_, lock) => Atomics.load(words, holderOf + lock) === worker + 1) ?? 'none';
  const waitedFor = Atomics.load(words, waitsAt + worker) - 1;
  const holder = Atomics.load(words, holderOf + waitedFor);
  return `worker ${worker + 1} holds lock ${held} and waits for lock ${locks[waitedFor] ?? '?'}, which worker ${holder} holds`;
}
