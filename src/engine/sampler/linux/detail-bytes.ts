/**
 * The numbers of /proc files with one labelled number per line (status, io, sched), parsed from bytes in place like
 * those in `proc-bytes.ts`. Pure. Sources: proc(5) and, for sched, kernel/sched/debug.c.
 */

const zero = 0x30;
const nine = 0x39;
const lineEnd = 0x0a;

/** What a line begins with, and with what number it goes on behind spaces, tabs and colons. */
export interface Label {
  readonly text: Uint8Array;
}

export function createLabel(text: string): Label {
  return { text: Buffer.from(text) };
}

function startsWith(bytes: Uint8Array, length: number, start: number, text: Uint8Array): boolean {
  if (start + text.length > length) return false;
  for (let index = 0; index < text.length; index += 1) {
    if (bytes[start + index] !== text[index]) return false;
  }
  return true;
}

function isBetween(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x3a;
}

/** Whole numbers only: what stands behind a point is left out. NaN where there is no number, or it was cut. */
function parseAfterLabel(bytes: Uint8Array, length: number, start: number): number {
  let index = start;
  while (index < length && isBetween(bytes[index] ?? lineEnd)) index += 1;
  let value = 0;
  let digits = 0;
  for (; index < length; index += 1) {
    const byte = bytes[index] ?? lineEnd;
    if (byte < zero || byte > nine) break;
    value = value * 10 + (byte - zero);
    digits += 1;
  }
  return digits === 0 || index >= length ? Number.NaN : value;
}

/**
 * Puts the number behind each label into `into`, at the label's place; NaN where there is no such line. The labels
 * must be in the order of the file: then every line is looked at once.
 */
export function parseLabelled(
  bytes: Uint8Array,
  length: number,
  labels: readonly Label[],
  into: Float64Array,
): void {
  into.fill(Number.NaN);
  let next = 0;
  let index = 0;
  while (index < length && next < labels.length) {
    for (let candidate = next; candidate < labels.length; candidate += 1) {
      const label = labels[candidate];
      if (label === undefined || !startsWith(bytes, length, index, label.text)) continue;
      into[candidate] = parseAfterLabel(bytes, length, index + label.text.length);
      next = candidate + 1;
      break;
    }
    while (index < length && bytes[index] !== lineEnd) index += 1;
    index += 1;
  }
}
