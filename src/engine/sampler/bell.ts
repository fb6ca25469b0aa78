import { closeSync, writeSync } from 'node:fs';

/** Wakes a thread that sleeps until a deadline, in `Atomics.wait` or in a library. */
export interface Bell {
  /**
   * In shared memory, for the sleeper: the first number grows at every ring. The second is for the descriptor of an
   * eventfd(2) that the sleeper made where it sleeps outside JavaScript, in which `Atomics.notify` wakes nobody.
   */
  readonly numbers: Int32Array;
  ring(): void;
  /** Closes the descriptor. When the sleeper has ended: it may have been told to another one by then. */
  close(): void;
}

/** What eventfd(2) adds to its count. */
const one = new Uint8Array(BigUint64Array.of(1n).buffer);

export function createBell(): Bell {
  const numbers = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  return {
    numbers,
    ring() {
      Atomics.add(numbers, 0, 1);
      Atomics.notify(numbers, 0);
      // After the first number has grown: who is about to sleep looks at that once more.
      const file = Atomics.load(numbers, 1);
      if (file > 0) writeSync(file, one);
    },
    close() {
      const file = Atomics.exchange(numbers, 1, 0);
      if (file > 0) closeSync(file);
    },
  };
}
