/**
 * The layout of the shared block of transport `shared-atomics`: whose turn it is, then room for one message each
 * way. Both sides copy: the sender in, the receiver out.
 */
const headBytes = 8;

export const turnOf = { worker: 0, partner: 1 } as const;

export interface EchoBlock {
  readonly turn: Int32Array;
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
}

export function createEchoBuffer(messageBytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(headBytes + 2 * messageBytes);
}

export function viewEchoBlock(buffer: SharedArrayBuffer): EchoBlock {
  const messageBytes = (buffer.byteLength - headBytes) / 2;
  return {
    turn: new Int32Array(buffer, 0, 1),
    request: new Uint8Array(buffer, headBytes, messageBytes),
    answer: new Uint8Array(buffer, headBytes + messageBytes, messageBytes),
  };
}
