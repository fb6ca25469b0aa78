import { describeError, showError } from './failure.ts';
import { isHostMessage } from './messages.ts';
import { sayDone, sayLast, sendToHost } from './process-end.ts';
import { writeOutputAtOnce } from './standard-output.ts';
import { loadWork } from './work.ts';
import { createWorker } from './worker.ts';
import { runWorker } from './worker-main.ts';
import { unpackStart } from './worker-start.ts';

/** Entry of a cluster worker. */
writeOutputAtOnce();
const index = Number(process.env['CORESCOPE_CLUSTER_INDEX']);
runWorker(async () => {
  try {
    const start = { ...unpackStart(process.argv[2]), index };
    const work = await loadWork(start.plan);
    const serve = work.workload?.serve;
    if (serve === undefined) throw new Error(`workload "${start.plan.workloadId}" serves no port`);
    const worker = createWorker(work, start, 'process', sendToHost);
    const server = await serve.start(start.plan.params, worker.contextFor(0));
    worker.ready(null);
    sendToHost({ type: 'listening', worker: index, port: server.port });
    process.on('message', (message) => {
      if (!isHostMessage(message) || message.type !== 'end') return;
      void server.close().then(() => sayDone(index));
    });
  } catch (error) {
    showError(error);
    sayLast({ type: 'failed', worker: index, message: describeError(error) });
  }
});
