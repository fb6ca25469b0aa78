import type { WorkloadDescription } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';
import { waitAs } from './waiting.ts';

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

/** In `async` it is a timer, as nobody would block an event loop on purpose. */
export const sleepWork: NodeWorkload = {
  async run(params, { task, strategy }: Pick<TaskContext, 'task' | 'strategy'>) {
    await waitAs(strategy, readParameter(params, 'seconds') * 1_000);
    return `greeting from - t${task + 1}`;
  },
};
