import type { MemoryReading } from './system-reader.ts';

/**
 * The text of Linux's /proc, parsed. Pure: the reading is in `linux-reader.ts`. Sources: proc(5) and
 * Documentation/filesystems/proc.rst. Every parser answers null or NaN to text that is not what it should be.
 */

/** Units of the clock ticks in /proc: USER_HZ is 100 on every architecture that Node runs on, whatever HZ is. */
const msPerTick = 10;
const bytesPerKilobyte = 1024;

export interface StatLine {
  readonly name: string;
  readonly state: string;
  readonly parentPid: number;
  readonly cpuMs: number;
  readonly startTicks: number;
}

/**
 * One line of /proc/PID/stat or /proc/PID/task/TID/stat. The name stands between the first `(` and the *last*
 * `)`: it is chosen by the program and may hold spaces, brackets and newlines.
 */
export function parseStat(text: string): StatLine | null {
  const nameStart = text.indexOf('(');
  const nameEnd = text.lastIndexOf(')');
  if (nameStart < 0 || nameEnd < nameStart) return null;
  // fields[0] is field 3 of proc(5), the state.
  const fields = text.slice(nameEnd + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3] ?? Number.NaN);
  const line = {
    name: text.slice(nameStart + 1, nameEnd),
    state: fields[0] ?? '',
    parentPid: field(4),
    cpuMs: (field(14) + field(15)) * msPerTick,
    startTicks: field(22),
  };
  const numbers = [line.parentPid, line.cpuMs, line.startTicks];
  return numbers.every((number) => Number.isSafeInteger(number)) ? line : null;
}

/** The pids in one /proc/PID/task/TID/children. */
export function parseChildren(text: string): number[] {
  return text
    .split(' ')
    .map((word) => Number(word))
    .filter((pid) => Number.isSafeInteger(pid) && pid > 0);
}

/** Milliseconds on a CPU, from /proc/PID/task/TID/schedstat (nanoseconds; exact to one kernel tick). */
export function parseSchedstatMs(text: string): number {
  const nanoseconds = /^(\d+) \d+ \d+\s*$/.exec(text)?.[1];
  return nanoseconds === undefined ? Number.NaN : Number(nanoseconds) / 1e6;
}

/** smaps_rollup, and what `smaps` would sum up to. Null where there is no PSS in it: the memory is gone. */
export function parseMemory(text: string): MemoryReading | null {
  let pssBytes = Number.NaN;
  let sharedDirtyBytes = Number.NaN;
  let swapBytes = Number.NaN;
  let privateBytes = Number.NaN;
  for (const [, name, kilobytes] of text.matchAll(
    /^(Pss|Shared_Dirty|Swap|Private_Clean|Private_Dirty):\s+(\d+) kB$/gm,
  )) {
    const bytes = Number(kilobytes) * bytesPerKilobyte;
    if (name === 'Pss') pssBytes = bytes;
    else if (name === 'Shared_Dirty') sharedDirtyBytes = bytes;
    else if (name === 'Swap') swapBytes = bytes;
    else privateBytes = (Number.isNaN(privateBytes) ? 0 : privateBytes) + bytes;
  }
  return Number.isNaN(pssBytes) ? null : { pssBytes, ussBytes: privateBytes, sharedDirtyBytes, swapBytes };
}

export interface MachineStat {
  /** By core, in the order of the core numbers; cores that are offline are left out, as the kernel does. */
  readonly idleMs: Float64Array;
  /** Processes and threads begun since boot; null where the kernel does not say. Unchanged: nothing new exists. */
  readonly forks: number | null;
}

/**
 * /proc/stat. A core that waits for the disk runs nothing, so `iowait` counts as idle here (os.cpus() drops that
 * column, which would show a core that waits as a busy one).
 */
export function parseMachineStat(text: string): MachineStat {
  const idleMs: number[] = [];
  let forks: number | null = null;
  for (const line of text.split('\n')) {
    const words = line.split(' ');
    const label = words[0] ?? '';
    if (/^cpu\d+$/.test(label)) {
      idleMs.push((Number(words[4] ?? Number.NaN) + Number(words[5] ?? 0)) * msPerTick);
    } else if (label === 'processes') {
      const count = Number(words[1] ?? Number.NaN);
      forks = Number.isSafeInteger(count) ? count : null;
    }
  }
  return { idleMs: Float64Array.from(idleMs), forks };
}

/** The arguments of /proc/PID/cmdline, which end in a NUL each, as one line. */
export function parseCommandLine(text: string): string {
  return text
    .replace(/\0+$/, '')
    .replaceAll('\0', ' ')
    .replace(/[\r\n\t]+/g, ' ')
    .trim();
}

/**
 * The program's file name. The kernel's own name is cut at 15 bytes and is the main thread's (`MainThread` or
 * `node-MainThread` in newer Nodes); the first argument is whole, but a program may put anything there.
 */
export function chooseName(kernelName: string, commandLine: string): string {
  const program = commandLine.split(' ')[0] ?? '';
  const fileName = program.slice(program.lastIndexOf('/') + 1);
  if (fileName === '') return kernelName;
  return fileName.startsWith(kernelName) || kernelName.endsWith('MainThread') ? fileName : kernelName;
}

/** Milliseconds from boot to the start of a process. */
export function startTicksToMs(startTicks: number): number {
  return startTicks * msPerTick;
}
