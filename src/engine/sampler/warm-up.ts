import { createSystemReader } from './default-reader.ts';
import { createTicks } from './index.ts';

/**
 * Ticks of the dry run. Node runs code slowly until it has run some hundred times, which at 10 Hz would be the first
 * minutes. More takes longer at the start (about 0.1 ms each), fewer leaves part of the code slow.
 */
const dryTicks = 1000;

const batchMs = 1000;

/** However slow the machine is, the first real tick is not to wait for longer. */
const longestMs = 150;

/**
 * Ticks that watch this process, on a clock that runs ahead, and tell nobody. Only for a reader that answers at
 * once; with any other it would start programs.
 */
export function warmUp(): void {
  const everyMs = 100;
  const startMs = performance.now();
  let ticks = 0;
  const nowMs = (): number => ticks * everyMs;
  const dryRun = createTicks({
    clock: { originNs: 0n, startedUnixMs: 0, nowMs, fromNs: Number },
    everyMs,
    reader: createSystemReader({ nowMs }),
  });
  dryRun.watch({ pid: process.pid, owner: 'corescope' });
  // Most receivers have their frames in batches, and the ticks between are glances.
  dryRun.hold(batchMs, () => undefined);
  while (ticks < dryTicks && performance.now() - startMs < longestMs) {
    ticks += 1;
    void dryRun.take({ atMs: nowMs(), missedTicks: 0 });
  }
  dryRun.close();
}
