import { readPlan } from '../protocol.ts';
import { describeError, doShare, type ShareMessage } from './share.ts';

/** Entry of a forked worker process: the arguments are the plan's line and the worker's index. */
const [planLine, index] = process.argv.slice(2);
if (planLine === undefined || index === undefined || process.send === undefined) {
  throw new Error('run-process.js is started by run-host.js only');
}
try {
  await doShare(readPlan(planLine), Number(index), (message) => process.send?.(message));
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  sayLast({ type: 'done', cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 });
} catch (error) {
  console.error(error);
  sayLast({ type: 'failed', message: `worker ${Number(index) + 1} failed: ${describeError(error)}` });
}

/** With the channel closed nothing keeps the process alive. */
function sayLast(message: ShareMessage): void {
  process.send?.(message, undefined, undefined, () => process.disconnect());
}
