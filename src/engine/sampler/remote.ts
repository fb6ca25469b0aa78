import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { readFrameTime } from '../../shared/frame-codec.ts';
import type { Problem } from '../../shared/result.ts';
import type { SamplerMessage, WatchedRoot } from '../../shared/sample.ts';
import type { Milliseconds, SessionMs, UnixMs } from '../../shared/units.ts';
import { createBell } from './bell.ts';
import type { Holding, Sampler } from './index.ts';
import { nativeLibraryOf } from './linux/native-library.ts';
import { createMessageHub } from './message-hub.ts';

/**
 * The sampler behind a port: `serveSampler` on its side, `createSamplerClient` on the other, with the same
 * interface. Over any pair of ports: a worker's, a utility process's, two ends of a MessageChannel.
 */

export type SamplerCommand =
  | { readonly type: 'watch'; readonly root: WatchedRoot }
  | { readonly type: 'unwatch'; readonly pid: number }
  | { readonly type: 'name-thread'; readonly pid: number; readonly tid: number; readonly name: string }
  /**
   * Messages begin to cross the port, and do until the sampler is stopped. `holdMs`: how long a message may wait for
   * others to cross together with it; by default each goes by itself.
   */
  | { readonly type: 'subscribe'; readonly holdMs?: Milliseconds }
  | { readonly type: 'stop' };

export type SamplerReply =
  | SamplerMessage
  /** Several, in their order. */
  | { readonly type: 'batch'; readonly messages: readonly SamplerMessage[] }
  | { readonly type: 'stopped' };

/** One end of a port. Messages of other kinds may cross it too: each side ignores what is not its own. */
export interface CommandPort {
  postMessage(message: SamplerCommand | SamplerReply): void;
  onMessage(listener: (message: unknown) => void): void;
}

function hasType(message: unknown): message is { readonly type: unknown } & Record<string, unknown> {
  return typeof message === 'object' && message !== null && 'type' in message;
}

function isWatchedRoot(value: unknown): value is WatchedRoot {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    Number.isSafeInteger(value.pid) &&
    'owner' in value &&
    (value.owner === 'run' || value.owner === 'corescope')
  );
}

export function isSamplerCommand(message: unknown): message is SamplerCommand {
  if (!hasType(message)) return false;
  switch (message.type) {
    case 'watch':
      return isWatchedRoot(message['root']);
    case 'unwatch':
      return Number.isSafeInteger(message['pid']);
    case 'name-thread':
      return (
        Number.isSafeInteger(message['pid']) &&
        Number.isSafeInteger(message['tid']) &&
        typeof message['name'] === 'string'
      );
    case 'subscribe':
      return message['holdMs'] === undefined || typeof message['holdMs'] === 'number';
    case 'stop':
      return true;
    default:
      return false;
  }
}

/** The frames of a message, which a port may be given for good where nobody else has them: that spares two copies. */
export function buffersOf(message: SamplerReply): ArrayBuffer[] {
  if (message.type === 'frame') return [message.buffer];
  return message.type === 'batch' ? message.messages.flatMap(buffersOf) : [];
}

/** Looks at the shape only: what is inside was made by `serveSampler`. */
export function isSamplerReply(message: unknown): message is SamplerReply {
  if (!hasType(message)) return false;
  switch (message.type) {
    case 'frame':
      return message['buffer'] instanceof ArrayBuffer;
    case 'topology':
      return hasType(message) && typeof message['topology'] === 'object' && message['topology'] !== null;
    case 'entities':
      return Array.isArray(message['appeared']) && Array.isArray(message['goneKeys']);
    case 'batch':
      return Array.isArray(message['messages']);
    case 'stopped':
      return true;
    default:
      return false;
  }
}

/** Sends what crosses a port in fewer and larger messages: waking its receiver costs more than all that it carries. */
interface Batch {
  add(message: SamplerMessage): void;
  /** What is still held, at once: before a command that may be the last one. */
  flush(): void;
}

/** `isFull`: whether to send all when this has been added. */
function createBatch(
  isFull: (message: SamplerMessage) => boolean,
  postMessage: (message: SamplerReply) => void,
): Batch {
  let held: SamplerMessage[] = [];

  function flush(): void {
    if (held.length === 0) return;
    const messages = held;
    held = [];
    postMessage({ type: 'batch', messages });
  }

  return {
    add(message) {
      held.push(message);
      if (isFull(message)) flush();
    },
    flush,
  };
}

/** By the clock of the frames: a receiver is late by this much of what it is told, whatever the rate. */
function createHoldRule(holdMs: Milliseconds): (message: SamplerMessage) => boolean {
  let heldSinceMs: SessionMs = Number.NaN;
  return (message) => {
    if (message.type !== 'frame') return false;
    const { atMs, everyMs } = readFrameTime(message.buffer);
    if (Number.isNaN(heldSinceMs)) heldSinceMs = atMs;
    if (atMs - heldSinceMs + everyMs <= holdMs) return false;
    heldSinceMs = Number.NaN;
    return true;
  };
}

/**
 * What to do with the commands for a sampler; messages go out through `postMessage`. `onStop` is called for `stop`.
 */
export function createObedience(
  sampler: Omit<Sampler, 'stop'> & Partial<Holding>,
  postMessage: (message: SamplerReply) => void,
  onStop: () => void,
): (command: SamplerCommand) => void {
  let isSubscribed = false;
  let batch: Batch | null = null;

  /** A sampler that makes its frames several at once says itself when they are complete. */
  function holdBack(holdMs: Milliseconds): Batch {
    if (sampler.hold === undefined) return createBatch(createHoldRule(holdMs), postMessage);
    const together = createBatch(() => false, postMessage);
    sampler.hold(holdMs, () => together.flush());
    return together;
  }

  return (command) => {
    if (batch !== null) {
      sampler.handOver?.();
      batch.flush();
    }
    switch (command.type) {
      case 'watch':
        sampler.watch(command.root);
        break;
      case 'unwatch':
        sampler.unwatch(command.pid);
        break;
      case 'name-thread':
        sampler.nameThread(command.pid, command.tid, command.name);
        break;
      case 'subscribe':
        if (!isSubscribed) {
          const { holdMs = 0 } = command;
          if (holdMs > 0) batch = holdBack(holdMs);
          sampler.subscribe((message) => {
            if (batch === null) postMessage(message);
            else batch.add(message);
          });
        }
        isSubscribed = true;
        break;
      case 'stop':
        // What a tick that is being taken still says goes out at once.
        batch = null;
        onStop();
        break;
    }
  };
}

/** Obeys the commands that come in at `port`. `stop` stops the sampler, and is answered once it has stopped. */
export function serveSampler(sampler: Sampler, port: CommandPort): void {
  const postMessage = (message: SamplerReply): void => {
    port.postMessage(message);
  };
  const obey = createObedience(sampler, postMessage, () => {
    void sampler.stop().then(() => {
      postMessage({ type: 'stopped' });
    });
  });
  port.onMessage((message) => {
    if (isSamplerCommand(message)) obey(message);
  });
}

export interface SamplerClientOptions {
  /**
   * How long a message may be held back so that several cross the port together. For a receiver that keeps what it
   * gets and shows none of it at once. A command brings what is held at once. By default nothing is held.
   */
  readonly holdMs?: Milliseconds;
}

export function createSamplerClient(port: CommandPort, { holdMs = 0 }: SamplerClientOptions = {}): Sampler {
  const hub = createMessageHub();
  let isSubscribed = false;
  let stopped: Promise<void> | null = null;
  let onStopped = (): void => undefined;

  port.onMessage((message) => {
    if (!isSamplerReply(message)) return;
    if (message.type === 'stopped') onStopped();
    else if (message.type === 'batch') for (const each of message.messages) hub.publish(each);
    else hub.publish(message);
  });

  return {
    watch: (root) => port.postMessage({ type: 'watch', root }),
    unwatch: (pid) => port.postMessage({ type: 'unwatch', pid }),
    nameThread: (pid, tid, name) => port.postMessage({ type: 'name-thread', pid, tid, name }),
    subscribe(listener) {
      const unsubscribe = hub.subscribe(listener);
      if (!isSubscribed) port.postMessage(holdMs > 0 ? { type: 'subscribe', holdMs } : { type: 'subscribe' });
      isSubscribed = true;
      return unsubscribe;
    },
    stop() {
      stopped ??= new Promise((resolve) => {
        onStopped = resolve;
        port.postMessage({ type: 'stop' });
      });
      return stopped;
    },
  };
}

/** What `worker.ts` is given to start with. */
export interface SamplerWorkerData {
  readonly clockOrigin: { readonly originNs: bigint; readonly startedUnixMs: UnixMs };
  readonly everyMs: Milliseconds;
  /** Commands come in and messages go out here. Not the worker's own port: that one needs its event loop. */
  readonly port: MessagePort;
  /** Shared memory of two numbers, rung after each command: see `createBell`. */
  readonly bell: Int32Array;
  /** The built `native/`; null to do without. */
  readonly nativeLibrary: string | null;
}

export interface SamplerWorkerOptions
  extends Pick<SamplerWorkerData, 'clockOrigin' | 'everyMs'>, SamplerClientOptions {
  /** The built `worker.ts`. */
  readonly workerFile: string | URL;
  /** By default the one that was built with the worker. Null: in JavaScript, as where there is none. */
  readonly nativeLibrary?: string | null;
  /** Called when the worker breaks down; there are no frames after that. By default a process warning is emitted. */
  readonly onFailure?: (problem: Problem) => void;
}

function warn(problem: Problem): void {
  process.emitWarning(`${problem.message} ${problem.advice}`, 'SamplerWarning');
}

/** A sampler in a worker thread, so that whatever keeps the main thread busy does not make ticks late. */
export function createSamplerWorker(options: SamplerWorkerOptions): Sampler {
  const { workerFile, onFailure = warn, clockOrigin, everyMs, holdMs = 0 } = options;
  const { nativeLibrary = nativeLibraryOf(workerFile) } = options;
  // Field by field: a whole SessionClock fits the type, but its functions cannot be sent.
  const { originNs, startedUnixMs } = clockOrigin;
  const { port1, port2 } = new MessageChannel();
  const bell = createBell();
  const workerData: SamplerWorkerData = {
    clockOrigin: { originNs, startedUnixMs },
    everyMs,
    port: port2,
    bell: bell.numbers,
    nativeLibrary,
  };
  const worker = new Worker(workerFile, { workerData, transferList: [port2], name: 'corescope-sampler' });
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
      process.off('exit', stopAtEnd);
      bell.close();
      resolve();
    });
  });
  worker.on('error', (error) => {
    onFailure({
      kind: 'sampler-failed',
      message: `The sampler's worker thread (${String(workerFile)}) ended: ${error.message}.`,
      advice: 'Results lack memory figures and core load; run again, and report this if it repeats.',
    });
  });
  function postMessage(message: SamplerCommand | SamplerReply): void {
    port1.postMessage(message);
    bell.ring();
  }
  /** Node waits for its threads when it ends, and cannot interrupt one that sleeps in a library. */
  function stopAtEnd(): void {
    postMessage({ type: 'stop' });
  }
  process.once('exit', stopAtEnd);
  const client = createSamplerClient(
    { postMessage, onMessage: (listener) => void port1.on('message', listener) },
    { holdMs },
  );
  return {
    ...client,
    async stop() {
      await Promise.race([client.stop(), exited]);
      await worker.terminate();
      port1.close();
    },
  };
}
