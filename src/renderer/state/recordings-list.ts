import { isFoundBy } from '../../shared/recording-search.ts';
import type { RecordingEntry, RecordingManifest } from '../../shared/recording.ts';
import type { UnixMs } from '../../shared/units.ts';

export const recordingSorts = ['when', 'name', 'kind', 'length', 'size', 'state'] as const;
export type RecordingSort = (typeof recordingSorts)[number];

export interface RecordingOrder {
  readonly by: RecordingSort;
  readonly descending: boolean;
}

export function fileNameOf(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}

/** What a recording is called; where that is lost, its file. */
export function titleOf({ manifest, path }: Pick<RecordingEntry, 'manifest' | 'path'>): string {
  return manifest?.title ?? fileNameOf(path);
}

/** When it was begun; where that is lost, when its file was last written. */
export function whenOf({ manifest, modifiedUnixMs }: RecordingEntry): UnixMs {
  return manifest?.startedUnixMs ?? modifiedUnixMs;
}

/** What was recorded, as far as the file tells: it names strategies where work was run. */
export function kindOf(manifest: RecordingManifest | null): string {
  if (manifest === null) return 'n/a';
  if (manifest.strategy !== null) return manifest.strategy.includes(',') ? 'comparison' : 'run';
  return manifest.command === null ? 'watch' : 'watched command';
}

/** The work: a workload or a command. */
export function workOf(manifest: RecordingManifest | null): string {
  return manifest?.command?.join(' ') ?? manifest?.workload ?? 'n/a';
}

export function lengthMsOf({ manifest }: RecordingEntry): number {
  return manifest?.summary?.durationMs ?? Number.NaN;
}

/** Those that are found, in that order; among equals the newest first. What is not known stands last. */
export function arrange(
  entries: readonly RecordingEntry[],
  typed: string,
  { by, descending }: RecordingOrder,
): RecordingEntry[] {
  const found = entries.filter((entry) => isFoundBy(entry, typed));
  const sign = descending ? -1 : 1;
  const compareNumbers = (one: number, other: number): number => {
    if (Number.isNaN(one) || Number.isNaN(other))
      return Number(Number.isNaN(one)) - Number(Number.isNaN(other));
    return sign * (one - other);
  };
  const compareTexts = (one: string, other: string): number =>
    sign * one.localeCompare(other, 'en', { numeric: true, sensitivity: 'base' });
  const compare = (one: RecordingEntry, other: RecordingEntry): number => {
    switch (by) {
      case 'when':
        return compareNumbers(whenOf(one), whenOf(other));
      case 'name':
        return compareTexts(titleOf(one), titleOf(other));
      case 'kind':
        return compareTexts(kindOf(one.manifest), kindOf(other.manifest));
      case 'length':
        return compareNumbers(lengthMsOf(one), lengthMsOf(other));
      case 'size':
        return compareNumbers(one.sizeBytes, other.sizeBytes);
      case 'state':
        return compareTexts(one.state, other.state);
    }
  };
  return found.sort((one, other) => compare(one, other) || whenOf(other) - whenOf(one));
}

const steps = [
  [60_000, 1000, 'second'],
  [3_600_000, 60_000, 'minute'],
  [86_400_000, 3_600_000, 'hour'],
  [30 * 86_400_000, 86_400_000, 'day'],
  [365 * 86_400_000, 30 * 86_400_000, 'month'],
  [Number.POSITIVE_INFINITY, 365 * 86_400_000, 'year'],
] as const;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' });

/** `3 minutes ago`; less than five seconds are `just now`. */
export function formatAgo(atUnixMs: UnixMs, nowUnixMs: UnixMs): string {
  const sinceMs = nowUnixMs - atUnixMs;
  if (Number.isNaN(sinceMs)) return 'n/a';
  if (Math.abs(sinceMs) < 5000) return 'just now';
  const step = steps.find(([belowMs]) => Math.abs(sinceMs) < belowMs) ?? steps[5];
  return relative.format(-Math.trunc(sinceMs / step[1]), step[2]);
}

/** `2026-11-21 17:40:03`, in the time of this machine. */
export function formatWhen(atUnixMs: UnixMs): string {
  const date = new Date(atUnixMs);
  if (Number.isNaN(date.getTime())) return 'n/a';
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** `slow, node 22` as it is typed; what makes a tag a tag, the engine checks. */
export function tagsOfText(text: string): string[] {
  return text
    .split(',')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}
