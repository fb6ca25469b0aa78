import { parentPort, workerData } from 'node:worker_threads';
import { turnOf, viewEchoBlock } from './echo-block.ts';

/** Entry of the partner of an echo worker, as a thread or as a process: sends back whatever comes. */
const data: unknown = workerData;
const port = parentPort;

if (port === null) {
  process.on('message', (message) => process.send?.(message));
  process.send?.('ready');
} else if (data instanceof SharedArrayBuffer) {
  port.postMessage('ready');
  echoBlock(data);
} else {
  const isTransfer = data === 'transfer';
  port.on('message', (message: unknown) => {
    const moves = isTransfer && message instanceof Uint8Array && message.buffer instanceof ArrayBuffer;
    port.postMessage(message, moves ? [message.buffer] : []);
  });
  port.postMessage('ready');
}

/** Until the thread is ended with its worker. */
function echoBlock(buffer: SharedArrayBuffer): never {
  const { turn, request, answer } = viewEchoBlock(buffer);
  for (;;) {
    Atomics.wait(turn, 0, turnOf.worker);
    answer.set(request);
    Atomics.store(turn, 0, turnOf.worker);
    Atomics.notify(turn, 0);
  }
}
