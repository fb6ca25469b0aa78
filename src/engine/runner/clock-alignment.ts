import type { SessionClock } from '../clock.ts';
import type { SessionMs } from '../../shared/units.ts';

/** Turns a host's clock readings into session time. */
export interface ClockAlignment {
  toSession(hostNs: bigint): SessionMs;
}

/**
 * Host and Corescope read the same monotonic clock on Linux (CLOCK_MONOTONIC: libuv's `uv_hrtime`, CPython's
 * `perf_counter`) and on Windows (QueryPerformanceCounter). On macOS libuv counts the time asleep
 * (mach_continuous_time) and CPython does not (mach_absolute_time), so they drift apart with every sleep of the
 * machine; a container with its own time namespace differs too.
 *
 * So the first reading is tested: it was taken after the spawn and before its receipt. Where it cannot have been,
 * all of the host's times are shifted so that it falls in the middle; the error is at most half that window.
 */
export function alignClock(
  clock: SessionClock,
  spawnedNs: bigint,
  firstHostNs: bigint,
  receivedNs: bigint,
): ClockAlignment {
  const possible = spawnedNs <= firstHostNs && firstHostNs <= receivedNs;
  const offsetNs = possible ? 0n : (spawnedNs + receivedNs) / 2n - firstHostNs;
  return { toSession: (hostNs) => clock.fromNs(hostNs + offsetNs) };
}
