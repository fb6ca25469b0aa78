import { setTimeout as delay } from 'node:timers/promises';
import { type WorkloadDescription } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';

/** The article's `hello_func`: waits, then greets. */
export const sleep: WorkloadDescription = {
  id: 'sleep',
  title: 'Sleep',
  summary:
    'Blocks its worker for a while, then returns a greeting. Stands for waiting on a disk or a network.',
  kind: 'io',
  parameters: [
    {
      type: 'number',
      name: 'seconds',
      label: 'Sleep for',
      unit: 's',
      min: 0.01,
      max: 60,
      integer: false,
      defaults: { node: 0.5, python: 0.5 },
      help: 'How long one task blocks.',
    },
  ],
  expectedSignature: {
    node: 'Hardly any core is busy; threads and processes both take 1/workers of the serial time.',
    python:
      'Hardly any core is busy; a sleeping thread gives up the interpreter lock, so threads gain as much as processes.',
  },
};

/**
 * Blocks for real, as `time.sleep` does: a timer would let one Node thread wait for any number of tasks at once,
 * and there would be nothing to compare. To show just that is what `async` is for.
 */
export const sleepWork: NodeWorkload = {
  run(params, { task, strategy }: Pick<TaskContext, 'task' | 'strategy'>) {
    const ms = readParameter(params, 'seconds') * 1_000;
    const greeting = `greeting from - t${task + 1}`;
    if (strategy === 'async') return delay(ms, greeting);
    const neverNotified = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    Atomics.wait(neverNotified, 0, 0, ms);
    return greeting;
  },
};
