import type { WorkloadDescription } from '../../shared/workload.ts';
import { approachFault, doOtherTask, workParameter } from './fault-stage.ts';
import { preventCoreDump } from './no-core-dump.ts';
import { type NodeWorkload, readParameter } from './node-task.ts';

const ownLimit = 'Its one worker is the host itself, which cannot be given a limit of its own.';

export const outOfMemory: WorkloadDescription = {
  id: 'out-of-memory',
  title: 'Out of memory',
  summary:
    'Task 0 fills its memory until the limit of its worker stops it. The machine itself stays out of danger.',
  kind: 'fault',
  parameters: [
    workParameter,
    {
      type: 'number',
      name: 'megabytes',
      label: 'Limit',
      unit: 'MB',
      min: 32,
      max: 512,
      integer: true,
      defaults: { node: 64, python: 64 },
      help: "How much a worker may hold: the JavaScript heap of each in Node; in Python the process's address space, beyond what it has at that moment.",
    },
  ],
  expectedSignature: {
    node: 'A thread is ended by its own heap limit and the others go on; a process aborts (SIGABRT). Pools replace the worker and lose one task.',
    python:
      'MemoryError is an exception, in a thread as in a process: the worker that raised it loses its share, a pool only the task.',
  },
  unavailable: { node: { serial: ownLimit, async: ownLimit } },
};

/** Should the limit not be kept, the work ends itself long before a machine notices. */
const mostTimesTheLimit = 3;
const numbersPerMegabyte = 131_072;

export const outOfMemoryWork: NodeWorkload = {
  prepare: ({ params }) => Promise.resolve({ heapLimitMegabytes: readParameter(params, 'megabytes') }),
  async run(params, context) {
    if (context.task !== 0) return doOtherTask(params, context);
    preventCoreDump();
    await approachFault(context);
    const most = mostTimesTheLimit * readParameter(params, 'megabytes');
    const hoard: number[][] = [];
    while (hoard.length < most) hoard.push(new Array<number>(numbersPerMegabyte).fill(hoard.length + 0.5));
    throw new Error(`no limit was kept: ${hoard.length} MB could be held`);
  },
};
