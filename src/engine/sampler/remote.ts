import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import { type Problem } from '../../shared/result.ts';
import { type SamplerMessage, type WatchedRoot } from '../../shared/sample.ts';
import { type Milliseconds, type UnixMs } from '../../shared/units.ts';
import { type Sampler } from './index.ts';
import { createMessageHub } from './message-hub.ts';

/**
 * The sampler behind a port: `serveSampler` on its side, `createSamplerClient` on the other, with the same
 * interface. Over any pair of ports: a worker's, a utility process's, two ends of a MessageChannel.
 */

export type SamplerCommand =
  | { readonly type: 'watch'; readonly root: WatchedRoot }
  | { readonly type: 'unwatch'; readonly pid: number }
  | { readonly type: 'name-thread'; readonly pid: number; readonly tid: number; readonly name: string }
  /** Messages begin to cross the port, and do until the sampler is stopped. */
  | { readonly type: 'subscribe' }
  | { readonly type: 'stop' };

export type SamplerReply = SamplerMessage | { readonly type: 'stopped' };

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
    case 'stop':
      return true;
    default:
      return false;
  }
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
    case 'stopped':
      return true;
    default:
      return false;
  }
}

/**
 * What to do with the commands for a sampler; messages go out through `postMessage`. `onStop` is called for `stop`.
 */
export function createObedience(
  sampler: Omit<Sampler, 'stop'>,
  postMessage: (message: SamplerReply) => void,
  onStop: () => void,
): (command: SamplerCommand) => void {
  let isSubscribed = false;
  return (command) => {
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
        if (!isSubscribed) sampler.subscribe(postMessage);
        isSubscribed = true;
        break;
      case 'stop':
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

export function createSamplerClient(port: CommandPort): Sampler {
  const hub = createMessageHub();
  let isSubscribed = false;
  let stopped: Promise<void> | null = null;
  let onStopped = (): void => undefined;

  port.onMessage((message) => {
    if (!isSamplerReply(message)) return;
    if (message.type === 'stopped') onStopped();
    else hub.publish(message);
  });

  return {
    watch: (root) => port.postMessage({ type: 'watch', root }),
    unwatch: (pid) => port.postMessage({ type: 'unwatch', pid }),
    nameThread: (pid, tid, name) => port.postMessage({ type: 'name-thread', pid, tid, name }),
    subscribe(listener) {
      const unsubscribe = hub.subscribe(listener);
      if (!isSubscribed) port.postMessage({ type: 'subscribe' });
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
  /** Shared memory, rung after each command, so that a worker that sleeps until its next tick wakes for it. */
  readonly bell: Int32Array;
}

export interface SamplerWorkerOptions extends Pick<SamplerWorkerData, 'clockOrigin' | 'everyMs'> {
  /** The built `worker.ts`. */
  readonly workerFile: string | URL;
  /** Called when the worker breaks down; there are no frames after that. By default a process warning is emitted. */
  readonly onFailure?: (problem: Problem) => void;
}

function warn(problem: Problem): void {
  process.emitWarning(`${problem.message} ${problem.advice}`, 'SamplerWarning');
}

/** A sampler in a worker thread, so that whatever keeps the main thread busy does not make ticks late. */
export function createSamplerWorker(options: SamplerWorkerOptions): Sampler {
  const { workerFile, onFailure = warn, clockOrigin, everyMs } = options;
  // Field by field: a whole SessionClock fits the type, but its functions cannot be sent.
  const { originNs, startedUnixMs } = clockOrigin;
  const { port1, port2 } = new MessageChannel();
  const bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const workerData: SamplerWorkerData = {
    clockOrigin: { originNs, startedUnixMs },
    everyMs,
    port: port2,
    bell,
  };
  const worker = new Worker(workerFile, { workerData, transferList: [port2], name: 'corescope-sampler' });
  const exited = new Promise<void>((resolve) => {
    worker.once('exit', () => {
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
  const client = createSamplerClient({
    postMessage(message) {
      port1.postMessage(message);
      Atomics.add(bell, 0, 1);
      Atomics.notify(bell, 0);
    },
    onMessage: (listener) => void port1.on('message', listener),
  });
  return {
    ...client,
    async stop() {
      await Promise.race([client.stop(), exited]);
      await worker.terminate();
      port1.close();
    },
  };
}
