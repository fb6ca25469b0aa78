import type { Milliseconds, SessionMs } from '../../shared/units.ts';

/** A stretch of the session. Panning keeps `spanMs` exactly, so that the columns on screen can be reused. */
export interface TimeRange {
  readonly startMs: SessionMs;
  readonly spanMs: Milliseconds;
}

/** Where there is something to see. */
export interface TimeBounds {
  readonly firstMs: SessionMs;
  readonly latestMs: SessionMs;
}

const shortestSpanMs: Milliseconds = 1_000;
/** One can always zoom out to this much, however young the session is. */
const alwaysReachableMs: Milliseconds = 60_000;

/** Keeps a range within what was recorded: not shorter than a second, not longer than the whole, not beside it. */
export function clampRange({ startMs, spanMs }: TimeRange, { firstMs, latestMs }: TimeBounds): TimeRange {
  const longestMs = Math.max(alwaysReachableMs, latestMs - firstMs);
  const clampedMs = Math.min(longestMs, Math.max(shortestSpanMs, spanMs));
  const earliestMs = Math.max(0, Math.min(firstMs, latestMs - clampedMs));
  const lastStartMs = Math.max(earliestMs, latestMs - clampedMs);
  return { startMs: Math.min(lastStartMs, Math.max(earliestMs, startMs)), spanMs: clampedMs };
}

/** Scales the span by `factor` (above 1 shows more) and leaves the time at `fraction` (0 left, 1 right) in place. */
export function zoomRange(range: TimeRange, fraction: number, factor: number, bounds: TimeBounds): TimeRange {
  const limited = clampRange({ startMs: range.startMs, spanMs: range.spanMs * factor }, bounds);
  const anchorMs = range.startMs + fraction * range.spanMs;
  return clampRange({ startMs: anchorMs - fraction * limited.spanMs, spanMs: limited.spanMs }, bounds);
}

/** Moves by a fraction of the span; above 0 shows later times. */
export function panRange(range: TimeRange, fraction: number, bounds: TimeBounds): TimeRange {
  return clampRange({ startMs: range.startMs + fraction * range.spanMs, spanMs: range.spanMs }, bounds);
}

const tickStepsMs: readonly Milliseconds[] = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000,
  1_800_000, 3_600_000, 7_200_000, 14_400_000, 21_600_000, 43_200_000, 86_400_000,
];

/** Round times within the range, about as many as fit at `pixelsPerTick`. */
export function timeTicks(
  { startMs, spanMs }: TimeRange,
  widthPx: number,
  pixelsPerTick = 90,
): { readonly stepMs: Milliseconds; readonly ticksMs: readonly SessionMs[] } {
  const wantedMs = (spanMs * pixelsPerTick) / Math.max(1, widthPx);
  const stepMs =
    tickStepsMs.find((step) => step >= wantedMs) ?? Math.ceil(wantedMs / 86_400_000) * 86_400_000;
  const ticksMs: SessionMs[] = [];
  for (let tick = Math.ceil(startMs / stepMs); tick * stepMs <= startMs + spanMs; tick += 1) {
    if (tick >= 0) ticksMs.push(tick * stepMs);
  }
  return { stepMs, ticksMs };
}

/**
 * A session time as `m:ss`, `h:mm:ss` from an hour on, with as many decimals as `precisionMs` needs (none for 1000
 * and above, at most three). Cut, not rounded, like a clock.
 */
export function formatSessionTime(atMs: SessionMs, precisionMs: Milliseconds = 1_000): string {
  if (!Number.isFinite(atMs)) return 'n/a';
  const decimals = precisionMs >= 1_000 ? 0 : precisionMs >= 100 ? 1 : precisionMs >= 10 ? 2 : 3;
  const unitMs = 1_000 / 10 ** decimals;
  // A time that was computed as n × 100 ms may lie a hair below it.
  const units = Math.floor(Math.abs(atMs) / unitMs + 1e-6);
  const totalSeconds = Math.floor(units / 10 ** decimals);
  const fraction = decimals === 0 ? '' : `.${String(units % 10 ** decimals).padStart(decimals, '0')}`;
  const hours = Math.floor(totalSeconds / 3_600);
  const minutes = Math.floor(totalSeconds / 60) % 60;
  const seconds = String(totalSeconds % 60).padStart(2, '0');
  const sign = atMs < 0 && units > 0 ? '-' : '';
  if (hours > 0) return `${sign}${hours}:${String(minutes).padStart(2, '0')}:${seconds}${fraction}`;
  return `${sign}${minutes}:${seconds}${fraction}`;
}
