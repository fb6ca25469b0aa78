/**
 * Whole numbers as bytes, seven bits at a time and the lowest first (LEB128), up to 2^53 - 1. Small numbers, of
 * which most columns consist, are one byte.
 */
export class ByteWriter {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 4096) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** Forgets what was written and keeps the memory. */
  clear(): void {
    this.#length = 0;
  }

  writeByte(value: number): void {
    if (this.#length === this.#bytes.length) this.#grow(1);
    this.#bytes[this.#length] = value;
    this.#length += 1;
  }

  writeWhole(value: number): void {
    if (this.#length + 8 > this.#bytes.length) this.#grow(8);
    const bytes = this.#bytes;
    let rest = value;
    // Bit operations cut numbers to 32 bits, so the upper ones are divided off first.
    while (rest >= 0x8000_0000) {
      bytes[this.#length] = (rest % 128) | 0x80;
      this.#length += 1;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 0x80) {
      bytes[this.#length] = (rest & 0x7f) | 0x80;
      this.#length += 1;
      rest >>>= 7;
    }
    bytes[this.#length] = rest;
    this.#length += 1;
  }

  writeBytes(values: Uint8Array): void {
    if (this.#length + values.length > this.#bytes.length) this.#grow(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  /** A view that the next write may overwrite. */
  view(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }

  #grow(more: number): void {
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}

/** Thrown by readers of a payload whose checksum was right and whose content is not what its type promises. */
export class MalformedBlock extends Error {}

export class ByteReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }

  get remaining(): number {
    return this.#bytes.length - this.#at;
  }

  readByte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new MalformedBlock('a block ends too early');
    this.#at += 1;
    return byte;
  }

  readWhole(): number {
    let value = 0;
    let factor = 1;
    for (let length = 0; length < 8; length += 1) {
      const byte = this.readByte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
    throw new MalformedBlock('a number is longer than 8 bytes');
  }

  /** A number that counts what follows: never more than `most`. */
  readCount(most: number): number {
    const count = this.readWhole();
    if (count > most) throw new MalformedBlock(`a block tells of ${count} entries, more than it can hold`);
    return count;
  }

  readBytes(length: number): Uint8Array {
    if (length > this.remaining) throw new MalformedBlock('a block ends too early');
    const bytes = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }
}

/** 0, -1, 1, -2, 2 … as 0, 1, 2, 3, 4 …: small differences of either sign become small numbers. */
export function zigzag(value: number): number {
  return value >= 0 ? value * 2 : -value * 2 - 1;
}

export function unzigzag(value: number): number {
  return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
}
