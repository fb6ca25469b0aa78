import { readFileSync } from 'node:fs';
import os from 'node:os';
import type { Bytes } from '../../../shared/units.ts';

/** Keys of the auxiliary vector, getauxval(3). */
const pageSizeKey = 6;

/**
 * The size of a memory page, from the auxiliary vector that the kernel gives every program: pairs of key and value,
 * as wide as a pointer. NaN where it is not told. It is not 4 KiB everywhere: arm64 kernels have 16 or 64 KiB too.
 */
export function parsePageSize(vector: Buffer, wordBytes: 4 | 8, endianness: 'LE' | 'BE'): Bytes {
  const readWord = (offset: number): number => {
    if (wordBytes === 4)
      return endianness === 'LE' ? vector.readUInt32LE(offset) : vector.readUInt32BE(offset);
    return Number(endianness === 'LE' ? vector.readBigUInt64LE(offset) : vector.readBigUInt64BE(offset));
  };
  for (let offset = 0; offset + 2 * wordBytes <= vector.length; offset += 2 * wordBytes) {
    if (readWord(offset) === pageSizeKey) return readWord(offset + wordBytes);
  }
  return Number.NaN;
}

const narrowArchitectures: readonly string[] = ['arm', 'ia32', 'mips', 'mipsel', 'ppc', 's390'];

/** NaN where it cannot be found out: then no resident size is known, rather than one that is wrong. */
export function readPageSize(): Bytes {
  try {
    const wordBytes = narrowArchitectures.includes(process.arch) ? 4 : 8;
    return parsePageSize(readFileSync('/proc/self/auxv'), wordBytes, os.endianness());
  } catch {
    return Number.NaN;
  }
}
