import { decodeFrame, encodeFrame } from '../../../../../src/shared/frame-codec.ts';
import { drawnFrame } from '../../../../support/drawn-frame.ts';
import type { EntityInfo, SamplerMessage } from '../../../../../src/shared/sample.ts';
import type { Sampler } from '../../../../../src/engine/sampler/index.ts';
import { createMessageHub } from '../../../../../src/engine/sampler/message-hub.ts';

export interface HubSampler extends Sampler {
  publish(message: SamplerMessage): void;
  /** What was asked of it, one line each. */
  readonly asked: string[];
}

/** A sampler that publishes what the test says instead of what the machine does. */
export function createHubSampler(): HubSampler {
  const hub = createMessageHub();
  const asked: string[] = [];
  return {
    asked,
    publish: (message) => hub.publish(message),
    watch: ({ pid, owner }) => void asked.push(`watch ${pid} ${owner}`),
    unwatch: (pid) => void asked.push(`unwatch ${pid}`),
    nameThread: (pid, tid, name) => void asked.push(`name ${pid}/${tid} ${name}`),
    subscribe(listener) {
      asked.push('subscribe');
      return hub.subscribe(listener);
    },
    stop() {
      asked.push('stop');
      return Promise.resolve();
    },
  };
}

export function makeFrame(sequence: number): SamplerMessage {
  return { type: 'frame', buffer: encodeFrame(drawnFrame({ sequence, atMs: sequence * 100 })) };
}

function makeEntity(key: number): EntityInfo {
  return {
    key,
    kind: 'process',
    pid: key,
    tid: null,
    parentKey: null,
    rootPid: key,
    owner: 'run',
    name: 'made up',
    commandLine: '',
    user: null,
    startedUnixMs: null,
  };
}

export function makeEntities(appeared: readonly number[], goneKeys: readonly number[] = []): SamplerMessage {
  return { type: 'entities', appeared: appeared.map(makeEntity), goneKeys };
}

/** `f7` is frame 7, `f7-3` says that 3 before it were dropped; `+1+2-9` are keys that came and went. */
export function drawMessage(message: SamplerMessage): string {
  if (message.type === 'frame') {
    const { sequence, droppedFrames } = decodeFrame(message.buffer);
    return droppedFrames === 0 ? `f${sequence}` : `f${sequence}-${droppedFrames}`;
  }
  if (message.type === 'topology') return 'topology';
  return [...message.appeared.map(({ key }) => `+${key}`), ...message.goneKeys.map((key) => `-${key}`)].join(
    '',
  );
}
