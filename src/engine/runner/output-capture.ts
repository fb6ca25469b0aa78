import { TextDecoder } from 'node:util';
import type { SessionMs } from '../../shared/units.ts';
import { createOutputTail, type OutputTail } from './output-tail.ts';
import { endOfWhole, toSafeText } from './safe-text.ts';

export const outputStreams = ['stdout', 'stderr'] as const;
export type OutputStream = (typeof outputStreams)[number];

/** What a run wrote to one stream. Safe to be shown. */
export interface CapturedStream {
  /** All of it where nothing was dropped, else its beginning. */
  readonly head: string;
  /** Its end where something was dropped, else empty. */
  readonly tail: string;
  readonly totalBytes: number;
  /** Bytes between `head` and `tail` that were not kept. */
  readonly droppedBytes: number;
}

export type RunOutput = Readonly<Record<OutputStream, CapturedStream>>;

/** Something that the work wrote, told while it runs. */
export interface OutputNews {
  readonly stream: OutputStream;
  /** Safe to be shown. */
  readonly text: string;
  /** When the first byte of it was read. */
  readonly atMs: SessionMs;
  /** Bytes of this stream before `text` that were too many to be told. */
  readonly skippedBytes: number;
}

export interface OutputCapture {
  push(stream: OutputStream, chunk: Uint8Array): void;
  /**
   * Tells what is due; to be called `tellEveryMs` after something came, and then as long as it returns true: that there
   * is more to tell.
   */
  tell(): boolean;
  /** Tells the rest and ends. */
  conclude(): RunOutput;
  /** The last bytes of both streams together, in the order in which they were read. */
  lastWords(): string;
  /** All bytes that are held now: bounded, however much was written. */
  heldBytes(): number;
}

/** Of each stream: enough for what a program says when it starts and a long traceback when it ends. */
const headBytes = 16_384;
const tailBytes = 49_152;
const lastWordsBytes = 16_384;

/** Ten times a second: oftener nobody can read. One stream each time. */
export const tellEveryMs = 100;

/** What may be told in a second, and at once after a second of silence. A screen that gets more stalls. */
const toldBytesPerSecond = 65_536;

/** Of one stream, however long nobody has asked to be told. */
const mostPendingBytes = toldBytesPerSecond;

interface StreamState {
  readonly head: Uint8Array;
  readonly tail: OutputTail;
  totalBytes: number;
  /** What is to be told next: pieces, and bytes left out before and after them. */
  pending: Uint8Array[];
  pendingSinceMs: SessionMs;
  skippedBefore: number;
  skippedAfter: number;
  decoder: TextDecoder;
  /** The end of the last text, which waits for the rest of a sequence. */
  cut: string;
}

function createStream(): StreamState {
  return {
    head: new Uint8Array(headBytes),
    tail: createOutputTail(tailBytes),
    totalBytes: 0,
    pending: [],
    pendingSinceMs: 0,
    skippedBefore: 0,
    skippedAfter: 0,
    decoder: new TextDecoder(),
    cut: '',
  };
}

/** Keeps a bounded part of what a run writes and tells of it at a bounded rate; counts every byte. */
export function createOutputCapture(options: {
  readonly nowMs: () => SessionMs;
  readonly onOutput: (news: OutputNews) => void;
}): OutputCapture {
  const { nowMs, onOutput } = options;
  const streams: Readonly<Record<OutputStream, StreamState>> = {
    stdout: createStream(),
    stderr: createStream(),
  };
  const words = createOutputTail(lastWordsBytes);
  let allowance = toldBytesPerSecond;
  let allowanceAtMs = nowMs();

  function refill(atMs: SessionMs): void {
    allowance = Math.min(
      toldBytesPerSecond,
      allowance + ((atMs - allowanceAtMs) * toldBytesPerSecond) / 1_000,
    );
    allowanceAtMs = atMs;
  }

  /** Keeps what may be told and counts the rest. */
  function keepToTell(state: StreamState, chunk: Uint8Array): void {
    const atMs = nowMs();
    refill(atMs);
    // After a gap nothing is kept before the gap has been told: the two ends would seem to belong together.
    const room = Math.min(Math.floor(allowance), mostPendingBytes - sizeOf(state.pending));
    const taken = state.skippedAfter > 0 ? 0 : Math.min(chunk.length, room);
    if (taken > 0) {
      if (state.pending.length === 0) state.pendingSinceMs = atMs;
      // Copied: the chunk is part of the stream's larger buffer, which would be kept alive.
      state.pending.push(chunk.slice(0, taken));
      allowance -= taken;
    }
    state.skippedAfter += chunk.length - taken;
  }

  function tellStream(stream: OutputStream, isLast: boolean): void {
    const state = streams[stream];
    // Nothing joins on to what comes before a gap, so nothing is waited for either.
    const isWhole = isLast || state.skippedAfter > 0;
    const joined = state.cut + state.decoder.decode(Buffer.concat(state.pending), { stream: !isWhole });
    const end = isWhole ? joined.length : endOfWhole(joined);
    const text = toSafeText(joined.slice(0, end));
    if (text !== '' || (isLast && state.skippedBefore > 0)) {
      onOutput({ stream, text, atMs: state.pendingSinceMs, skippedBytes: state.skippedBefore });
      state.skippedBefore = 0;
    }
    state.cut = joined.slice(end);
    state.pending = [];
    state.skippedBefore += state.skippedAfter;
    state.skippedAfter = 0;
  }

  function concludeStream(stream: OutputStream): CapturedStream {
    tellStream(stream, true);
    // What was left out at the very end has become the gap before a text that never came.
    if (streams[stream].skippedBefore > 0) tellStream(stream, true);
    const { head, tail, totalBytes } = streams[stream];
    const droppedBytes = Math.max(0, totalBytes - headBytes - tailBytes);
    const beginning = head.subarray(0, Math.min(totalBytes, headBytes));
    const decode = (bytes: Uint8Array): string => toSafeText(new TextDecoder().decode(bytes));
    return droppedBytes === 0
      ? { head: decode(Buffer.concat([beginning, tail.bytes()])), tail: '', totalBytes, droppedBytes }
      : { head: decode(beginning), tail: decode(tail.bytes()), totalBytes, droppedBytes };
  }

  return {
    push(stream, chunk) {
      const state = streams[stream];
      const toHead = chunk.subarray(0, Math.max(0, headBytes - state.totalBytes));
      state.head.set(toHead, Math.min(state.totalBytes, headBytes));
      state.tail.push(chunk.subarray(toHead.length));
      state.totalBytes += chunk.length;
      words.push(chunk);
      keepToTell(state, chunk);
    },
    tell() {
      const [oldest, next] = outputStreams
        .filter((stream) => streams[stream].pending.length > 0)
        .toSorted((a, b) => streams[a].pendingSinceMs - streams[b].pendingSinceMs);
      if (oldest !== undefined) tellStream(oldest, false);
      return next !== undefined;
    },
    conclude: () => ({ stdout: concludeStream('stdout'), stderr: concludeStream('stderr') }),
    lastWords: () => words.text(),
    heldBytes: () =>
      lastWordsBytes +
      outputStreams.reduce((sum, stream) => {
        const { pending, cut } = streams[stream];
        return sum + headBytes + tailBytes + sizeOf(pending) + 2 * cut.length;
      }, 0),
  };
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((bytes, piece) => bytes + piece.length, 0);
}
