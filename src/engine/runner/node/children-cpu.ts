import { readFileSync } from 'node:fs';

/** The unit of /proc's times. Linux promises 100 to programs, whatever the kernel itself ticks at. */
const ticksPerSecond = 100;

/**
 * CPU time of all children of this process that have been waited for, and of theirs, in steps of 10 ms; null where
 * there is no /proc. Node itself tells that of its own process only.
 */
export function readChildrenCpuSeconds(): number | null {
  try {
    return parseChildrenCpuSeconds(readFileSync('/proc/self/stat', 'latin1'));
  } catch {
    return null;
  }
}

/** Throws where the line is not one of /proc/PID/stat. */
export function parseChildrenCpuSeconds(stat: string): number {
  // The program's name may hold blanks and brackets: fields are counted from behind it, where the third one stands.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [fields[13], fields[14]].map(Number);
  if (user === undefined || system === undefined || Number.isNaN(user + system)) {
    throw new Error(`not a line of /proc/PID/stat: ${stat}`);
  }
  return (user + system) / ticksPerSecond;
}
