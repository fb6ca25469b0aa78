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
const openingBracket = 0x28;
const closingBracket = 0x29;

/** USER_HZ is 100 on every architecture that Node runs on, whatever HZ is. */
export const nanosecondsPerTick = 1e7;
export const millisecondsPerTick = 10;

/** What is wanted of one /proc/PID/stat; filled in place. Times are in ticks of 10 ms, of all threads. */
export interface StatFields {
  /** Another number where the name is another one (but for one in 4 000 million): a name would be a string. */
  nameMark: number;
  /** The letter's code: 90 is Z. */
  state: number;
  parentPid: number;
  minorFaults: number;
  majorFaults: number;
  /** Threads that ended are included. */
  userTicks: number;
  systemTicks: number;
  /** User and system time of children that were waited for, and of theirs. Each of the two is rounded down. */
  waitedForTicks: number;
  threadCount: number;
  /** Since boot. */
  startTicks: number;
  /** The core that the main thread, or the thread whose stat it is, was last on; NaN where it is not told. */
  lastCore: number;
}

export function createStatFields(): StatFields {
  return {
    nameMark: 0,
    state: 0,
    parentPid: 0,
    minorFaults: 0,
    majorFaults: 0,
    userTicks: 0,
    systemTicks: 0,
    waitedForTicks: 0,
    threadCount: 0,
    startTicks: 0,
    lastCore: Number.NaN,
  };
}

/** Field numbers of proc(5). */
const field = {
  parentPid: 4,
  minorFaults: 10,
  majorFaults: 12,
  user: 14,
  system: 15,
  waitedForUser: 16,
  waitedForSystem: 17,
  threads: 20,
  start: 22,
  core: 39,
} as const;

function setField(into: StatFields, number: number, value: number): void {
  switch (number) {
    case field.parentPid:
      into.parentPid = value;
      break;
    case field.minorFaults:
      into.minorFaults = value;
      break;
    case field.majorFaults:
      into.majorFaults = value;
      break;
    case field.user:
      into.userTicks = value;
      break;
    case field.system:
      into.systemTicks = value;
      break;
    case field.waitedForUser:
      into.waitedForTicks = value;
      break;
    case field.waitedForSystem:
      into.waitedForTicks += value;
      break;
    case field.threads:
      into.threadCount = value;
      break;
    case field.start:
      into.startTicks = value;
      break;
    default:
  }
}

/** FNV-1a of what stands between the first bracket and the one at `end`: 15 bytes, but for kernel threads. */
function markName(bytes: Uint8Array, end: number): number {
  let index = 0;
  while (index < end && bytes[index] !== openingBracket) index += 1;
  let mark = 0x811c9dc5 | 0;
  for (index += 1; index < end; index += 1) mark = Math.imul(mark ^ (bytes[index] ?? 0), 0x01000193);
  return mark;
}

/**
 * Behind the closing bracket come numbers only, so what is longer would only mean more to look through. A program can
 * give itself 15 bytes (TASK_COMM_LEN), behind a pid of 7 digits at most; threads of the kernel have up to 64
 * (proc_task_name).
 */
const usualStart = 7 + ' ('.length + 15 + ')'.length;
const longestStart = 96;

/**
 * Fills `into` and answers true, or answers false to what is cut short or is not a stat line; `into` is then not to
 * be used. Fields are counted from the last `)`: the program chooses its name, and may put anything there.
 */
export function parseStatInto(bytes: Uint8Array, length: number, into: StatFields): boolean {
  return (
    parseStatBefore(bytes, length, Math.min(length, usualStart), into) ||
    parseStatBefore(bytes, length, Math.min(length, longestStart), into) ||
    (length > longestStart && parseStatBefore(bytes, length, length, into))
  );
}

/** `searchEnd`: where the search for the last bracket begins, backwards. */
function parseStatBefore(bytes: Uint8Array, length: number, searchEnd: number, into: StatFields): boolean {
  let index = searchEnd - 1;
  while (index >= 0 && bytes[index] !== closingBracket) index -= 1;
  if (index < 0 || index + 3 >= length) return false;
  into.nameMark = markName(bytes, index);
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
    setField(into, number, value);
    number += 1;
    index += 1;
    if (number > field.start) {
      // Behind addresses and masks that nobody wants: they are passed over without being read.
      into.lastCore = parseNumberAt(bytes, length, field.core - number, index);
      return true;
    }
  }
  return false;
}

/**
 * The number at place `position`, counted from 0, of what stands from `start` on in a line of whole numbers between
 * single spaces. NaN where there is none. For statm (resident pages: 1) and schedstat (nanoseconds on a CPU: 0).
 */
export function parseNumberAt(bytes: Uint8Array, length: number, position: number, start = 0): number {
  let index = start;
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
export function parseForks(bytes: Uint8Array, length: number): number {
  // From the end: the interrupts come before it, up to a hundred kilobytes of them on a large machine.
  for (let start = length - forksLabel.length; start >= 0; start -= 1) {
    if (bytes[start] !== lineEnd || bytes[start + 1] !== forksLabel[1]) continue;
    let matched = 2;
    while (matched < forksLabel.length && bytes[start + matched] === forksLabel[matched]) matched += 1;
    if (matched === forksLabel.length) return parseNumberAt(bytes, length, 0, start + matched);
  }
  return Number.NaN;
}
