import { readSync, writeSync } from 'node:fs';
import type { SamplerMessage } from '../../src/shared/sample.ts';

/**
 * Sampler messages through a pipe, so that making them up costs another process: each is its length (u32), a byte that
 * says whether it is a frame, and that many bytes, a frame's buffer or JSON.
 */
const headBytes = 5;

export function writeMessage(descriptor: number, message: SamplerMessage): void {
  const isFrame = message.type === 'frame';
  const body = isFrame ? Buffer.from(message.buffer) : Buffer.from(JSON.stringify(message), 'utf8');
  const head = Buffer.alloc(headBytes);
  head.writeUInt32LE(body.length, 0);
  head.writeUInt8(Number(isFrame), 4);
  for (const bytes of [head, body]) {
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
  }
}

/** Until the other end is closed. Each frame has a buffer of its own, as over a message port. */
export function* readMessages(descriptor: number): Generator<SamplerMessage> {
  const head = Buffer.alloc(headBytes);
  while (fill(descriptor, head)) {
    const buffer = new ArrayBuffer(head.readUInt32LE(0));
    const body = Buffer.from(buffer);
    if (!fill(descriptor, body)) throw new Error('the stream ended within a message');
    // Our own program wrote it, a moment ago.
    if (head.readUInt8(4) === 1) yield { type: 'frame', buffer };
    else yield JSON.parse(body.toString('utf8')) as SamplerMessage;
  }
}

/** False where the stream ends before the first byte. */
function fill(descriptor: number, bytes: Buffer): boolean {
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(descriptor, bytes, done, bytes.length - done, null);
    if (count === 0 && done === 0) return false;
    if (count === 0) throw new Error('the stream ended within a message');
    done += count;
  }
  return true;
}
