import { MalformedBlock, unzigzag, zigzag, type ByteReader, type ByteWriter } from './bytes.ts';

/**
 * Which rows a frame has, told by what changed since the frame before: most have the same rows in the same order.
 *
 *     0                                  the same list
 *     length + 1, then runs of           a new list
 *       copied, skipped, inserted,         how many keys of the old list stay, how many go, how many new ones follow
 *       inserted × difference              zigzag, to the inserted key before (0 at first)
 *
 * True where the list is a new one.
 */
export function writeKeys(out: ByteWriter, before: Float64Array, now: Float64Array): boolean {
  if (areEqual(before, now)) {
    out.writeWhole(0);
    return false;
  }
  out.writeWhole(now.length + 1);
  const stays = new Set(now);
  let old = 0;
  let next = 0;
  let lastInserted = 0;
  while (next < now.length) {
    let copied = 0;
    while (old < before.length && next < now.length && before[old] === now[next]) {
      copied += 1;
      old += 1;
      next += 1;
    }
    let skipped = 0;
    while (old < before.length && !stays.has(before[old] ?? Number.NaN)) {
      skipped += 1;
      old += 1;
    }
    const from = next;
    // A key that moved is inserted at its new place; its old place then never matches and the rest is inserted too.
    while (next < now.length && (old >= before.length || before[old] !== now[next])) next += 1;
    out.writeWhole(copied);
    out.writeWhole(skipped);
    out.writeWhole(next - from);
    for (let index = from; index < next; index += 1) {
      const key = now[index] ?? Number.NaN;
      if (!Number.isSafeInteger(key)) throw new RangeError(`row key ${key} is not a whole number`);
      out.writeWhole(zigzag(key - lastInserted));
      lastInserted = key;
    }
  }
  return true;
}

/** The list that `writeKeys` was given; `before` itself where nothing changed. */
export function readKeys(input: ByteReader, before: Float64Array, mostKeys: number): Float64Array {
  const tag = input.readCount(mostKeys + 1);
  if (tag === 0) return before;
  const now = new Float64Array(tag - 1);
  let old = 0;
  let next = 0;
  let lastInserted = 0;
  while (next < now.length) {
    const copied = input.readCount(Math.min(before.length - old, now.length - next));
    now.set(before.subarray(old, old + copied), next);
    old += copied;
    next += copied;
    const skipped = input.readCount(before.length - old);
    old += skipped;
    const inserted = input.readCount(now.length - next);
    if (copied + skipped + inserted === 0) throw new MalformedBlock('a list of rows does not go on');
    for (let index = 0; index < inserted; index += 1) {
      lastInserted += unzigzag(input.readWhole());
      now[next] = lastInserted;
      next += 1;
    }
  }
  return now;
}

function areEqual(one: Float64Array, other: Float64Array): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
