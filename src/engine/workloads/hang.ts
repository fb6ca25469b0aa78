import type { WorkloadDescription } from '../../shared/workload.ts';
import {
  approachFault,
  askForEnd,
  doOtherTask,
  endStuckWorker,
  patienceParameter,
  workParameter,
} from './fault-stage.ts';
import { type NodeWorkload, readChoice } from './node-task.ts';

export const hang: WorkloadDescription = {
  id: 'hang',
  title: 'Hang',
  summary: 'Task 0 never returns. After a while its worker is ended from outside, where that can be done.',
  kind: 'fault',
  parameters: [
    workParameter,
    patienceParameter,
    {
      type: 'choice',
      name: 'manner',
      label: 'Manner',
      choices: ['wait', 'spin'],
      defaults: { node: 'wait', python: 'wait' },
      help: 'wait: for what never comes. spin: in an endless loop that keeps a core busy.',
    },
  ],
  expectedSignature: {
    node: 'A thread can be ended by terminate() and a process by SIGKILL, both within milliseconds; the others never notice.',
    python:
      'A process can be killed within milliseconds, which breaks a process pool. A thread cannot be ended at all: the run goes on until its timeout.',
  },
};

export const hangWork: NodeWorkload = {
  prepare: (context) => Promise.resolve(endStuckWorker(context, [])),
  async run(params, context) {
    if (context.task !== 0) return doOtherTask(params, context);
    await approachFault(context);
    askForEnd(context);
    const neverNotified = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
    if (readChoice(params, 'manner') === 'wait') Atomics.wait(neverNotified, 0, 0);
    while (neverNotified[0] === 0);
    return 'came back';
  },
};
