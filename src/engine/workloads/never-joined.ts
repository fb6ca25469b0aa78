import type { WorkloadDescription } from '../../shared/workload.ts';
import {
  approachFault,
  askForEnd,
  doOtherTask,
  endStuckWorker,
  finishTask,
  patienceParameter,
  workParameter,
} from './fault-stage.ts';
import type { NodeWorkload } from './node-task.ts';

export const neverJoined: WorkloadDescription = {
  id: 'never-joined',
  title: 'Never joined',
  summary:
    'Task 0 leaves something running behind it (a timer, a thread), so that its worker does not end when all is done.',
  kind: 'fault',
  parameters: [workParameter, patienceParameter],
  expectedSignature: {
    node: 'A timer keeps a thread or a process from ending: it has to be ended from outside. A pool of threads ends its workers anyway.',
    python:
      'A thread left behind keeps its process from ending: worker processes have to be killed, and the host itself, where the workers are threads, is killed 2 s after its last word.',
  },
};

const tickMs = 1_000;

export const neverJoinedWork: NodeWorkload = {
  prepare: (context) =>
    Promise.resolve(
      endStuckWorker(
        context,
        Array.from({ length: context.tasks }, (_, task) => task),
      ),
    ),
  async run(params, context) {
    if (context.task !== 0) return doOtherTask(params, context);
    await approachFault(context);
    askForEnd(context);
    setInterval(() => undefined, tickMs);
    return finishTask(context);
  },
};
