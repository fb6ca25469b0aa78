import { readFileSync } from 'node:fs';

/** How many processes the kernel has killed for want of memory since boot; null where it does not tell. */
export function readOomKills(read: () => string = readVmstat): number | null {
  try {
    const count = /^oom_kill (\d+)$/m.exec(read())?.[1];
    return count === undefined ? null : Number(count);
  } catch {
    return null;
  }
}

/** Counts kills in control groups (containers) as well as those of the whole machine. */
function readVmstat(): string {
  return readFileSync('/proc/vmstat', 'utf8');
}
