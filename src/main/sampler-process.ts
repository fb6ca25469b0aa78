import { join } from 'node:path';
import type { MessagePortMain } from 'electron';
import type { FrameAcknowledgement } from '../shared/sample.ts';
import { connectFrameOutlet } from '../engine/sampler/frame-outlet.ts';
import type { Sampler } from '../engine/sampler/index.ts';
import { createSamplerWorker, serveSampler } from '../engine/sampler/remote.ts';
import type { SamplerProcessMessage } from './engine-messages.ts';

/**
 * The sampler's own process in the app. A worker thread of it samples and sleeps in between; this thread passes on.
 * The engine gets every frame over its port; the screen gets what it can take, over a port that reaches the page
 * without passing through main.
 */
let sampler: Sampler | null = null;

process.parentPort.on('message', ({ data, ports }) => {
  const message = data as SamplerProcessMessage;
  if (message.type === 'start-sampler') {
    sampler = createSamplerWorker({
      workerFile: join(import.meta.dirname, 'sampler-worker.js'),
      clockOrigin: message.clockOrigin,
      everyMs: message.everyMs,
      // Main tells the screen when this process has ended.
      onFailure: (problem) => {
        throw new Error(`${problem.message} ${problem.advice}`);
      },
    });
    sampler.watch({ pid: message.ownPid, owner: 'corescope' });
    return;
  }
  const [port] = ports;
  if (sampler === null || port === undefined)
    throw new Error(`${message.type} came too early or without a port`);
  if (message.type === 'attach-engine') attachEngine(sampler, port);
  else attachScreen(sampler, port);
});

function attachEngine(target: Sampler, port: MessagePortMain): void {
  serveSampler(target, {
    postMessage: (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', (event) => listener(event.data)),
  });
  port.start();
}

function attachScreen(target: Sampler, port: MessagePortMain): void {
  connectFrameOutlet(target, {
    postMessage: (message) => port.postMessage(message),
    onAcknowledge: (listener) =>
      port.on('message', (event) => listener((event.data as FrameAcknowledgement).sequence)),
    onClose: (listener) => port.on('close', listener),
  });
  port.start();
}
