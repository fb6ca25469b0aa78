import { writeSync } from 'node:fs';
import { Writable } from 'node:stream';

/**
 * What Node itself makes of stdout keeps what a full pipe does not take: in libuv's queue, and for a thread in
 * messages to the main thread as well. Work that writes and never awaits then fills the memory with its output. Here
 * a write returns when the pipe has taken it all, so the work waits for its reader, as a Python or C program does.
 */
const descriptors = { stdout: 1, stderr: 2 } as const;

/** While another process that has the same pipe keeps it non-blocking; shorter would poll, longer would idle. */
const fullPipeWaitMs = 1;

/** The reader has gone; the second comes from a socket with something unread in it. */
const closedPipe: ReadonlySet<unknown> = new Set(['EPIPE', 'ECONNRESET']);

/**
 * From now on stdout and stderr of this thread, and its `console`, are written at once and in order, for work that is
 * to be held back by its reader. To be called before anything has been written. Once the reader has gone, the rest is
 * dropped.
 */
export function writeOutputAtOnce(where: 'process' | 'thread' = 'process'): void {
  for (const name of ['stdout', 'stderr'] as const) {
    let stream: Writable | null = null;
    const answers = where === 'thread' ? answersOf(process[name]) : [];
    // As with Node's own, made when it is first asked for.
    const get = (): Writable => (stream ??= answering(createOutput(descriptors[name]), answers));
    Object.defineProperty(process, name, { get, configurable: true, enumerable: true });
  }
}

/**
 * What Node calls of a thread's output by symbols of its own when the main thread asks for more of it. That may have
 * been asked already when the thread begins, and would end a thread whose output has nothing to call.
 */
function answersOf(output: object): readonly symbol[] {
  const kind = Reflect.getPrototypeOf(output);
  return kind === null ? [] : Object.getOwnPropertySymbols(kind);
}

/** Nothing is ever held back, so there is never anything to pass on. */
function answering(output: Writable, answers: readonly symbol[]): Writable {
  for (const answer of answers) {
    if (!(answer in output)) Object.defineProperty(output, answer, { value: () => undefined });
  }
  return output;
}

/** `write` is `fs.writeSync`, but for tests. */
export function createOutput(
  descriptor: number,
  write: (descriptor: number, bytes: Uint8Array) => number = writeSync,
): Writable & { readonly fd: number } {
  const sleeper = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  let hasReader = true;

  /** How many bytes were taken; all of them where nobody wants them. */
  function writeSome(bytes: Uint8Array): number {
    try {
      return write(descriptor, bytes);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : null;
      if (code === 'EAGAIN') {
        Atomics.wait(sleeper, 0, 0, fullPipeWaitMs);
        return 0;
      }
      if (!closedPipe.has(code)) throw error;
      hasReader = false;
      return bytes.length;
    }
  }

  const stream = new Writable({
    // As with Node's own, the end of one source is not that of the stream.
    autoDestroy: false,
    write(chunk: Buffer, _encoding, callback) {
      try {
        for (let rest = chunk; hasReader && rest.length > 0;) rest = rest.subarray(writeSome(rest));
        callback();
      } catch (error) {
        callback(error instanceof Error ? error : new Error(String(error)));
      }
    },
  });
  // As with Node's own, what is written after the end is lost and does no harm.
  stream.on('error', () => undefined);
  return Object.assign(stream, { fd: descriptor });
}
