/**
 * Numbers as people read them. Screen, report and terminal all use these, so that one number looks the same
 * everywhere. What is unknown (null, NaN, infinite) is `n/a`, never 0.
 */

/** What is shown for a number that nobody knows. */
export const notAvailable = 'n/a';

type Unknown = number | null | undefined;

function isKnown(value: Unknown): value is number {
  return value !== null && value !== undefined && Number.isFinite(value);
}

/** Three significant digits, but every digit before the point: `0.0123`, `1.23`, `12.3`, `123`, `1234`. */
function threeDigits(value: number): string {
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(Math.abs(value)));
  const rounded = value.toFixed(Math.min(Math.max(2 - exponent, 0), 6));
  // 9.996 becomes 10.00: a digit too many, because rounding reached the next power of ten.
  const reached = Math.floor(Math.log10(Math.abs(Number(rounded))));
  return reached > exponent ? value.toFixed(Math.min(Math.max(2 - reached, 0), 6)) : rounded;
}

/** The first unit for which the value, rounded to three digits, stays below the next unit. */
function withUnit(value: number, units: readonly (readonly [size: number, name: string])[]): string {
  for (const [index, [size, name]] of units.entries()) {
    const next = units[index + 1];
    const text = threeDigits(value / size);
    if (next === undefined || Math.abs(Number(text)) * size < next[0]) return `${text} ${name}`;
  }
  throw new Error('no units to choose from');
}

/** A length of time in milliseconds: `340 µs`, `12.3 ms`, `1.23 s`, `2 min 5 s`, `3 h 20 min`. */
export function formatDuration(milliseconds: Unknown): string {
  if (!isKnown(milliseconds)) return notAvailable;
  if (milliseconds === 0) return '0 ms';
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds >= 120) {
    const sign = milliseconds < 0 ? '-' : '';
    const minutes = Math.round(seconds / 60);
    if (minutes >= 120) return `${sign}${Math.floor(minutes / 60)} h ${minutes % 60} min`;
    return `${sign}${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  }
  return withUnit(milliseconds, [
    [0.001, 'µs'],
    [1, 'ms'],
    [1000, 's'],
  ]);
}

/** An expected length of time, `7 s` or `2 min 5 s`: rounded up to whole seconds, for more digits would be a claim. */
export function formatExpectedDuration(milliseconds: Unknown): string {
  if (!isKnown(milliseconds)) return notAvailable;
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 120 ? `${seconds} s` : formatDuration(seconds * 1000);
}

/** Memory in decimal units, as drive and memory figures in reports are: `512 B`, `24.1 MB` (1 MB = 10⁶ bytes). */
export function formatBytes(bytes: Unknown): string {
  if (!isKnown(bytes)) return notAvailable;
  return withUnit(bytes, [
    [1, 'B'],
    [1e3, 'kB'],
    [1e6, 'MB'],
    [1e9, 'GB'],
    [1e12, 'TB'],
  ]);
}

/** How many times as fast: `1.86×`, `12.3×`. Two decimals below 10, because 1.02 and 1.2 are different answers. */
export function formatFactor(factor: Unknown): string {
  return isKnown(factor) ? `${factorDigits(factor)}×` : notAvailable;
}

/** The digits of `formatFactor` without its sign, for sentences: `1.86 times as fast`. */
export function factorDigits(factor: Unknown): string {
  if (!isKnown(factor)) return notAvailable;
  return Math.abs(factor) < 9.995 && Math.abs(factor) >= 0.1 ? factor.toFixed(2) : threeDigits(factor);
}

/** A share as a percentage: `0.62 %`, `93.1 %`, `412 %`. */
export function formatPercent(share: Unknown): string {
  if (!isKnown(share)) return notAvailable;
  const percent = share * 100;
  const size = Math.abs(percent);
  if (percent === 0) return '0 %';
  return `${percent.toFixed(size < 0.995 ? 2 : size < 99.95 ? 1 : 0)} %`;
}

/** Cores kept busy: `1.93`, or `0.02` where the work mostly waits. */
export function formatCores(cores: Unknown): string {
  return isKnown(cores) ? cores.toFixed(2) : notAvailable;
}

/** Seconds of processor time: `0.84 s`. */
export function formatCpuSeconds(seconds: Unknown): string {
  return isKnown(seconds) ? formatDuration(seconds * 1000) : notAvailable;
}

/**
 * The two ends of an interval, `1.80× to 1.93×`; `n/a` where there is no estimate. A unit that both ends share is
 * written once: `812 to 845 ms`.
 */
export function formatInterval(
  estimate: { readonly ci95: readonly [number, number] } | null,
  formatter: (value: number) => string,
): string {
  if (estimate === null || !estimate.ci95.every(isKnown)) return notAvailable;
  const [low, high] = estimate.ci95.map(formatter);
  if (low === undefined || high === undefined) throw new Error('an interval has two ends');
  const unit = / \S+$/.exec(high)?.[0] ?? '';
  const isPlain = /^-?[\d.]+ \S+$/.test(low) && /^-?[\d.]+ \S+$/.test(high);
  return `${isPlain && low.endsWith(unit) ? low.slice(0, -unit.length) : low} to ${high}`;
}

/** Begins with a capital: the names of strategies do not. */
export function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
