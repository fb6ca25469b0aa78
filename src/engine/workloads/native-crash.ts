import type { WorkloadDescription } from '../../shared/workload.ts';
import { approachFault, clearBeforeHostDies, doOtherTask, workParameter } from './fault-stage.ts';
import { preventCoreDump } from './no-core-dump.ts';
import type { NodeWorkload } from './node-task.ts';

export const nativeCrash: WorkloadDescription = {
  id: 'native-crash',
  title: 'Native crash',
  summary: 'Task 0 ends its process by SIGABRT, as a fault in native code does. No core file is left.',
  kind: 'fault',
  parameters: [workParameter],
  expectedSignature: {
    node: 'Threads die with their host, all of them. Of processes one dies; a pool replaces it and loses one task.',
    python:
      'Threads die with their host, all of them. Of processes one dies; a process pool breaks and loses all tasks that are not done.',
  },
};

const mostWaitMs = 5_000;

export const nativeCrashWork: NodeWorkload = {
  async run(params, context) {
    if (context.task !== 0) return doOtherTask(params, context);
    preventCoreDump();
    await approachFault(context);
    clearBeforeHostDies(context);
    // What process.abort() does; that itself is refused to threads.
    process.kill(process.pid, 'SIGABRT');
    // The signal may come to another thread first: nothing more is to be done until it ends them all.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, mostWaitMs);
    throw new Error('SIGABRT did not end this process');
  },
};
