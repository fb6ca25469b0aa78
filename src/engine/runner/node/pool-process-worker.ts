import { describeError, showError } from './failure.ts';
import { isHostMessage } from './messages.ts';
import { sayDone, sayLast, sendToHost } from './process-end.ts';
import { writeOutputAtOnce } from './standard-output.ts';
import { loadWork } from './work.ts';
import { createWorker } from './worker.ts';
import { runWorker } from './worker-main.ts';
import { unpackStart } from './worker-start.ts';

/** Entry of a process pool's worker. */
writeOutputAtOnce();
const start = unpackStart(process.argv[2]);
const { index } = start;
runWorker(async () => {
  try {
    const worker = createWorker(await loadWork(start.plan), start, 'process', sendToHost);
    worker.ready(null);
    process.on('message', (message) => {
      if (!isHostMessage(message)) return;
      if (message.type === 'end') {
        sayDone(index);
        return;
      }
      const { task } = message;
      worker.doTask(task).then(
        (result) => sendToHost({ type: 'pooled-task', ...result }),
        (error: unknown) => {
          showError(error);
          sendToHost({ type: 'pooled-task-failed', worker: index, task, message: describeError(error) });
        },
      );
    });
  } catch (error) {
    showError(error);
    sayLast({ type: 'failed', worker: index, message: describeError(error) });
  }
});
