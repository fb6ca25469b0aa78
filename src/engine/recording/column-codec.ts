import { MalformedBlock, unzigzag, zigzag, type ByteReader, type ByteWriter } from './bytes.ts';

/**
 * One column of a block: for each frame in turn its values, each predicted by what the same row had before.
 *
 *     0                    as before (unknown stays unknown)
 *     1                    no longer known (NaN)
 *     2 + zigzag(change)   changed by that much; what was unknown counts as 0
 *
 * Where that cannot tell the values exactly, the whole column is float64, little-endian (`raw`).
 */
export const encoding = { changes: 0, raw: 1 } as const;

/**
 * 512 TiB, or 17 years of CPU in microseconds. A difference to a partner is then below 2^50, a change of it below
 * 2^51, and with sign and codes it still is a whole number that float64 counts exactly.
 */
const largest = 2 ** 49;

/** What is known of each row of a group, by slot: the last value as a whole number, NaN where there is none. */
export class ColumnState {
  #last = new Float64Array(64).fill(Number.NaN);

  forget(): void {
    this.#last.fill(Number.NaN);
  }

  /** The values, for at least `slots` slots. */
  values(slots: number): Float64Array {
    if (slots > this.#last.length) {
      const grown = new Float64Array(Math.max(slots, this.#last.length * 2)).fill(Number.NaN);
      grown.set(this.#last);
      this.#last = grown;
    }
    return this.#last;
  }
}

/**
 * Rounds `values` to whole numbers of 1/factor into `scaled`. False where that would lose something: beyond what
 * float64 counts exactly, or a fraction where the column has none.
 */
export function scaleValues(values: Float64Array, factor: number, scaled: Float64Array): boolean {
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (Number.isNaN(value)) {
      scaled[index] = Number.NaN;
      continue;
    }
    const whole = Math.round(value * factor);
    if (!(whole <= largest && whole >= -largest) || (factor === 1 && whole !== value)) return false;
    scaled[index] = whole;
  }
  return true;
}

/** Takes the partner's value off each; an unknown partner counts as 0. */
export function subtractPartner(scaled: Float64Array, partner: Float64Array, length: number): void {
  for (let index = 0; index < length; index += 1) {
    const value = partner[index] ?? Number.NaN;
    if (!Number.isNaN(value)) scaled[index] = (scaled[index] ?? Number.NaN) - value;
  }
}

export function addPartner(scaled: Float64Array, partner: Float64Array): void {
  for (let index = 0; index < scaled.length; index += 1) {
    const value = partner[index] ?? Number.NaN;
    if (!Number.isNaN(value)) scaled[index] = (scaled[index] ?? Number.NaN) + value;
  }
}

/** Writes `slots.length` values; `slots` says which row each belongs to, `last` is what is known of the rows. */
export function writeChanges(
  out: ByteWriter,
  scaled: Float64Array,
  slots: Int32Array,
  last: Float64Array,
): void {
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index] ?? 0;
    const value = scaled[index] ?? Number.NaN;
    const before = last[slot] ?? Number.NaN;
    // The second test is for two unknowns.
    if (value === before || (value !== value && before !== before)) {
      out.writeByte(0);
      continue;
    }
    last[slot] = value;
    if (value !== value) out.writeByte(1);
    else out.writeWhole(zigzag(value - (before === before ? before : 0)) + 2);
  }
}

export function readChanges(input: ByteReader, slots: Int32Array, last: Float64Array): Float64Array {
  // Each value takes at least one byte: a forged count cannot reserve more than the block holds.
  if (slots.length > input.remaining) throw new MalformedBlock('a column ends too early');
  const scaled = new Float64Array(slots.length);
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index] ?? 0;
    const token = input.readWhole();
    if (token !== 0) {
      const before = last[slot] ?? Number.NaN;
      last[slot] = token === 1 ? Number.NaN : (Number.isNaN(before) ? 0 : before) + unzigzag(token - 2);
    }
    scaled[index] = last[slot] ?? Number.NaN;
  }
  return scaled;
}

export function writeRaw(out: ByteWriter, values: Float64Array): void {
  const bytes = new DataView(new ArrayBuffer(values.length * 8));
  for (let index = 0; index < values.length; index += 1) {
    bytes.setFloat64(index * 8, values[index] ?? Number.NaN, true);
  }
  out.writeBytes(new Uint8Array(bytes.buffer));
}

export function readRaw(input: ByteReader, length: number): Float64Array {
  const bytes = input.readBytes(length * 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length }, (_, index) => view.getFloat64(index * 8, true));
}
