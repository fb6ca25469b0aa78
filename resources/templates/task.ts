// A task for Corescope: the piece of work that is run as threads, as processes, and one after the other.
//
//   corescope run ./task.ts
//   corescope compare ./task.ts
//
// TypeScript runs as it is. Each worker loads this file once; what stands outside of the function is done once per
// worker, before its first task. So open files and connections there, and keep the work itself inside.

interface TaskInput {
  /** Which task this is, from 0, and how many there are. */
  readonly task: number;
  readonly tasks: number;
  /** Which worker does it, from 0, and how many there are. */
  readonly worker: number;
  readonly workers: number;
  /** serial, async, threads, processes … */
  readonly strategy: string;
  /** The same for all tasks of a run; use it in place of Math.random(). */
  readonly seed: number;
  /** What --param name=value gave. */
  readonly params: Readonly<Record<string, number | string>>;
}

/**
 * Returns what was computed: a number, a text, a list or a plain object (or a promise of one). It is how Corescope
 * sees that every strategy did the same work, so it must not depend on worker, strategy or time.
 */
export default function task({ task }: TaskInput): number {
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
