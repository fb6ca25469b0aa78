import { describeError, showError } from './failure.ts';
import { sayDone, sayLast, sendToHost } from './process-end.ts';
import { writeOutputAtOnce } from './standard-output.ts';
import { loadWork } from './work.ts';
import { createWorker } from './worker.ts';
import { runWorker } from './worker-main.ts';
import { unpackStart } from './worker-start.ts';

/** Entry of a forked worker process. */
writeOutputAtOnce();
const start = unpackStart(process.argv[2]);
runWorker(async () => {
  try {
    await createWorker(await loadWork(start.plan), start, 'process', sendToHost).doShare();
    sayDone(start.index);
  } catch (error) {
    // Where deaths are observed, the process dies of it as it would anywhere.
    if (start.plan.onWorkerFailure === 'observe') throw error;
    showError(error);
    sayLast({ type: 'failed', worker: start.index, message: describeError(error) });
  }
});
