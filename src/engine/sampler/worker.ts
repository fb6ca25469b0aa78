import { setFlagsFromString } from 'node:v8';
import { MessagePort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createSessionClock } from '../clock.ts';
import { createSystemReader } from './default-reader.ts';
import { createSampler, createTicks, type SamplerOptions } from './index.ts';
import { runBlockingLoop } from './loop.ts';
import {
  buffersOf,
  createObedience,
  isSamplerCommand,
  type SamplerWorkerData,
  serveSampler,
} from './remote.ts';
import { warmUp } from './warm-up.ts';

/** Entry of the sampler's worker thread, in the command line and in the app; `createSamplerWorker` starts it. */

function isSamplerWorkerData(data: unknown): data is SamplerWorkerData {
  return (
    typeof data === 'object' &&
    data !== null &&
    'everyMs' in data &&
    typeof data.everyMs === 'number' &&
    'port' in data &&
    data.port instanceof MessagePort &&
    'bell' in data &&
    data.bell instanceof Int32Array &&
    'clockOrigin' in data &&
    typeof data.clockOrigin === 'object' &&
    data.clockOrigin !== null &&
    'originNs' in data.clockOrigin &&
    typeof data.clockOrigin.originNs === 'bigint' &&
    'startedUnixMs' in data.clockOrigin &&
    typeof data.clockOrigin.startedUnixMs === 'number'
  );
}

/** Blocks this thread until `stop` comes. */
function sampleUntilStopped(options: SamplerOptions, { port, bell }: SamplerWorkerData): void {
  const ticks = createTicks(options);
  let isStopped = false;
  const obey = createObedience(
    ticks,
    // The one receiver there is: the frames are its own from now on.
    (message) => {
      port.postMessage(message, buffersOf(message));
    },
    () => {
      isStopped = true;
    },
  );
  runBlockingLoop(ticks, () => options.clock.nowMs(), {
    bell,
    obeyAll() {
      for (;;) {
        const received: unknown = receiveMessageOnPort(port);
        if (typeof received !== 'object' || received === null || !('message' in received)) return !isStopped;
        if (isSamplerCommand(received.message)) obey(received.message);
      }
    },
  });
  ticks.close();
  port.postMessage({ type: 'stopped' });
}

/**
 * Ten times V8's default (Node 20), in bytes of code run: what ticks ten times a second, compiled anew again and again
 * at the default, takes 15 % of all that sampling costs for its first minutes. A loop that computes reaches this within
 * some milliseconds more. Electron seals its flags, so there they stay as they are.
 */
const laterCompilation = '--interrupt-budget=675840';

function settle(): void {
  if (process.versions['electron'] === undefined) setFlagsFromString(laterCompilation);
}

const data: unknown = workerData;
if (!isSamplerWorkerData(data)) {
  throw new Error('sampler/worker.ts is started by createSamplerWorker, not by hand');
}
const { port, everyMs } = data;
const clock = createSessionClock(data.clockOrigin);
const reader = createSystemReader({ nowMs: () => clock.nowMs() });
const options = { clock, everyMs, reader };

if (reader.answersAtOnce === true) {
  warmUp();
  settle();
  // Commands that came meanwhile wait at the port.
  sampleUntilStopped(options, data);
} else {
  serveSampler(createSampler(options), {
    postMessage: (message) => {
      port.postMessage(message);
    },
    onMessage: (listener) => void port.on('message', listener),
  });
}
