import { fail, type Result, succeed } from '../../shared/result.ts';
import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter } from './node-task.ts';

/** The article's `heavy_calculation(n)`: nothing but one core, one integer and a loop. */
export const countLoop: WorkloadDescription = {
  id: 'count-loop',
  title: 'Counting loop',
  summary: 'Adds up the integers below n in a plain loop. Keeps one core busy and touches no memory.',
  kind: 'cpu',
  parameters: [
    {
      type: 'number',
      name: 'n',
      label: 'Count to',
      unit: '',
      min: 1,
      max: 100_000_000,
      integer: true,
      defaults: { node: 10_000_000, python: 10_000_000 },
      help: 'How many integers one round of the loop adds up.',
    },
    {
      type: 'number',
      name: 'rounds',
      label: 'Rounds',
      unit: '',
      min: 1,
      max: 1_000,
      integer: true,
      // V8 compiles the loop to machine code: 40 rounds last about as long as one of CPython.
      defaults: { node: 40, python: 1 },
      help: 'How often one task repeats the loop, adding to the same sum.',
    },
  ],
  expectedSignature: {
    node: 'Threads and processes both keep every core busy; threads start sooner and share one heap.',
    python:
      'With the global interpreter lock, threads keep one core busy among them and gain nothing; processes keep every core busy.',
  },
};

/**
 * The sum stays an exact integer only up to 2^53 - 1 in JavaScript. Python would go on counting exactly, and the
 * two runtimes would disagree about the result.
 */
export function checkCountLoop(params: WorkloadParams): Result<WorkloadParams> {
  const n = readParameter(params, 'n');
  const rounds = readParameter(params, 'rounds');
  const sum = (BigInt(rounds) * BigInt(n) * BigInt(n - 1)) / 2n;
  if (sum <= BigInt(Number.MAX_SAFE_INTEGER)) return succeed(params);
  return fail(
    'parameter-out-of-range',
    `Parameters "n" (${n}) and "rounds" (${rounds}) of workload "count-loop" together count to ${sum}, beyond 2^53 - 1, where JavaScript's integers stop being exact.`,
    'Choose a smaller n or fewer rounds, so that rounds * n * (n - 1) / 2 is at most 9007199254740991.',
  );
}

export const countLoopWork: NodeWorkload = { run: countLoopTask };

export function countLoopTask(params: WorkloadParams): string {
  const n = readParameter(params, 'n');
  const rounds = readParameter(params, 'rounds');
  let count = 0;
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < n; i += 1) count += i;
  }
  return String(count);
}
