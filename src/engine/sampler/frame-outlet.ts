import { readSequence, stampDroppedFrames } from '../../shared/frame-codec.ts';
import type { SamplerMessage } from '../../shared/sample.ts';
import type { Sampler } from './index.ts';

/** One receiver's end of a port. */
export interface FramePort {
  postMessage(message: SamplerMessage): void;
  onAcknowledge(listener: (sequence: number) => void): void;
  onClose(listener: () => void): void;
}

export interface FrameOutletOptions {
  /**
   * Frames that may be under way unacknowledged. More smooths over a receiver's short pauses; fewer keeps what a
   * slow one shows nearer to now.
   */
  readonly window?: number;
}

/** What is never dropped. */
type LastingMessage = Exclude<SamplerMessage, { type: 'frame' }>;

interface HeldFrame {
  readonly sequence: number;
  readonly buffer: ArrayBuffer;
  /** Other messages that came after it. They must not overtake it: it may name keys that they end. */
  readonly followers: LastingMessage[];
}

/**
 * Connects a receiver that may be slow: the sampler never waits for it and no queue grows. Beyond `window`
 * unacknowledged frames only the latest is kept; it goes out on the next acknowledgement and says how many before
 * it were dropped. The other messages are never dropped and keep their place among the frames that are sent.
 */
export function connectFrameOutlet(
  sampler: Sampler,
  port: FramePort,
  options: FrameOutletOptions = {},
): { close(): void } {
  const { window = 4 } = options;
  let unacknowledged: number[] = [];
  let held: HeldFrame | null = null;
  let droppedFrames = 0;

  function send(sequence: number, buffer: ArrayBuffer): void {
    unacknowledged.push(sequence);
    if (droppedFrames === 0) {
      port.postMessage({ type: 'frame', buffer });
      return;
    }
    // The buffer is shared with the other receivers, whose drops are their own.
    const stamped = buffer.slice(0);
    stampDroppedFrames(stamped, droppedFrames);
    droppedFrames = 0;
    port.postMessage({ type: 'frame', buffer: stamped });
  }

  function release(followers: readonly LastingMessage[]): void {
    for (const message of followers) port.postMessage(message);
  }

  function onMessage(message: SamplerMessage): void {
    if (message.type !== 'frame') {
      if (held === null) port.postMessage(message);
      else held.followers.push(message);
      return;
    }
    const sequence = readSequence(message.buffer);
    if (unacknowledged.length < window) {
      send(sequence, message.buffer);
      return;
    }
    if (held !== null) {
      droppedFrames += 1;
      release(held.followers);
    }
    held = { sequence, buffer: message.buffer, followers: [] };
  }

  function onAcknowledge(sequence: number): void {
    // Frames arrive in order, so one that has been dealt with answers for those before it.
    unacknowledged = unacknowledged.filter((sent) => sent > sequence);
    if (held === null || unacknowledged.length >= window) return;
    const { followers, ...frame } = held;
    held = null;
    send(frame.sequence, frame.buffer);
    release(followers);
  }

  const unsubscribe = sampler.subscribe(onMessage);
  function close(): void {
    unsubscribe();
    held = null;
    unacknowledged = [];
  }
  port.onAcknowledge(onAcknowledge);
  port.onClose(close);
  return { close };
}
