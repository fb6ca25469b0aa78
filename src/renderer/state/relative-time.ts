import type { UnixMs } from '../../shared/units.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long ago, in a word or two: `just now`, `5 min ago`, `3 h ago`, `2 days ago`; from a month on the date. */
export function formatAgo(atUnixMs: UnixMs, nowUnixMs: UnixMs): string {
  const agoMs = nowUnixMs - atUnixMs;
  if (agoMs < minuteMs) return 'just now';
  if (agoMs < hourMs) return `${Math.floor(agoMs / minuteMs)} min ago`;
  if (agoMs < dayMs) return `${Math.floor(agoMs / hourMs)} h ago`;
  const days = Math.floor(agoMs / dayMs);
  if (days < 30) return days === 1 ? 'yesterday' : `${days} days ago`;
  return formatMoment(atUnixMs).slice(0, 10);
}

/** On the clock on the wall, in the machine's time zone: `17:30:05`; n/a where it is not known. */
export function formatTimeOfDay(atUnixMs: UnixMs): string {
  if (!Number.isFinite(atUnixMs)) return 'n/a';
  const date = new Date(atUnixMs);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(twoDigits).join(':');
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

/** The moment itself, in the machine's time zone: `2026-11-21 17:30`. */
export function formatMoment(atUnixMs: UnixMs): string {
  const date = new Date(atUnixMs);
  const day = `${date.getFullYear()}-${twoDigits(date.getMonth() + 1)}-${twoDigits(date.getDate())}`;
  return `${day} ${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}
