import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { createEchoBuffer, turnOf, viewEchoBlock } from './echo-block.ts';

/** The worker's side of an exchange with a partner of its own. */
export interface EchoPartner {
  /** Sends a message (which is not to be used again) and resolves with what came back. */
  roundTrip(message: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** While it is held, its worker waits for it; once it is let go, it ends with its worker. */
  hold(): void;
  letGo(): void;
}

/** Beside the host, like all programs of the hosts (vite.host-entries.ts). */
const program = path.join(path.dirname(fileURLToPath(import.meta.url)), 'echo-partner.js');

export function startEchoPartner(transport: string, messageBytes: number): Promise<EchoPartner> {
  switch (transport) {
    case 'structured-clone':
    case 'transfer':
      return startPortPartner(transport);
    case 'shared-atomics':
      return startBlockPartner(messageBytes);
    case 'ipc-json':
    case 'ipc-advanced':
      return startProcessPartner(transport);
    default:
      throw new Error(`Node has no transport "${transport}"`);
  }
}

async function startPortPartner(transport: 'structured-clone' | 'transfer'): Promise<EchoPartner> {
  const worker = new Worker(program, { workerData: transport });
  await once(worker, 'message');
  const answers = createAnswers(worker, 'error');
  return {
    roundTrip(message) {
      const moves = transport === 'transfer' && message.buffer instanceof ArrayBuffer;
      worker.postMessage(message, moves ? [message.buffer] : []);
      return answers.next();
    },
    hold: () => worker.ref(),
    letGo: () => worker.unref(),
  };
}

async function startBlockPartner(messageBytes: number): Promise<EchoPartner> {
  const buffer = createEchoBuffer(messageBytes);
  const worker = new Worker(program, { workerData: buffer });
  await once(worker, 'message');
  const { turn, request, answer } = viewEchoBlock(buffer);
  return {
    roundTrip(message) {
      request.set(message);
      Atomics.store(turn, 0, turnOf.partner);
      Atomics.notify(turn, 0);
      Atomics.wait(turn, 0, turnOf.partner);
      return answer.slice();
    },
    hold: () => worker.ref(),
    letGo: () => worker.unref(),
  };
}

async function startProcessPartner(transport: 'ipc-json' | 'ipc-advanced'): Promise<EchoPartner> {
  const isJson = transport === 'ipc-json';
  const child = fork(program, [], { serialization: isJson ? 'json' : 'advanced' });
  await once(child, 'message');
  const answers = createAnswers(child, 'exit');
  return {
    roundTrip(message) {
      // JSON has no bytes: base64 is what one sends instead.
      child.send(isJson ? Buffer.from(message.buffer).toString('base64') : message);
      return answers.next();
    },
    hold() {
      child.ref();
      child.channel?.ref();
    },
    letGo() {
      child.channel?.unref();
      child.unref();
    },
  };
}

/** One answer at a time. */
function createAnswers(source: Worker | ChildProcess, deathEvent: 'error' | 'exit') {
  let settle: { resolve(answer: Uint8Array): void; reject(error: Error): void } | null = null;
  source.on('message', (message: unknown) => settle?.resolve(toBytes(message)));
  source.once(deathEvent, () => settle?.reject(new Error('the partner died')));
  return {
    next: () =>
      new Promise<Uint8Array>((resolve, reject) => {
        settle = { resolve, reject };
      }),
  };
}

function toBytes(message: unknown): Uint8Array {
  if (typeof message === 'string') return Uint8Array.from(Buffer.from(message, 'base64'));
  if (message instanceof Uint8Array) return message;
  throw new Error('the partner sent back what is no message');
}
