import type { Milliseconds, SessionMs } from '../../../shared/units.ts';
import { type CLibrary, loadCLibrary } from './c-library.ts';

/** CPU clocks of processes, through the C library. */
export interface CpuClock {
  /** Nanoseconds that all threads of the process have run, those that ended included; NaN where there is none. */
  readNs(pid: number): number;
}

/**
 * Linux's way of making a clock of a pid (clock_getcpuclockid(3), include/linux/posix-timers.h): the pid's
 * complement, and 2 for the scheduler's exact figure. Unlike stat and schedstat it needs no text, and covers every
 * thread: 0.4 µs, a tenth of a stat. Allowed for processes of other users.
 */
export function clockOfProcess(pid: number): number {
  return (~pid << 3) | 2;
}

/** Null where the C library does not load, or does not give the clock of this process. */
export function loadCpuClock(library: CLibrary | null = loadCLibrary()): CpuClock | null {
  if (library === null) return null;
  const clock = createCpuClock(library.getTime);
  return clock.readNs(process.pid) > 0 ? clock : null;
}

/** The two halves of a `struct timespec` as doubles: a BigInt would be an object for every reading. */
interface TimeWords {
  readonly words: BigInt64Array;
  seconds(): number;
  nanoseconds(): number;
}

function createTimeWords(): TimeWords {
  const words = new BigInt64Array(2);
  const halves = new Uint32Array(words.buffer);
  const isLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;
  const [low, high] = isLittleEndian ? [0, 1] : [1, 0];
  return {
    words,
    seconds: () => (halves[low] ?? 0) + (halves[high] ?? 0) * 2 ** 32,
    nanoseconds: () => halves[low + 2] ?? 0,
  };
}

/** `getTime` is clock_gettime(2): 0 for success. */
export function createCpuClock(getTime: CLibrary['getTime']): CpuClock {
  const time = createTimeWords();
  return {
    readNs: (pid) =>
      getTime(clockOfProcess(pid), time.words) === 0 ? time.seconds() * 1e9 + time.nanoseconds() : Number.NaN,
  };
}

/** CLOCK_BOOTTIME of time.h: by it the kernel counts when processes begin (stat, field 22). */
const sinceBoot = 7;

/** Milliseconds since boot, suspended time included. Null where the C library does not load. */
export function loadBootClock(library: CLibrary | null = loadCLibrary()): (() => Milliseconds) | null {
  if (library === null) return null;
  const { getTime } = library;
  const time = createTimeWords();
  return () =>
    getTime(sinceBoot, time.words) === 0 ? time.seconds() * 1000 + time.nanoseconds() / 1e6 : Number.NaN;
}

/** CLOCK_MONOTONIC of time.h, which `process.hrtime` reads too. */
const monotonic = 1;
const nsPerSecond = 1_000_000_000n;

/**
 * What a session's clock says, by the call that reads the CPU clocks: between two sleeps its code is in the
 * processor's caches anyway, and that of Node's hrtime, with its BigInts, is not.
 */
export function createMonotonicClock(getTime: CLibrary['getTime'], originNs: bigint): () => SessionMs {
  const time = createTimeWords();
  const originSeconds = Number(originNs / nsPerSecond);
  const originNanoseconds = Number(originNs % nsPerSecond);
  return () => {
    getTime(monotonic, time.words);
    return (time.seconds() - originSeconds) * 1000 + (time.nanoseconds() - originNanoseconds) / 1e6;
  };
}
