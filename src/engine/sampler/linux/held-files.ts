import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { type CLibrary, loadCLibrary } from './c-library.ts';

/** The calls that are made of the system; they throw as those of node:fs do. */
export interface FileCalls {
  open(path: string): number;
  /** Reads at `position` into `buffer` from `offset` on; 0 at the end, -1 where it fails (or it throws). */
  read(descriptor: number, buffer: Buffer, offset: number, position: number): number;
  close(descriptor: number): void;
  /** The names in a folder. */
  list(path: string): readonly string[];
}

export const systemCalls: FileCalls = {
  open: (path) => openSync(path, 'r'),
  read: (descriptor, buffer, offset, position) =>
    readSync(descriptor, buffer, offset, buffer.length - offset, position),
  close: (descriptor) => {
    closeSync(descriptor);
  },
  list: (path) => readdirSync(path),
};

/**
 * The same with pread(2) of the C library, which takes 0.4 µs less a reading than Node's: a tenth of a stat, and more
 * where neither is in the processor's caches.
 */
export function createSystemCalls(library: CLibrary | null = loadCLibrary()): FileCalls {
  if (library === null) return systemCalls;
  const { read } = library;
  return {
    ...systemCalls,
    read: (descriptor, buffer, offset, position) =>
      offset === 0
        ? read(descriptor, buffer, buffer.length, position)
        : read(descriptor, buffer.subarray(offset), buffer.length - offset, position),
  };
}

/** A file that may be held open between readings. Its fields belong to the `HeldFiles` that made it. */
export interface HeldFile {
  readonly path: string;
  /** -1 while it is not open. */
  descriptor: number;
  /** When it was read, but for some turns. */
  usedAtTurn: number;
  older: HeldFile | null;
  newer: HeldFile | null;
}

export interface HeldFiles {
  /** What `read` read last. Another buffer after a file that was longer than it. */
  readonly bytes: Buffer;
  readonly openCount: number;
  /** Neither opens the file nor finds out whether there is one. */
  create(path: string): HeldFile;
  /**
   * Reads from the beginning into `bytes`; answers the length, and -1 where it cannot be read. A file that was held
   * and fails (ESRCH: its process ended) is closed, so that asking again opens what has the same path now.
   */
  read(file: HeldFile): number;
  /** The same by another who reads: `readDescriptor` answers a negative number where it fails. */
  readWith(file: HeldFile, readDescriptor: (descriptor: number) => number): number;
  /** Gives away what was read last, and reads into another buffer from now on: cheaper than a copy. */
  exchange(other: Buffer): Buffer;
  close(file: HeldFile): void;
  /** The names in a folder that are numbers: pids and thread ids. Empty where it cannot be read. */
  listNumbers(folder: string): number[];
  closeAll(): void;
  /** Marks the beginning of a tick: files that were read in the last ones are not closed to make room. */
  beginTurn(): void;
}

/**
 * What `seq_file` fills in one call is no longer than a page, and the numbers in it are whole, so a reading shorter
 * than this has reached the end. Smaller would cost a second call for files that have none left.
 */
const surelyWhole = 3072;
const leastRoom = 4096;

/**
 * A file that was read in so many turns is not closed to make room: with one more in use than there are places,
 * least-recently-used would close every file just before it is wanted again. What finds no place is opened and
 * closed around its reading, at about twice the cost.
 */
const turnsBeforeEviction = 20;

/**
 * A file keeps its place in the order for so many turns: most readings then leave the list alone, and the order is
 * only asked for after `turnsBeforeEviction`.
 */
const turnsBetweenMoves = 8;

/** Enough for a bench of a thousand processes; more would only cost memory in the kernel. */
const mostHeld = 4096;

/** The soft limit from /proc/self/limits, which Node raises to the hard one at its start; null where it is not told. */
export function parseDescriptorLimit(limits: string): number | null {
  const limit = /^Max open files\s+(\d+|unlimited)\s/m.exec(limits)?.[1];
  if (limit === undefined) return null;
  return limit === 'unlimited' ? Number.POSITIVE_INFINITY : Number(limit);
}

/** Far below the limit: the rest of the program, which knows nothing of this, must not run into EMFILE. */
export function chooseCapacity(descriptorLimit: number | null): number {
  return Math.max(8, Math.min(mostHeld, Math.floor((descriptorLimit ?? 256) / 4)));
}

function readCapacity(): number {
  try {
    return chooseCapacity(parseDescriptorLimit(readFileSync('/proc/self/limits', 'utf8')));
  } catch {
    return chooseCapacity(null);
  }
}

export interface HeldFilesOptions {
  /** Descriptors that may be held at once; found out by default. */
  readonly capacity?: number;
  readonly calls?: FileCalls;
}

function hasCode(error: unknown, codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.some((code) => code === error.code);
}

/** Files of /proc, held open and read again and again into one buffer. */
export function createHeldFiles(options: HeldFilesOptions = {}): HeldFiles {
  const { calls = createSystemCalls() } = options;
  let capacity = options.capacity ?? readCapacity();
  let bytes: Buffer = Buffer.alloc(64 * 1024);
  let openCount = 0;
  let turn = 0;
  let oldest: HeldFile | null = null;
  let newest: HeldFile | null = null;

  function unlink(file: HeldFile): void {
    if (file.older === null) oldest = file.newer;
    else file.older.newer = file.newer;
    if (file.newer === null) newest = file.older;
    else file.newer.older = file.older;
    file.older = null;
    file.newer = null;
  }

  function linkAsNewest(file: HeldFile): void {
    file.older = newest;
    if (newest === null) oldest = file;
    else newest.newer = file;
    newest = file;
  }

  function close(file: HeldFile): void {
    if (file.descriptor < 0) return;
    unlink(file);
    openCount -= 1;
    const { descriptor } = file;
    file.descriptor = -1;
    calls.close(descriptor);
  }

  function closeOldest(count: number): void {
    for (let closed = 0; closed < count && oldest !== null; closed += 1) close(oldest);
  }

  /** -1 where it cannot be opened. */
  function open(path: string): number {
    try {
      return calls.open(path);
    } catch (error) {
      if (openCount === 0 || !hasCode(error, ['EMFILE', 'ENFILE'])) return -1;
      // Someone else needs more than was left: give half back, and stay below it from now on.
      closeOldest(Math.ceil(openCount / 2));
      capacity = openCount;
      return open(path);
    }
  }

  /** -1 where the file fails. Files are made while they are read, so only a reading that finds nothing is the end. */
  function readWhole(descriptor: number): number {
    try {
      let length = calls.read(descriptor, bytes, 0, 0);
      for (let last = length; last >= surelyWhole; length += last) {
        // Otherwise a reading could be short for want of room, and be taken for the last.
        if (bytes.length - length < leastRoom) bytes = Buffer.concat([bytes, Buffer.alloc(bytes.length)]);
        last = calls.read(descriptor, bytes, length, length);
        if (last < 0) return -1;
        if (last === 0) break;
      }
      return length;
    } catch {
      return -1;
    }
  }

  function hasPlace(): boolean {
    if (openCount < capacity) return true;
    if (oldest === null || turn - oldest.usedAtTurn < turnsBeforeEviction) return false;
    close(oldest);
    return true;
  }

  function readWith(file: HeldFile, readDescriptor: (descriptor: number) => number): number {
    if (file.descriptor < 0) {
      const descriptor = open(file.path);
      if (descriptor < 0) return -1;
      if (!hasPlace()) {
        const answer = readDescriptor(descriptor);
        calls.close(descriptor);
        return answer;
      }
      file.descriptor = descriptor;
      openCount += 1;
      file.usedAtTurn = turn;
      linkAsNewest(file);
    } else if (turn - file.usedAtTurn >= turnsBetweenMoves) {
      file.usedAtTurn = turn;
      unlink(file);
      linkAsNewest(file);
    }
    const answer = readDescriptor(file.descriptor);
    if (answer < 0) close(file);
    return answer;
  }

  return {
    get bytes() {
      return bytes;
    },
    get openCount() {
      return openCount;
    },
    create: (path) => ({ path, descriptor: -1, usedAtTurn: 0, older: null, newer: null }),
    read: (file) => readWith(file, readWhole),
    readWith,
    exchange(other) {
      const given = bytes;
      bytes = other;
      return given;
    },
    close,
    listNumbers(folder) {
      try {
        return calls.list(folder).map(Number).filter(Number.isSafeInteger);
      } catch {
        return [];
      }
    },
    closeAll: () => {
      closeOldest(openCount);
    },
    beginTurn() {
      turn += 1;
    },
  };
}
