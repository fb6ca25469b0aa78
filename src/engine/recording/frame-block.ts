import { createFrame, decodeFrame, writeHeader } from '../../shared/frame-codec.ts';
import type { FrameHeader, SampleFrame } from '../../shared/sample.ts';
import { ByteReader, ByteWriter, MalformedBlock } from './bytes.ts';
import {
  addPartner,
  ColumnState,
  encoding,
  readChanges,
  readRaw,
  scaleValues,
  subtractPartner,
  writeChanges,
  writeRaw,
} from './column-codec.ts';
import {
  frameColumns,
  frameGroups,
  isArrayColumn,
  isHeaderColumn,
  type ColumnSpec,
  type FrameGroup,
} from './frame-columns.ts';
import { readKeys, writeKeys } from './key-list.ts';

/**
 * The payload of a frames block: how many frames; of each its number of cores and the lists of row and detail keys;
 * then column by column an encoding, a length and that many bytes. A block goes on from what the one before left,
 * so a reader begins at a key block, which starts from nothing.
 */

/** What both sides remember from block to block. */
class FrameMemory {
  rowKeys: Float64Array = new Float64Array(0);
  detailKeys: Float64Array = new Float64Array(0);
  readonly #slotsByKey = { row: new Map<number, number>(), detail: new Map<number, number>() };
  readonly #columns = new Map<string, ColumnState>();
  #rowSlots: Int32Array | null = null;

  forget(): void {
    this.rowKeys = new Float64Array(0);
    this.detailKeys = new Float64Array(0);
    this.#slotsByKey.row.clear();
    this.#slotsByKey.detail.clear();
    this.#rowSlots = null;
    for (const state of this.#columns.values()) state.forget();
  }

  /** Places of the rows in the columns' states; the same array while the list is the same. */
  rowSlots(keys: Float64Array, isSame: boolean): Int32Array {
    if (!isSame || this.#rowSlots === null) this.#rowSlots = this.#find(this.#slotsByKey.row, keys);
    return this.#rowSlots;
  }

  detailSlots(keys: Float64Array): Int32Array {
    return this.#find(this.#slotsByKey.detail, keys);
  }

  /** The last values of a column, for the slots that there are by now. */
  last(spec: ColumnSpec, slots: number): Float64Array {
    let state = this.#columns.get(spec.name);
    if (state === undefined) {
      state = new ColumnState();
      this.#columns.set(spec.name, state);
    }
    return state.values(slots);
  }

  #find(slotsByKey: Map<number, number>, keys: Float64Array): Int32Array {
    const slots = new Int32Array(keys.length);
    for (let index = 0; index < keys.length; index += 1) {
      const key = keys[index] ?? Number.NaN;
      let slot = slotsByKey.get(key);
      if (slot === undefined) {
        slot = slotsByKey.size;
        slotsByKey.set(key, slot);
      }
      slots[index] = slot;
    }
    return slots;
  }
}

/** By group, the slots of all values of the block in the order in which columns have them. */
type BlockSlots = Readonly<Record<FrameGroup, { readonly all: Int32Array; readonly highest: number }>>;

function joinSlots(parts: Readonly<Record<FrameGroup, readonly Int32Array[]>>): BlockSlots {
  const joined = frameGroups.map((group) => {
    const length = parts[group].reduce((sum, slots) => sum + slots.length, 0);
    const all = new Int32Array(length);
    let start = 0;
    for (const slots of parts[group]) {
      all.set(slots, start);
      start += slots.length;
    }
    let highest = 0;
    for (let index = 0; index < all.length; index += 1) highest = Math.max(highest, all[index] ?? 0);
    return [group, { all, highest }] as const;
  });
  // Every group was just joined.
  return Object.fromEntries(joined) as Record<FrameGroup, { all: Int32Array; highest: number }>;
}

/** 0, 1, 2 …: a view that is shared, for every frame has as many cores as the one before. */
function upTo(length: number): Int32Array {
  if (length > counted.length) {
    counted = new Int32Array(length * 2);
    for (let index = 0; index < counted.length; index += 1) counted[index] = index;
  }
  return counted.subarray(0, length);
}

let counted = new Int32Array(0);

const oneSlot = Int32Array.of(0);

const partnerNames: ReadonlySet<string | null> = new Set(frameColumns.map(({ like }) => like));

export class FrameEncoder {
  readonly #memory = new FrameMemory();
  readonly #out = new ByteWriter(64 * 1024);
  readonly #column = new ByteWriter(16 * 1024);
  #values = new Float64Array(0);
  readonly #scratch = new Map<string, Float64Array>();
  /** Whole numbers of the columns that others are told by. */
  readonly #partners = new Map<string, Float64Array>();

  /** The payload of a block with these frames. A view that the next call overwrites. */
  encode(frames: readonly SampleFrame[], isKey: boolean): Uint8Array {
    if (isKey) this.#memory.forget();
    this.#out.clear();
    this.#out.writeWhole(frames.length);
    const slots = this.#writeShape(frames);
    this.#partners.clear();
    for (const spec of frameColumns) this.#writeColumn(spec, frames, slots[spec.group]);
    return this.#out.view();
  }

  #writeShape(frames: readonly SampleFrame[]): BlockSlots {
    const memory = this.#memory;
    const parts: Record<FrameGroup, Int32Array[]> = { header: [], core: [], row: [], detail: [] };
    for (const frame of frames) {
      this.#out.writeWhole(frame.coreBusy.length);
      const isSame = !writeKeys(this.#out, memory.rowKeys, frame.keys);
      writeKeys(this.#out, memory.detailKeys, frame.detailKeys);
      parts.header.push(oneSlot);
      parts.core.push(upTo(frame.coreBusy.length));
      parts.row.push(memory.rowSlots(frame.keys, isSame));
      parts.detail.push(memory.detailSlots(frame.detailKeys));
      // Copied: the frame's buffer is the caller's, and larger.
      if (!isSame) memory.rowKeys = frame.keys.slice();
      memory.detailKeys = frame.detailKeys.slice();
    }
    return joinSlots(parts);
  }

  #writeColumn(spec: ColumnSpec, frames: readonly SampleFrame[], slots: BlockSlots[FrameGroup]): void {
    const values = this.#gather(spec, frames, slots.all.length);
    const last = this.#memory.last(spec, slots.highest + 1);
    const column = this.#column;
    column.clear();
    const scaled = this.#scratchFor(spec, values.length);
    const isExact = scaleValues(values, 10 ** spec.decimals, scaled);
    if (isExact) {
      const partner = spec.like === null ? undefined : this.#partners.get(spec.like);
      if (spec.like === null) this.#partners.set(spec.name, scaled);
      else if (partner !== undefined) subtractPartner(scaled, partner, scaled.length);
      writeChanges(column, scaled, slots.all, last);
    } else {
      writeRaw(column, values);
      for (const slot of slots.all) last[slot] = Number.NaN;
    }
    this.#out.writeByte(isExact ? encoding.changes : encoding.raw);
    this.#out.writeWhole(column.length);
    this.#out.writeBytes(column.view());
  }

  /** Memory for the whole numbers of a column: one for all, but those that others refer to keep theirs. */
  #scratchFor({ name }: ColumnSpec, length: number): Float64Array {
    const use = partnerNames.has(name) ? name : '';
    let scratch = this.#scratch.get(use);
    if (scratch === undefined || scratch.length < length) {
      scratch = new Float64Array(length * 2);
      this.#scratch.set(use, scratch);
    }
    return scratch.subarray(0, length);
  }

  #gather({ name }: ColumnSpec, frames: readonly SampleFrame[], length: number): Float64Array {
    if (this.#values.length < length) this.#values = new Float64Array(length * 2);
    const values = this.#values.subarray(0, length);
    let start = 0;
    for (const frame of frames) {
      if (isHeaderColumn(name)) {
        values[start] = frame[name];
        start += 1;
      } else if (isArrayColumn(name)) {
        values.set(frame[name], start);
        start += frame[name].length;
      }
    }
    return values;
  }
}

/** More than any machine has, and few enough that a forged number reserves no memory to speak of. */
const most = { frames: 100_000, cores: 65_536, keys: 1_000_000 };

export class FrameDecoder {
  readonly #memory = new FrameMemory();
  readonly #columns: readonly ColumnSpec[];
  readonly #wanted: ReadonlySet<string> | null;

  /**
   * `columns`: those that the file says it has. `wanted`: those that are needed; the others are left unknown, which
   * saves most of the time. Keys, time and sequence are always there.
   */
  constructor(columns: readonly ColumnSpec[], wanted: readonly string[] | null = null) {
    this.#columns = columns;
    this.#wanted = wanted === null ? null : withPartners(columns, ['atMs', 'sequence', ...wanted]);
  }

  /** Throws `MalformedBlock` where the payload is not what `FrameEncoder` wrote. */
  decode(payload: Uint8Array, isKey: boolean): SampleFrame[] {
    if (isKey) this.#memory.forget();
    const input = new ByteReader(payload);
    const { frames, slots } = this.#readShape(input);
    const headers = frames.map((): Partial<Record<keyof FrameHeader, number>> => ({}));
    const partners = new Map<string, Float64Array>();
    for (const spec of this.#columns) {
      const kind = input.readByte();
      const bytes = input.readBytes(input.readCount(input.remaining));
      if (this.#wanted !== null && !this.#wanted.has(spec.name)) continue;
      const values = this.#readColumn(spec, kind, new ByteReader(bytes), slots[spec.group], partners);
      let start = 0;
      frames.forEach(({ columns }, index) => {
        const header = headers[index];
        if (isHeaderColumn(spec.name) && header !== undefined)
          header[spec.name] = values[index] ?? Number.NaN;
        if (!isArrayColumn(spec.name)) return;
        const target = columns[spec.name];
        target.set(values.subarray(start, start + target.length));
        start += target.length;
      });
    }
    return frames.map(({ buffer }, index) => {
      writeHeader(buffer, { ...unknownHeader, ...headers[index] });
      return decodeFrame(buffer);
    });
  }

  #readShape(input: ByteReader): { frames: ReturnType<typeof createFrame>[]; slots: BlockSlots } {
    const memory = this.#memory;
    const parts: Record<FrameGroup, Int32Array[]> = { header: [], core: [], row: [], detail: [] };
    const shapes: { cores: number; keys: Float64Array; detailKeys: Float64Array }[] = [];
    let values = 0;
    const frameCount = input.readCount(Math.min(most.frames, input.remaining));
    for (let frame = 0; frame < frameCount; frame += 1) {
      const cores = input.readCount(most.cores);
      const keys = readKeys(input, memory.rowKeys, most.keys);
      const detailKeys = readKeys(input, memory.detailKeys, most.keys);
      values += cores + keys.length + detailKeys.length;
      // Every value of every column is at least one byte of what follows.
      if (values > input.remaining) throw new MalformedBlock('a block has fewer values than rows');
      parts.header.push(oneSlot);
      parts.core.push(upTo(cores));
      parts.row.push(memory.rowSlots(keys, keys === memory.rowKeys));
      parts.detail.push(memory.detailSlots(detailKeys));
      memory.rowKeys = keys;
      memory.detailKeys = detailKeys;
      shapes.push({ cores, keys, detailKeys });
    }
    const frames = shapes.map(({ cores, keys, detailKeys }) => {
      const frame = createFrame({ cores, rows: keys.length, details: detailKeys.length });
      frame.columns.keys.set(keys);
      frame.columns.detailKeys.set(detailKeys);
      return frame;
    });
    return { frames, slots: joinSlots(parts) };
  }

  #readColumn(
    spec: ColumnSpec,
    kind: number,
    input: ByteReader,
    slots: BlockSlots[FrameGroup],
    partners: Map<string, Float64Array>,
  ): Float64Array {
    const last = this.#memory.last(spec, slots.highest + 1);
    if (kind === encoding.raw) {
      for (const slot of slots.all) last[slot] = Number.NaN;
      return readRaw(input, slots.all.length);
    }
    if (kind !== encoding.changes) throw new MalformedBlock(`column ${spec.name} has encoding ${kind}`);
    const scaled = readChanges(input, slots.all, last);
    if (spec.like === null) partners.set(spec.name, scaled.slice());
    else addPartner(scaled, partners.get(spec.like) ?? new Float64Array(scaled.length));
    const factor = 10 ** spec.decimals;
    // Divided, not multiplied by 10^-decimals: the quotient is the nearest float64 to the decimal number.
    if (factor === 1) return scaled;
    for (let index = 0; index < scaled.length; index += 1) {
      scaled[index] = (scaled[index] ?? Number.NaN) / factor;
    }
    return scaled;
  }
}

const unknownHeader: FrameHeader = {
  sequence: Number.NaN,
  atMs: Number.NaN,
  latenessMs: Number.NaN,
  missedTicks: Number.NaN,
  droppedFrames: Number.NaN,
  requestedEveryMs: Number.NaN,
  everyMs: Number.NaN,
  coreWindowMs: Number.NaN,
  coreErrorShare: Number.NaN,
  throttledShare: Number.NaN,
  ownCpuShare: Number.NaN,
  ownRssBytes: Number.NaN,
};

function withPartners(columns: readonly ColumnSpec[], wanted: readonly string[]): ReadonlySet<string> {
  const names = new Set(wanted);
  for (const { name, like } of columns) if (names.has(name) && like !== null) names.add(like);
  return names;
}
