import { stampDroppedFrames } from '../../shared/frame-codec.ts';
import type { Milliseconds } from '../../shared/units.ts';

/** Larger: the page's table and lines lag more. Smaller: the main thread wakes more often. */
const forwardEveryMs: Milliseconds = 250;

export interface ForwarderClock {
  nowMs(): number;
  /** Calls back once, after so many milliseconds. */
  after(delayMs: Milliseconds, callback: () => void): void;
}

/**
 * Passes on the newest frame, at most four a second: a frame that comes too early waits, and is replaced if a newer
 * one comes meanwhile. What the sampler dropped is added up over the frames that are not passed on.
 */
export class FrameForwarder {
  private readonly clock: ForwarderClock;
  private readonly forward: (buffer: ArrayBuffer) => void;
  private waiting: ArrayBuffer | null = null;
  private droppedFrames = 0;
  private forwardedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: ForwarderClock, forward: (buffer: ArrayBuffer) => void) {
    this.clock = clock;
    this.forward = forward;
  }

  /** Takes over the buffer. */
  offer(buffer: ArrayBuffer, droppedFrames: number): void {
    this.droppedFrames += droppedFrames;
    const isScheduled = this.waiting !== null;
    this.waiting = buffer;
    if (isScheduled) return;
    const waitMs = this.forwardedAtMs + forwardEveryMs - this.clock.nowMs();
    if (waitMs <= 0) this.flush();
    else this.clock.after(waitMs, () => this.flush());
  }

  private flush(): void {
    if (this.waiting === null) return;
    const buffer = this.waiting;
    stampDroppedFrames(buffer, this.droppedFrames);
    this.waiting = null;
    this.droppedFrames = 0;
    this.forwardedAtMs = this.clock.nowMs();
    this.forward(buffer);
  }
}
