/**
 * The same numbers in every runtime: a linear congruential generator modulo 2^32 (multiplier and increment of
 * Knuth's, as in Numerical Recipes), of which the upper 24 bits are given out, for the lower ones repeat soon. Its
 * twin is resources/python/corescope_host/seeded_numbers.py. Every task has a sequence of its own.
 */
export interface SeededNumbers {
  /** A whole number from 0 to 2^24 - 1. */
  next(): number;
  /** A whole number from 0 to `limit` - 1. `limit` is at most 2^29, beyond which the product would not be exact. */
  below(limit: number): number;
}

export function seededNumbers(seed: number, task: number): SeededNumbers {
  let state = seed ^ Math.imul(task + 1, 0x9e37_79b1);
  function next(): number {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >>> 8;
  }
  return { next, below: (limit) => Math.floor((next() * limit) / 2 ** 24) };
}

/** Takes one more whole number into a checksum of 32 bits, which depends on all of them and on their order. */
export function addToChecksum(checksum: number, value: number): number {
  return (Math.imul(checksum, 31) + value) >>> 0;
}
