/**
 * The numbers of /proc, parsed from bytes in place: no strings and no objects, since they are read for every
 * process at every tick. Pure. Every parser reads `bytes` up to `length` and no further: what stands behind is left
 * over from an earlier file. Sources: proc(5) and Documentation/filesystems/proc.rst.
 */

const zero = 0x30;
const nine = 0x39;
const space = 0x20;
const lineEnd = 0x0a;
const minus = 0x2d;
const closingBracket = 0x29;

/** USER_HZ is 100 on every architecture that Node runs on, whatever HZ is. */
export const nanosecondsPerTick = 1e7;
export const millisecondsPerTick = 10;

/** What is wanted of one /proc/PID/stat; filled in place. */
export interface StatFields {
  /** The letter's code: 90 is Z. */
  state: number;
  parentPid: number;
  /** User and system time of all threads, those that ended included, in ticks of 10 ms. */
  cpuTicks: number;
  threadCount: number;
  /** Start time since boot, in ticks of 10 ms. */
  startTicks: number;
}

export function createStatFields(): StatFields {
  return { state: 0, parentPid: 0, cpuTicks: 0, threadCount: 0, startTicks: 0 };
}

/** Field numbers of proc(5). */
const field = { state: 3, parentPid: 4, user: 14, system: 15, threads: 20, start: 22 } as const;

/**
 * Fills `into` and answers true, or answers false to what is cut short or is not a stat line; `into` is then not to
 * be used. Fields are counted from the last `)`: the program chooses its name, and may put anything there.
 */
export function parseStatInto(bytes: Uint8Array, length: number, into: StatFields): boolean {
  let index = length - 1;
  while (index >= 0 && bytes[index] !== closingBracket) index -= 1;
  if (index < 0 || index + 3 >= length) return false;
  into.state = bytes[index + 2] ?? 0;
  // Behind the letter and the space that follows it.
  index += 4;
  let number: number = field.parentPid;
  while (index < length) {
    let value = 0;
    let digits = 0;
    let byte = bytes[index] ?? space;
    if (byte === minus) byte = bytes[++index] ?? space;
    while (byte >= zero && byte <= nine) {
      value = value * 10 + (byte - zero);
      digits += 1;
      index += 1;
      if (index >= length) return false;
      byte = bytes[index] ?? space;
    }
    if (digits === 0 || (byte !== space && byte !== lineEnd)) return false;
    switch (number) {
      case field.parentPid:
        into.parentPid = value;
        break;
      case field.user:
        into.cpuTicks = value;
        break;
      case field.system:
        into.cpuTicks += value;
        break;
      case field.threads:
        into.threadCount = value;
        break;
      case field.start:
        into.startTicks = value;
        return true;
      default:
    }
    number += 1;
    index += 1;
  }
  return false;
}

/**
 * The number at place `position`, counted from 0, of a line of whole numbers between single spaces. NaN where there
 * is none. For statm (resident pages: 1) and schedstat (nanoseconds on a CPU: 0).
 */
export function parseNumberAt(bytes: Uint8Array, length: number, position: number): number {
  let index = 0;
  for (let skipped = 0; skipped < position; skipped += 1) {
    while (index < length && bytes[index] !== space) index += 1;
    index += 1;
  }
  let value = 0;
  let digits = 0;
  for (; index < length; index += 1) {
    const byte = bytes[index] ?? space;
    if (byte < zero || byte > nine) break;
    value = value * 10 + (byte - zero);
    digits += 1;
  }
  // A number at the very end may have been cut.
  return digits === 0 || index >= length ? Number.NaN : value;
}

/** Calls `onPid` for each pid of a `children` file: numbers, each with a space behind it. */
export function forEachPid(bytes: Uint8Array, length: number, onPid: (pid: number) => void): void {
  let value = 0;
  for (let index = 0; index < length; index += 1) {
    const byte = bytes[index] ?? space;
    if (byte >= zero && byte <= nine) {
      value = value * 10 + (byte - zero);
    } else {
      if (value > 0) onPid(value);
      value = 0;
    }
  }
  if (value > 0) onPid(value);
}

const forksLabel = Buffer.from('\nprocesses ');

/**
 * How many processes and threads were begun since boot, from /proc/stat; NaN where the kernel does not say. As long
 * as it stands still, nothing new exists.
 */
export function parseForks(bytes: Buffer, length: number): number {
  const start = bytes.indexOf(forksLabel);
  if (start < 0 || start >= length) return Number.NaN;
  const begin = start + forksLabel.length;
  return parseNumberAt(bytes.subarray(begin, length), length - begin, 0);
}
