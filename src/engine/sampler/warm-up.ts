import { createSampler } from './index.ts';
import { createSystemReader } from './default-reader.ts';

/**
 * Ticks of the dry run. Node runs code slowly until it has run some hundred times, which at 10 Hz would be the first
 * minutes: measured with 50 processes, see README.md. More takes longer at the start (about 0.1 ms each), fewer leaves
 * part of the code slow.
 */
const dryTicks = 1000;

/** A sampler that watches this process for `dryTicks` ticks, on a clock that runs ahead, and tells nobody. */
export async function warmUp(): Promise<void> {
  const everyMs = 100;
  let ticks = 0;
  let onEnd = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  const nowMs = (): number => ticks * everyMs;
  const sampler = createSampler({
    clock: { originNs: 0n, startedUnixMs: 0, nowMs, fromNs: Number },
    everyMs,
    reader: createSystemReader({ nowMs }),
    waitUntil: () => {
      ticks += 1;
      if (ticks >= dryTicks) onEnd();
      return Promise.resolve();
    },
  });
  sampler.watch({ pid: process.pid, owner: 'corescope' });
  await ended;
  await sampler.stop();
}
