import type { Milliseconds } from '../../../shared/units.ts';
import type { HeldFile, HeldFiles } from './held-files.ts';
import { parseNumberAt } from './proc-bytes.ts';

/** How long the groups of the watched work were held back for their quotas. */
export interface Throttling {
  /** `cpu.stat` of the groups that set a quota. Those that were asked before count on. */
  watch(statFiles: readonly string[]): void;
  /** Since the beginning; never goes down. NaN while no group sets a quota or none can be read. */
  readMs(): Milliseconds;
  close(): void;
}

const labels = [
  // Version 2: microseconds. Version 1: nanoseconds.
  { label: Buffer.from('\nthrottled_usec '), perMs: 1e3 },
  { label: Buffer.from('\nthrottled_time '), perMs: 1e6 },
] as const;

/** The time that a `cpu.stat` tells, in milliseconds; NaN where it tells none. Pure. */
export function parseThrottledMs(bytes: Buffer, length: number): Milliseconds {
  for (const { label, perMs } of labels) {
    const start = bytes.indexOf(label);
    if (start < 0 || start >= length) continue;
    const begin = start + label.length;
    return parseNumberAt(bytes.subarray(begin, length), length - begin, 0) / perMs;
  }
  return Number.NaN;
}

interface Group {
  readonly file: HeldFile;
  lastMs: Milliseconds;
}

/**
 * The kernel adds up the time of every core on which the group stood still, so where several were held back at once
 * this is more than what passed. It adds it when the group goes on, mostly once in the quota's period of 100 ms.
 * Of nested groups that were held back at once, only the one that was longest counts.
 */
export function createThrottling(files: HeldFiles): Throttling {
  let groups: readonly Group[] = [];
  let totalMs = 0;

  function read({ file }: Group): Milliseconds {
    const length = files.read(file);
    return length < 0 ? Number.NaN : parseThrottledMs(files.bytes, length);
  }

  return {
    watch(statFiles) {
      const known = new Map(groups.map((group) => [group.file.path, group]));
      for (const group of groups) {
        if (!statFiles.includes(group.file.path)) files.close(group.file);
      }
      groups = statFiles.map((path) => known.get(path) ?? { file: files.create(path), lastMs: Number.NaN });
    },
    readMs() {
      let isKnown = false;
      let longestMs = 0;
      for (const group of groups) {
        const nowMs = read(group);
        // The first reading of a group only says where to count from.
        if (nowMs > group.lastMs) longestMs = Math.max(longestMs, nowMs - group.lastMs);
        if (!Number.isNaN(nowMs)) isKnown = true;
        group.lastMs = nowMs;
      }
      totalMs += longestMs;
      return isKnown ? totalMs : Number.NaN;
    },
    close() {
      for (const { file } of groups) files.close(file);
      groups = [];
    },
  };
}
