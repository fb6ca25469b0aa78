/** Turns of the loop between two looks at the clock: some 5 to 10 µs. */
const turnsPerLook = 5000;

/** Kept, so that the loop is not optimised away. */
let state = 1;

/**
 * Uses the CPU until `performance.now()` reads `endMs`, and tells every pause longer than `gapMs` to `onGap`: the
 * process was off the CPU then.
 *
 * It looks at the monotonic clock only, which needs no system call, and never at its own CPU clock: that would make
 * the kernel bring the counters up to date, and samplers look better than they are. Looking only now and then keeps
 * the numbers that `performance.now()` allocates, and so garbage collection, rare.
 */
export function spinUntil(endMs: number, gapMs: number, onGap: (fromMs: number, toMs: number) => void): void {
  let lastMs = performance.now();
  while (lastMs < endMs) {
    for (let turn = 0; turn < turnsPerLook; turn += 1) state = (Math.imul(state, 48271) ^ turn) | 0;
    const nowMs = performance.now();
    if (nowMs - lastMs > gapMs) onGap(lastMs, nowMs);
    lastMs = nowMs;
  }
}
