import type { Milliseconds } from '../../shared/units.ts';

/** Of messages, between two nudges. Smaller: less memory in vain, more collecting, about 5 ms of CPU each. */
const nudgeEveryBytes = 1e6;
/**
 * Claims that follow each other sooner than this are one burst, and one more follows it as much later: what comes
 * while the engine collects is spared by that collection. Measured, up to 9 MB stayed for as long as the page.
 */
const burstMs: Milliseconds = 1_000;
/**
 * What the engine thinks it has to make room for. V8 begins to collect when what lies outside its heap has grown by
 * 64 MB since the last time.
 */
const claimedBytes = 72e6;

/**
 * Has the engine collect what is left over of messages, in good time. A message's bytes lie outside of the heap that
 * V8 watches, and stay until it collects, which with a heap as small as ours may be never: measured, 130 MB of old
 * frames. A page cannot ask for a collection; an array that is never touched, and so takes no memory, has it begin.
 */
export class MessageGarbage {
  private bytes = 0;
  private claimedAtMs = Number.NEGATIVE_INFINITY;
  private isInBurst = false;
  private readonly claim: (bytes: number) => void;
  private readonly nowMs: () => Milliseconds;

  constructor(
    claim: (bytes: number) => void = claimMemory,
    nowMs: () => Milliseconds = () => performance.now(),
  ) {
    this.claim = claim;
    this.nowMs = nowMs;
  }

  received(bytes: number): void {
    this.bytes += bytes;
    const isFull = this.bytes >= nudgeEveryBytes;
    if (!isFull && !this.isInBurst) return;
    const nowMs = this.nowMs();
    const isSoon = nowMs - this.claimedAtMs < burstMs;
    if (!isFull && isSoon) return;
    this.isInBurst = isFull && isSoon;
    this.claimedAtMs = nowMs;
    this.bytes = 0;
    this.claim(claimedBytes);
  }
}

function claimMemory(bytes: number): void {
  try {
    new ArrayBuffer(bytes);
  } catch {
    // Not even as an address: then the engine is collecting already.
  }
}
