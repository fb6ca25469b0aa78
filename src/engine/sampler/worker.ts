import { parentPort, workerData } from 'node:worker_threads';
import { createSessionClock } from '../clock.ts';
import { createSampler } from './index.ts';
import { type SamplerWorkerData, serveSampler } from './remote.ts';
import { warmUp } from './warm-up.ts';

/** Entry of the sampler's worker thread; `createSamplerWorker` starts it. */

function isSamplerWorkerData(data: unknown): data is SamplerWorkerData {
  return (
    typeof data === 'object' &&
    data !== null &&
    'everyMs' in data &&
    typeof data.everyMs === 'number' &&
    'clockOrigin' in data &&
    typeof data.clockOrigin === 'object' &&
    data.clockOrigin !== null &&
    'originNs' in data.clockOrigin &&
    typeof data.clockOrigin.originNs === 'bigint' &&
    'startedUnixMs' in data.clockOrigin &&
    typeof data.clockOrigin.startedUnixMs === 'number'
  );
}

const data: unknown = workerData;
const port = parentPort;
if (port === null || !isSamplerWorkerData(data)) {
  throw new Error('sampler/worker.ts is started by createSamplerWorker, not by hand');
}

// Commands that come meanwhile wait at the port.
await warmUp();
const sampler = createSampler({ clock: createSessionClock(data.clockOrigin), everyMs: data.everyMs });
serveSampler(sampler, {
  postMessage: (message) => port.postMessage(message),
  onMessage: (listener) => void port.on('message', listener),
});
