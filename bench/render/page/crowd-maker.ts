import { encodeFrame } from '../../../src/shared/frame-codec.ts';
import type { PageMessage } from '../../../src/renderer/drawing/protocol.ts';
import { crowdFrame } from '../crowd.ts';

/** To make so many frames, which are kept; or to hand over the next one of them. */
export type CrowdOrder = { readonly processes: number; readonly count: number } | 'next';
type Spent = Extract<PageMessage, { type: 'spent' }>;

const everyMs = 500;

let sequence = 0;
let buffers: ArrayBuffer[] = [];

/** Makes the ticks of many processes in a worker, so that nothing of it is counted as drawing. */
self.onmessage = ({ data }: MessageEvent<CrowdOrder | Spent>) => {
  if (typeof data === 'object' && 'type' in data) return;
  if (data === 'next') {
    const buffer = buffers.shift();
    if (buffer === undefined) throw new Error('all frames have been shown');
    self.postMessage(buffer, { transfer: [buffer] });
    return;
  }
  const keys = Float64Array.from({ length: data.processes }, (_, index) => index + 1);
  buffers = Array.from({ length: data.count }, () => {
    sequence += 1;
    return encodeFrame(crowdFrame(keys, sequence, everyMs, Float64Array.of(0.5, 0.5)));
  });
  self.postMessage(buffers.length);
};
