import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

const partner = new URL('./node-partner.mjs', import.meta.url);

/** @typedef {{ send: (message: unknown) => void, receive: () => Promise<unknown>, end: () => Promise<unknown> }} Partner */

/** @returns {Promise<Partner>} */
async function startThread() {
  const worker = new Worker(partner);
  await once(worker, 'message');
  return {
    send: (message) => worker.postMessage(message),
    receive: async () => (await once(worker, 'message'))[0],
    end: () => worker.terminate(),
  };
}

/** @returns {Promise<Partner>} */
async function startProcess() {
  const child = fork(partner, { serialization: 'advanced' });
  await once(child, 'message');
  return {
    send: (message) => child.send(/** @type {any} */ (message)),
    receive: async () => (await once(child, 'message'))[0],
    end: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function share(/** @type {Partner} */ other, /** @type {ArrayBufferLike} */ buffer) {
  const bytes = new Uint8Array(buffer).fill(1);
  const startMs = performance.now();
  const answer = other.receive();
  other.send({ share: buffer instanceof SharedArrayBuffer ? buffer : bytes });
  await answer;
  return { sharedMs: performance.now() - startMs };
}

async function terminate() {
  const worker = new Worker(partner, { workerData: 'spin' });
  await once(worker, 'message');
  const startMs = performance.now();
  await worker.terminate();
  return { terminatedMs: performance.now() - startMs };
}

const delay = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** @param {{ task: number, params: Record<string, any> }} input */
export default async function probe({ task, params }) {
  switch (params.probe) {
    case 'die':
      if (task === 0) process.kill(process.pid, 'SIGKILL');
      await delay(params.otherMs);
      return task;
    case 'hang':
      if (task === 0) await new Promise(() => setInterval(() => undefined, 1e6));
      await delay(params.otherMs);
      return task;
    case 'terminate':
      return tell(await terminate());
  }
  const other = params.partner === 'thread' ? await startThread() : await startProcess();
  try {
    const Memory = params.partner === 'thread' ? SharedArrayBuffer : ArrayBuffer;
    return tell(await share(other, new Memory(params.bytes)));
  } finally {
    await other.end();
  }
}

/** Figures differ from run to run, so they are no result: what is returned is compared. */
function tell(/** @type {object} */ figures) {
  console.log(`corescope-probe:${JSON.stringify(figures)}`);
  return 'told';
}
