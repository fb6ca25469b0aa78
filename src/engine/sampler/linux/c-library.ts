import { createRequire } from 'node:module';
import type * as Koffi from 'koffi';

/** Functions of the C library, called on this thread. */
export interface CLibrary {
  /** clock_gettime(2): 0 for success. `time`: two words of 8 bytes. */
  readonly getTime: (clock: number, time: BigInt64Array) => number;
  /** pread(2): how many bytes were read, 0 at the end, -1 where it fails. */
  readonly read: (descriptor: number, into: Uint8Array, length: number, position: number) => number;
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
    return { getTime: getTime as CLibrary['getTime'], read: read as CLibrary['read'] };
  } catch {
    return null;
  }
}
