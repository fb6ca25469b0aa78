/** Of messages, between two nudges. Smaller: less memory in vain, more collecting, about 5 ms of CPU each. */
const nudgeEveryBytes = 1e6;
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
  private readonly claim: (bytes: number) => void;

  constructor(claim: (bytes: number) => void = claimMemory) {
    this.claim = claim;
  }

  received(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes < nudgeEveryBytes) return;
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
