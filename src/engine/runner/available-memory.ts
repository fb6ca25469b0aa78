import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Bytes } from '../../shared/units.ts';
import { type OwnGroup, readOwnGroups, type ReadText, withGroupsAbove } from './control-groups.ts';

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

/**
 * Memory that can be taken now without the machine swapping or a control group reaching its limit. On Linux the
 * kernel's own estimate (`MemAvailable`), or what the control groups of this process leave, whichever is less.
 * On macOS the system counts as free only what it has not made use of as a cache: there, all memory.
 */
export function readAvailableMemory(
  platform: NodeJS.Platform = process.platform,
  read: ReadText = readText,
): Bytes {
  if (platform === 'darwin') return os.totalmem();
  if (platform !== 'linux') return os.freemem();
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(read('/proc/meminfo') ?? '')?.[1];
  const ofMachine = kilobytes === undefined ? os.freemem() : Number(kilobytes) * 1024;
  const ofGroups = readOwnGroups(read)
    .filter(({ version, controllers }) => version === 2 || controllers.includes('memory'))
    .flatMap((group) => withGroupsAbove(group).map((folder) => leftInGroup(read, group.version, folder)));
  return Math.max(0, Math.min(ofMachine, ...ofGroups));
}

/** What the files of a group's memory are called. What the kernel can drop at once does not count as used. */
const memoryFiles: Readonly<Record<OwnGroup['version'], { limit: string; used: string; droppable: RegExp }>> =
  {
    1: {
      limit: 'memory.limit_in_bytes',
      used: 'memory.usage_in_bytes',
      droppable: /^total_inactive_file (\d+)$/m,
    },
    2: { limit: 'memory.max', used: 'memory.current', droppable: /^inactive_file (\d+)$/m },
  };

/** Infinity where the group has no limit; version 1 says so with a number larger than any memory. */
function leftInGroup(read: ReadText, version: OwnGroup['version'], folder: string): Bytes {
  const { limit, used, droppable } = memoryFiles[version];
  const limitBytes = readNumber(read(path.posix.join(folder, limit)));
  const usedBytes = readNumber(read(path.posix.join(folder, used)));
  if (limitBytes === null || usedBytes === null) return Number.POSITIVE_INFINITY;
  const droppableText = droppable.exec(read(path.posix.join(folder, 'memory.stat')) ?? '')?.[1];
  return limitBytes - usedBytes + Number(droppableText ?? 0);
}

/** Null for `max` and for a file that is not there. */
function readNumber(text: string | null): number | null {
  const trimmed = text?.trim() ?? '';
  return /^\d+$/.test(trimmed) ? Number(trimmed) : null;
}
