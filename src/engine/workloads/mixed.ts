import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';
import { waitAs } from './waiting.ts';

export const mixed: WorkloadDescription = {
  id: 'mixed',
  title: 'Computing and waiting',
  summary: 'Counts for a share of its time and sleeps for the rest, in ten turns, as most services do.',
  kind: 'mixed',
  parameters: [
    {
      type: 'number',
      name: 'ms',
      label: 'Lasts',
      unit: 'ms',
      min: 1,
      max: 10_000,
      integer: false,
      defaults: { node: 200, python: 200 },
      help: 'How long one task lasts on a core that counts as fast as is assumed below.',
    },
    {
      type: 'number',
      name: 'cpuShare',
      label: 'CPU share',
      unit: '',
      min: 0,
      max: 1,
      integer: false,
      defaults: { node: 0.5, python: 0.5 },
      help: 'Which share of that time is computing: 0 only sleeps, 1 only computes.',
    },
    {
      type: 'number',
      name: 'countPerMs',
      label: 'Counts',
      unit: 'per ms',
      min: 1,
      max: 1_000_000,
      integer: true,
      defaults: { node: 1_000_000, python: 12_000 },
      help: 'How far a core is assumed to count in a millisecond. It makes the work the same for every strategy, however busy the machine is.',
    },
  ],
  expectedSignature: {
    node: 'The event loop gains what is waiting (with a CPU share of 0.5 up to 2 times) and no more; threads and processes gain both.',
    python:
      'With the global interpreter lock, threads and asyncio gain what is waiting and no more; processes gain both, and so does the hybrid of asyncio and processes.',
  },
};

/** How many times a task changes between counting and sleeping. */
const turns = 10;

export const mixedWork: NodeWorkload = { run: countAndSleep };

/** Counts an amount of work, not of time: what is computed is the same for every strategy. */
export async function countAndSleep(
  params: WorkloadParams,
  { strategy }: Pick<TaskContext, 'strategy'>,
): Promise<string> {
  const share = readParameter(params, 'cpuShare');
  const turnMs = readParameter(params, 'ms') / turns;
  const perTurn = Math.floor(turnMs * share * readParameter(params, 'countPerMs'));
  const sleepMs = turnMs * (1 - share);
  let sum = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    sum += countTo(perTurn);
    if (sleepMs > 0) await waitAs(strategy, sleepMs);
  }
  return `${turns} turns, sum ${sum}`;
}

/** Longer stretches would let the sum pass 2^53 at the most that the parameters allow. */
const longestStretch = 1_000_000;

function countTo(n: number): number {
  let count = 0;
  for (let done = 0; done < n; done += longestStretch) {
    const stretch = Math.min(longestStretch, n - done);
    for (let i = 0; i < stretch; i += 1) count += i;
  }
  return count;
}
