/**
 * Readings of the system's monotonic clock in milliseconds, the same in every process of the machine; float64 keeps
 * them to the microsecond for a century of uptime.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** What must be added to `performance.now()`, which is cheaper and makes no garbage, to get `monotonicMs()`. */
export function performanceOriginMs(): number {
  return monotonicMs() - performance.now();
}
