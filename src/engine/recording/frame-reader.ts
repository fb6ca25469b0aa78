import type { SampleFrame } from '../../shared/sample.ts';
import type { SessionMs } from '../../shared/units.ts';
import type { BlockEntry } from './block-reader.ts';
import { MalformedBlock } from './bytes.ts';
import { FrameDecoder } from './frame-block.ts';
import type { ColumnSpec } from './frame-columns.ts';

/** A span in which frames were recorded and cannot be read. */
export interface FrameGap {
  readonly fromMs: SessionMs;
  readonly toMs: SessionMs;
}

export interface FrameQuery {
  readonly fromMs: SessionMs;
  /** Not included. */
  readonly toMs: SessionMs;
  /** Columns that are needed; the others are left unknown, which is faster. All by default. */
  readonly columns?: readonly string[];
}

/**
 * The frames of a span in order. Reads from the last key block before it; behind a block that is damaged or missing
 * it goes on at the next key block and tells `missing` what was left out.
 */
export function* readFrames(
  blocks: readonly BlockEntry[],
  columns: readonly ColumnSpec[],
  payloadOf: (entry: BlockEntry) => Uint8Array | null,
  query: FrameQuery,
  missing: (gap: FrameGap) => void,
): Generator<SampleFrame> {
  const decoder = new FrameDecoder(columns, query.columns ?? null);
  let nextSequence: number | null = null;
  let before: BlockEntry | null = null;
  let lostFrom: SessionMs | null = null;
  for (let index = firstBlock(blocks, query.fromMs); index < blocks.length; index += 1) {
    const entry = blocks[index];
    if (entry === undefined || entry.startMs >= query.toMs) break;
    // Missing altogether: dropped by a recorder whose disk was full, or its header is damaged.
    if (before !== null && entry.sequence !== before.sequence + 1) lostFrom ??= before.endMs;
    before = entry;
    const follows: boolean = entry.isKey || entry.sequence === nextSequence;
    const frames: readonly SampleFrame[] | null = follows
      ? decodeBlock(decoder, entry, payloadOf(entry))
      : null;
    nextSequence = frames === null ? null : entry.sequence + 1;
    if (frames === null) {
      lostFrom ??= entry.startMs;
      continue;
    }
    if (lostFrom !== null) missing({ fromMs: lostFrom, toMs: entry.startMs });
    lostFrom = null;
    for (const frame of frames) {
      if (frame.atMs >= query.fromMs && frame.atMs < query.toMs) yield frame;
    }
  }
  const last = blocks.at(-1);
  if (lostFrom !== null && last !== undefined) {
    missing({ fromMs: lostFrom, toMs: Math.min(query.toMs, last.endMs) });
  }
}

function decodeBlock(
  decoder: FrameDecoder,
  entry: BlockEntry,
  payload: Uint8Array | null,
): readonly SampleFrame[] | null {
  if (payload === null) return null;
  try {
    return decoder.decode(payload, entry.isKey);
  } catch (error) {
    // A RangeError is a forged length that no array can have.
    if (error instanceof MalformedBlock || error instanceof RangeError) return null;
    throw error;
  }
}

/** The blocks that reading a span goes through, from the key block before it on. */
export function blocksOf(
  blocks: readonly BlockEntry[],
  { fromMs, toMs }: Pick<FrameQuery, 'fromMs' | 'toMs'>,
): readonly BlockEntry[] {
  const first = firstBlock(blocks, fromMs);
  const last = blocks.findIndex((entry, index) => index >= first && entry.startMs >= toMs);
  return blocks.slice(first, last === -1 ? blocks.length : last);
}

/** Index of the key block from which frames at `fromMs` can be decoded. */
function firstBlock(blocks: readonly BlockEntry[], fromMs: SessionMs): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.endMs ?? Number.POSITIVE_INFINITY) < fromMs) low = middle + 1;
    else high = middle;
  }
  let index = Math.min(low, blocks.length - 1);
  while (index > 0 && blocks[index]?.isKey !== true) index -= 1;
  return Math.max(index, 0);
}
