import type { SessionMs } from '../../shared/units.ts';
import type { Ticks } from './index.ts';
import type { CLibrary } from './linux/c-library.ts';
import { createMonotonicClock } from './linux/cpu-clock.ts';
import { parseNumberAt } from './linux/proc-bytes.ts';

/**
 * Ticks of the dry run. Node runs code slowly until it has run some hundred times, which at 10 Hz would be the first
 * minutes. More takes longer at the start (about 0.1 ms each), fewer leaves part of the code slow.
 */
const dryTicks = 500;

const everyMs = 100;
const batchMs = 1000;

/** However slow the machine is, the first real tick is not to wait for longer. */
const longestMs = 150;

/**
 * V8 compiles for what a function has met: code for the functions of one sampler alone, or for one that has run for
 * long, is dropped when the real one begins. So there are three, and the last two begin when V8 notes what it meets
 * (from some calls on) and has not compiled much yet.
 */
const beginAtTick = [1, 12, 30];
/** The real one is told after a while, too. */
const watchAfterTicks = 3;

type DrySampler = Pick<Ticks, 'hold' | 'watch' | 'take' | 'close'>;

/**
 * Ticks that watch this process, on a clock that runs ahead, and tell nobody. `start`: makes a sampler as the real one
 * is made. Only for a reader that answers at once; with any other it would start programs.
 */
export function warmUp(
  start: (nowMs: () => SessionMs) => DrySampler,
  realMs: () => number = () => performance.now(),
): void {
  detachBuffer();
  parseLargeNumbers();
  const startMs = realMs();
  let ticks = 0;
  const dryRuns: {
    readonly sampler: DrySampler;
    readonly nowMs: () => SessionMs;
    readonly sinceTick: number;
  }[] = [];
  while (ticks < dryTicks && realMs() - startMs < longestMs) {
    ticks += 1;
    if (beginAtTick.includes(ticks)) {
      const read = createDryTime(() => ticks);
      // Another function for each, or code would be compiled for it, which the real one is not.
      const getTime: CLibrary['getTime'] = dryRuns.length === 0 ? read : (clock, time) => read(clock, time);
      const nowMs = createMonotonicClock(getTime, 0n);
      const sampler = start(nowMs);
      // Most receivers have their frames in batches, and the ticks between are glances.
      sampler.hold(batchMs, () => undefined);
      dryRuns.push({ sampler, nowMs, sinceTick: ticks });
    }
    for (const { sampler, nowMs, sinceTick } of dryRuns) {
      if (ticks === sinceTick + watchAfterTicks) sampler.watch({ pid: process.pid, owner: 'corescope' });
      void sampler.take({ atMs: nowMs(), missedTicks: 0 });
    }
  }
  for (const { sampler } of dryRuns) sampler.close();
}

/**
 * clock_gettime(2) of a clock that moves with the ticks. The times are no whole milliseconds: V8 stores real ones
 * otherwise than whole numbers, and code for these would be dropped at the first real tick.
 */
function createDryTime(ticks: () => number): CLibrary['getTime'] {
  const beginSeconds = 1000n;
  return (_, time) => {
    const atMs = BigInt(ticks() * everyMs);
    time[0] = beginSeconds + atMs / 1000n;
    time[1] = (atMs % 1000n) * 1_000_000n + 123_457n;
    return 0;
  };
}

/**
 * As handing over a frame does. V8 assumes that no buffer is ever detached, and when the first one is it drops all
 * code that was compiled for typed arrays until then: nearly all that the dry run is for.
 */
function detachBuffer(): void {
  const buffer = new ArrayBuffer(8);
  structuredClone(buffer, { transfer: [buffer] });
}

/**
 * CPU times grow beyond 31 bits within seconds of use. Code that was compiled for what fits into them would be dropped
 * then, and that of all that it is a part of.
 */
function parseLargeNumbers(): void {
  const line = Buffer.from('123456789012 123456789012 7\n');
  for (let count = 0; count < 100; count += 1) parseNumberAt(line, line.length, 1);
}
