import { setTimeout as delay } from 'node:timers/promises';

/**
 * Calls `sample` every `everyMs` until SIGTERM, on absolute deadlines: those that pass while a sample is being
 * taken are skipped, so that what cannot hold the rate runs at the rate that it can hold.
 */
export async function sampleUntilTerminated(everyMs: number, sample: () => unknown): Promise<void> {
  const stopping = new AbortController();
  process.once('SIGTERM', () => {
    stopping.abort();
  });
  let dueMs = performance.now();
  while (!stopping.signal.aborted) {
    await sample();
    dueMs += everyMs * Math.max(1, Math.ceil((performance.now() - dueMs) / everyMs));
    await delay(Math.max(0, dueMs - performance.now()), undefined, { signal: stopping.signal }).catch(
      () => undefined,
    );
  }
}

/** Waits for SIGTERM, for programs that are driven by something else. */
export async function untilTerminated(): Promise<void> {
  const keepAlive = setInterval(() => undefined, 1e9);
  await new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
  clearInterval(keepAlive);
}
