import type { TimeRange } from '../charts/time-range.ts';
import type { RecordingSpan } from '../../shared/recordings-requests.ts';
import type { Milliseconds } from '../../shared/units.ts';

/** Nothing is measured more often than this: a shorter span would show one sample. */
const shortestSpanMs: Milliseconds = 50;

export function wholeOf({ fromMs, toMs }: RecordingSpan): TimeRange {
  return { startMs: fromMs, spanMs: Math.max(toMs - fromMs, shortestSpanMs) };
}

/** The range of that length that lies within the recording and begins as near to `startMs` as it can. */
export function rangeWithin(range: TimeRange, span: RecordingSpan): TimeRange {
  const whole = wholeOf(span);
  const spanMs = Math.min(whole.spanMs, Math.max(shortestSpanMs, range.spanMs));
  const lastStartMs = whole.startMs + whole.spanMs - spanMs;
  return { startMs: Math.min(lastStartMs, Math.max(whole.startMs, range.startMs)), spanMs };
}

/** Scales the range and leaves the time at `fraction` (0 left, 1 right) in place, as far as the recording reaches. */
export function zoomWithin(
  range: TimeRange,
  fraction: number,
  factor: number,
  span: RecordingSpan,
): TimeRange {
  const { spanMs } = rangeWithin({ ...range, spanMs: range.spanMs * factor }, span);
  const anchorMs = range.startMs + fraction * range.spanMs;
  return rangeWithin({ startMs: anchorMs - fraction * spanMs, spanMs }, span);
}

/** Moves by a fraction of the span; above 0 shows later times. */
export function panWithin(range: TimeRange, fraction: number, span: RecordingSpan): TimeRange {
  return rangeWithin({ ...range, startMs: range.startMs + fraction * range.spanMs }, span);
}

/** A phase with a little of what was before and after it. */
export function rangeAround({ fromMs, toMs }: RecordingSpan, span: RecordingSpan): TimeRange {
  const marginMs = (toMs - fromMs) * 0.05;
  return rangeWithin({ startMs: fromMs - marginMs, spanMs: toMs - fromMs + 2 * marginMs }, span);
}
