import type { Milliseconds } from '../../shared/units.ts';

/** Larger: the page's table and lines lag more. Smaller: the main thread wakes more often. */
const leastForwardEveryMs: Milliseconds = 250;

export interface ForwarderClock {
  nowMs(): number;
  /** Calls back once, after so many milliseconds. */
  after(delayMs: Milliseconds, callback: () => void): void;
}

/**
 * Passes every frame on, but wakes the page at most four times a second: a frame that comes too early waits for the
 * next batch. None is left out, so that the page's sums and lines miss no peak.
 */
export class FrameForwarder {
  /** Time between two batches; never less than a quarter of a second. */
  everyMs: Milliseconds = leastForwardEveryMs;
  private readonly clock: ForwarderClock;
  private readonly forward: (buffers: ArrayBuffer[]) => void;
  private waiting: ArrayBuffer[] = [];
  private forwardedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: ForwarderClock, forward: (buffers: ArrayBuffer[]) => void) {
    this.clock = clock;
    this.forward = forward;
  }

  /** Takes over the buffer. */
  offer(buffer: ArrayBuffer): void {
    this.waiting.push(buffer);
    if (this.waiting.length > 1) return;
    const waitMs = this.forwardedAtMs + Math.max(this.everyMs, leastForwardEveryMs) - this.clock.nowMs();
    if (waitMs <= 0) this.flush();
    else this.clock.after(waitMs, () => this.flush());
  }

  private flush(): void {
    const buffers = this.waiting;
    this.waiting = [];
    this.forwardedAtMs = this.clock.nowMs();
    this.forward(buffers);
  }
}
