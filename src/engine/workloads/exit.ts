import type { WorkloadDescription } from '../../shared/workload.ts';
import { approachFault, doOtherTask, workParameter } from './fault-stage.ts';
import type { NodeWorkload } from './node-task.ts';

export const exitFault: WorkloadDescription = {
  id: 'exit',
  title: 'Exit in a worker',
  summary: 'Task 0 ends the program it believes to be alone in, with exit code 7.',
  kind: 'fault',
  parameters: [
    workParameter,
    {
      type: 'choice',
      name: 'way',
      label: 'Way',
      choices: ['orderly', 'at-once'],
      defaults: { node: 'orderly', python: 'orderly' },
      help: 'orderly: process.exit() or sys.exit(). at-once: os._exit() in Python; Node has nothing but process.exit().',
    },
  ],
  expectedSignature: {
    node: 'process.exit() in a thread ends that thread, in a process that process; on the main thread it is the end of everything. Pools replace the worker and lose one task.',
    python:
      "sys.exit() is an exception: it ends the worker's share, and on asyncio the loop with all its tasks; a pool does not even lose the worker. os._exit() (at-once) ends the process, which for threads is the host, and it breaks a process pool.",
  },
};

const exitCode = 7;

export const exitWork: NodeWorkload = {
  async run(params, context) {
    if (context.task !== 0) return doOtherTask(params, context);
    await approachFault(context);
    process.exit(exitCode);
  },
};
