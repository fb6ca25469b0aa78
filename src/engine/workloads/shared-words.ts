/**
 * What workloads whose workers share memory have in common: numbers in a SharedArrayBuffer that `prepare` gives out,
 * and the one lock that Node leaves to its users to build.
 */

export const noSharedMemory = {
  processes: 'Processes of Node cannot share memory.',
  'process-pool': 'Processes of Node cannot share memory.',
} as const;

export const noSharedInterpreters = {
  'interpreter-pool': 'Interpreters share neither objects nor locks.',
} as const;

export function createWords(count: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(count * Int32Array.BYTES_PER_ELEMENT));
}

/** What `prepare` gave out, by its name; throws where it is missing. */
export function readWords(shared: unknown, name: string): Int32Array {
  if (typeof shared === 'object' && shared !== null) {
    const words: unknown = Object.entries(shared).find(([key]) => key === name)?.[1];
    if (words instanceof Int32Array) return words;
  }
  throw new Error(`no "${name}" is shared`);
}

const free = 0;
const held = 1;
const contended = 2;

/**
 * A futex lock on one word (U. Drepper, "Futexes Are Tricky", mutex 2). Returns false where it was not to be had
 * within `timeoutMs`. Blocks the thread, as the locks of other languages do.
 */
export function acquire(words: Int32Array, at: number, timeoutMs = Infinity): boolean {
  if (Atomics.compareExchange(words, at, free, held) === free) return true;
  const deadlineMs = performance.now() + timeoutMs;
  // Whoever has waited cannot know whether others still do.
  while (Atomics.exchange(words, at, contended) !== free) {
    const leftMs = deadlineMs - performance.now();
    if (leftMs <= 0) return false;
    Atomics.wait(words, at, contended, leftMs);
  }
  return true;
}

export function release(words: Int32Array, at: number): void {
  if (Atomics.exchange(words, at, free) === contended) Atomics.notify(words, at, 1);
}
