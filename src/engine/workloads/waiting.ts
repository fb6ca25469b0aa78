import { setTimeout as delay } from 'node:timers/promises';
import type { StrategyId } from '../../shared/workload.ts';

/**
 * Blocks the worker for real, as Python's `time.sleep` does: a timer would let one Node thread wait for any number
 * of tasks at once, and there would be nothing to compare. To show just that is what `async` is for.
 */
export function waitAs(strategy: StrategyId, ms: number): Promise<void> | undefined {
  if (strategy === 'async') return delay(ms);
  const neverNotified = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  Atomics.wait(neverNotified, 0, 0, ms);
  return undefined;
}
