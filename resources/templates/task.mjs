// A task for Corescope: the piece of work that is run as threads, as processes, and one after the other.
//
//   corescope run ./task.mjs
//   corescope compare ./task.mjs
//
// Each worker loads this file once; what stands outside of the function is done once per worker, before its first
// task. So open files and connections there, and keep the work itself inside.

/**
 * @param {object} input
 * @param {number} input.task       which task this is, from 0
 * @param {number} input.tasks      how many there are
 * @param {number} input.worker     which worker does it, from 0
 * @param {number} input.workers    how many there are
 * @param {string} input.strategy   serial, async, threads, processes …
 * @param {number} input.seed       the same for all tasks of a run; use it in place of Math.random()
 * @param {object} input.params     what --param name=value gave
 * @returns what was computed: a number, a text, a list or a plain object (or a promise of one). It is how Corescope
 *   sees that every strategy did the same work, so it must not depend on worker, strategy or time.
 */
export default function task({ task }) {
  let primes = 0;
  const from = task * 20_000;
  for (let candidate = Math.max(2, from); candidate < from + 20_000; candidate += 1) {
    let isPrime = true;
    for (let divisor = 2; divisor * divisor <= candidate && isPrime; divisor += 1) {
      isPrime = candidate % divisor !== 0;
    }
    if (isPrime) primes += 1;
  }
  return primes;
}
