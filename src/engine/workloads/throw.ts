import type { WorkloadDescription } from '../../shared/workload.ts';
import { approachFault, doOtherTask, workParameter } from './fault-stage.ts';
import type { NodeWorkload } from './node-task.ts';

export const throwFault: WorkloadDescription = {
  id: 'throw',
  title: 'Exception',
  summary: 'Task 0 throws what nobody catches. Shows what an exception takes with it.',
  kind: 'fault',
  parameters: [workParameter],
  expectedSignature: {
    node: 'A thread or process of its own dies with its share and the others go on; a pool loses the one task and keeps the worker.',
    python:
      'The same: an exception ends the thread or process that had the share; a pool loses the one task and keeps the worker.',
  },
};

export const throwWork: NodeWorkload = {
  async run(params, context) {
    if (context.task !== 0) return doOtherTask(params, context);
    await approachFault(context);
    throw new Error('task 0 throws on purpose');
  },
};
