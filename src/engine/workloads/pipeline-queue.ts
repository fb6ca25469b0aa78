/**
 * A bounded queue of numbers in shared memory, for any number of producers and one consumer: what Python has in its
 * library and Node's users build. Puts are serialised by a lock; the consumer needs none.
 */
import { acquire, release } from './shared-words.ts';

const lock = 0;
/** How many have been put and taken since the beginning. */
const put = 1;
const taken = 2;
const capacityAt = 3;
const slots = 4;

/** What the consumer says at its end. */
export interface PipelineTotals {
  readonly items: number;
  readonly sum: number;
  /** Between the first item and the last. */
  readonly lastedMs: number;
}

export const endOfItems = -1;

export function createQueueWords(capacity: number): Int32Array {
  const words = new Int32Array(new SharedArrayBuffer((slots + capacity) * Int32Array.BYTES_PER_ELEMENT));
  words[capacityAt] = capacity;
  return words;
}

/** Waits where the queue is full. Returns how many items it held before. */
export function putItem(words: Int32Array, item: number): number {
  const capacity = words[capacityAt] ?? 0;
  acquire(words, lock);
  const position = Atomics.load(words, put);
  let gone = Atomics.load(words, taken);
  while (position - gone >= capacity) {
    Atomics.wait(words, taken, gone);
    gone = Atomics.load(words, taken);
  }
  words[slots + (position % capacity)] = item;
  Atomics.store(words, put, position + 1);
  Atomics.notify(words, put);
  release(words, lock);
  return position - gone;
}

/** Waits where the queue is empty. */
export function takeItem(words: Int32Array): number {
  const capacity = words[capacityAt] ?? 0;
  const position = Atomics.load(words, taken);
  while (Atomics.load(words, put) === position) Atomics.wait(words, put, position);
  const item = words[slots + (position % capacity)] ?? endOfItems;
  Atomics.store(words, taken, position + 1);
  Atomics.notify(words, taken);
  return item;
}
