// The other end of a probe: a worker thread or a forked process that sends back what it gets.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';

/** Touches both ends, so that the memory is really there, and says so. */
function look(/** @type {Uint8Array} */ bytes) {
  return { length: bytes.length, sum: (bytes[0] ?? 0) + (bytes[bytes.length - 1] ?? 0) };
}

if (isMainThread) {
  process.on('message', (/** @type {any} */ message) => {
    process.send?.(message.share === undefined ? message : look(message.share));
  });
  process.send?.('ready');
} else if (workerData === 'spin') {
  parentPort?.postMessage('ready');
  for (;;);
} else {
  parentPort?.on('message', (message) => {
    parentPort?.postMessage(message.share === undefined ? message : look(new Uint8Array(message.share)));
  });
  parentPort?.postMessage('ready');
}
