import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';

/** Functions of the C library, called on this thread. */
export interface CLibrary {
  /** clock_gettime(2): 0 for success. `time`: two words of 8 bytes. */
  readonly getTime: (clock: number, time: BigInt64Array) => number;
  /** pread(2): how many bytes were read, 0 at the end, -1 where it fails. */
  readonly read: (descriptor: number, into: Uint8Array, length: number, position: number) => number;
  /** statx(2) for the size alone: NaN where it fails. Null where the library is older than the call (glibc 2.28). */
  readonly readSize: ((path: string) => number) | null;
}

/** A word of C (`long`, `off_t`, the halves of a `struct timespec`) is 8 bytes on these; no other is worth the difference. */
const wideArchitectures: readonly string[] = ['x64', 'arm64', 'ppc64', 'riscv64', 'loong64', 's390x'];

/** Not an import: a machine that koffi has no build for must still start. Throws there. */
export function loadKoffi(): typeof Koffi {
  return createRequire(import.meta.url)('koffi') as typeof Koffi;
}

let loaded: CLibrary | null | undefined;

/**
 * Null where it cannot be loaded: another system, or a machine that koffi has no build for. The same one in all of a
 * thread: what calls functions that are always the same is compiled to call them directly.
 */
export function loadCLibrary(): CLibrary | null {
  if (loaded === undefined) loaded = load();
  return loaded;
}

function load(): CLibrary | null {
  if (process.platform !== 'linux' || !wideArchitectures.includes(process.arch)) return null;
  try {
    // What the program itself is linked with: libc.so.6 with glibc, another name with musl.
    const library = loadKoffi().load(null);
    const getTime: unknown = library.func('int clock_gettime(int clock, _Out_ void *time)');
    const read: unknown = library.func(
      'long pread(int file, _Out_ void *into, size_t length, long position)',
    );
    if (typeof getTime !== 'function' || typeof read !== 'function') return null;
    return {
      getTime: getTime as CLibrary['getTime'],
      read: read as CLibrary['read'],
      readSize: loadReadSize(library),
    };
  } catch {
    return null;
  }
}

/** Of linux/fcntl.h and linux/stat.h. */
const fromWorkingFolder = -100;
const asItIsKnown = 0x4000;
const sizeOnly = 0x200;
const statxLength = 256;
/** The size stands at byte 40. */
const sizeWord = 40 / BigUint64Array.BYTES_PER_ELEMENT;

/** What Node's `statSync` makes of the same call (four dates, a dozen numbers) takes three times as long. */
function loadReadSize(library: ReturnType<typeof Koffi.load>): CLibrary['readSize'] {
  let found: unknown;
  try {
    found = library.func(
      'int statx(int folder, const char *path, int flags, unsigned int mask, _Out_ void *into)',
    );
  } catch {
    return null;
  }
  if (typeof found !== 'function') return null;
  const call = found as (
    folder: number,
    path: string,
    flags: number,
    mask: number,
    into: BigUint64Array,
  ) => number;
  const into = new BigUint64Array(statxLength / BigUint64Array.BYTES_PER_ELEMENT);
  return (path) =>
    call(fromWorkingFolder, path, asItIsKnown, sizeOnly, into) === 0 ? Number(into[sizeWord]) : Number.NaN;
}
