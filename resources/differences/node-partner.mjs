// The other end of a probe: a worker thread or a forked process that looks at what it gets, and answers.
import { isMainThread, parentPort, workerData } from 'node:worker_threads';

/** Touches both ends, so that the memory is really there, and says so. */
function look(/** @type {Uint8Array} */ bytes) {
  return { length: bytes.length, sum: (bytes[0] ?? 0) + (bytes[bytes.length - 1] ?? 0) };
}

if (isMainThread) {
  process.on('message', (/** @type {any} */ message) => {
    process.send?.(look(message.share));
  });
  process.send?.('ready');
} else if (workerData === 'spin') {
  parentPort?.postMessage('ready');
  for (;;);
} else {
  parentPort?.on('message', (message) => {
    parentPort?.postMessage(look(new Uint8Array(message.share)));
  });
  parentPort?.postMessage('ready');
}
