import type { CoreColumns, DetailColumns, FrameHeader, RowColumns, SampleFrame } from './sample.ts';
import type { Milliseconds } from './units.ts';

/**
 * A frame is one ArrayBuffer of float64: a fixed header, then the columns end to end.
 *
 *     | header | core columns × cores | row columns × rows | detail columns × details |
 *
 * One buffer per tick because the price of a port is per message, and float64 throughout because byte counts and
 * times outgrow float32. Two cores and ten rows are about 1 kB; 256 cores and 1 000 rows are 115 kB.
 */
const layoutVersion = 2;

const headerFields = [
  'sequence',
  'atMs',
  'latenessMs',
  'missedTicks',
  'droppedFrames',
  'requestedEveryMs',
  'everyMs',
  'coreWindowMs',
  'coreErrorShare',
  'throttledShare',
  'ownCpuShare',
  'ownRssBytes',
] as const satisfies readonly (keyof FrameHeader)[];

const coreColumns = [
  'coreBusy',
  'coreUser',
  'coreSystem',
  'coreIowait',
  'coreIrq',
  'coreSteal',
  'coreMhz',
] as const satisfies readonly (keyof CoreColumns)[];

const rowColumns = [
  'keys',
  'cpuShare',
  'totalCpuShare',
  'cpuMs',
  'totalCpuMs',
  'waitShare',
  'rssBytes',
  'totalRssBytes',
  'pssBytes',
  'totalPssBytes',
  'lastCore',
] as const satisfies readonly (keyof RowColumns)[];

const detailColumns = [
  'detailKeys',
  'state',
  'userMs',
  'systemMs',
  'waitedForMs',
  'ussBytes',
  'swapBytes',
  'peakRssBytes',
  'threadCount',
  'voluntarySwitches',
  'involuntarySwitches',
  'minorFaults',
  'majorFaults',
  'readBytes',
  'writtenBytes',
  'openFiles',
  'migrations',
] as const satisfies readonly (keyof DetailColumns)[];

/** Where the version and the three lengths stand: before the header's fields. */
const place = { version: 0, cores: 1, rows: 2, details: 3, header: 4 } as const;
const headerLength = place.header + headerFields.length;
const droppedFramesAt = place.header + headerFields.indexOf('droppedFrames');
const atMsAt = place.header + headerFields.indexOf('atMs');
const everyMsAt = place.header + headerFields.indexOf('everyMs');

export interface FrameSize {
  readonly cores: number;
  readonly rows: number;
  readonly details: number;
}

/** A frame that is being made, with its columns as views over the buffer: all NaN until they are written. */
export interface NewFrame {
  readonly buffer: ArrayBuffer;
  readonly columns: CoreColumns & RowColumns & DetailColumns;
}

type ColumnName = keyof (CoreColumns & RowColumns & DetailColumns);

function lengthOf({ cores, rows, details }: FrameSize): number {
  return (
    headerLength + cores * coreColumns.length + rows * rowColumns.length + details * detailColumns.length
  );
}

/**
 * Views over `packed`, which is as long as `size` says: nothing is copied. Written out, in the order of the lists:
 * an object that is put together name by name, or spread, took 0.1 ms a frame, most of all that a receiver does.
 */
function viewColumns(packed: Float64Array, size: FrameSize): CoreColumns & RowColumns & DetailColumns {
  const { buffer } = packed;
  let start = packed.byteOffset + headerLength * Float64Array.BYTES_PER_ELEMENT;
  function view(length: number): Float64Array {
    const column = new Float64Array(buffer, start, length);
    start += length * Float64Array.BYTES_PER_ELEMENT;
    return column;
  }
  return {
    coreBusy: view(size.cores),
    coreUser: view(size.cores),
    coreSystem: view(size.cores),
    coreIowait: view(size.cores),
    coreIrq: view(size.cores),
    coreSteal: view(size.cores),
    coreMhz: view(size.cores),
    keys: view(size.rows),
    cpuShare: view(size.rows),
    totalCpuShare: view(size.rows),
    cpuMs: view(size.rows),
    totalCpuMs: view(size.rows),
    waitShare: view(size.rows),
    rssBytes: view(size.rows),
    totalRssBytes: view(size.rows),
    pssBytes: view(size.rows),
    totalPssBytes: view(size.rows),
    lastCore: view(size.rows),
    detailKeys: view(size.details),
    state: view(size.details),
    userMs: view(size.details),
    systemMs: view(size.details),
    waitedForMs: view(size.details),
    ussBytes: view(size.details),
    swapBytes: view(size.details),
    peakRssBytes: view(size.details),
    threadCount: view(size.details),
    voluntarySwitches: view(size.details),
    involuntarySwitches: view(size.details),
    minorFaults: view(size.details),
    majorFaults: view(size.details),
    readBytes: view(size.details),
    writtenBytes: view(size.details),
    openFiles: view(size.details),
    migrations: view(size.details),
  };
}

function writeSize(packed: Float64Array, size: FrameSize): void {
  packed[place.version] = layoutVersion;
  packed[place.cores] = size.cores;
  packed[place.rows] = size.rows;
  packed[place.details] = size.details;
}

/** A buffer of the given size, to be written through its columns and then finished with `writeHeader`. */
export function createFrame(size: FrameSize): NewFrame {
  const packed = new Float64Array(lengthOf(size)).fill(Number.NaN);
  writeSize(packed, size);
  return { buffer: packed.buffer, columns: viewColumns(packed, size) };
}

/** Makes one frame after the other, for whoever makes ten or a hundred a second. */
export interface FrameMaker {
  /** The columns of the next frame, all NaN. They belong to the maker: write them before the next `begin`. */
  begin(size: FrameSize): NewFrame['columns'];
  /** The frame that was begun, in a buffer of its own. */
  finish(header: FrameHeader): ArrayBuffer;
}

/** Frames of one tree mostly differ in their details only; more sizes than this are made anew. */
const mostLayouts = 256;

/**
 * Writes all frames into one buffer and copies it out: making the 35 views of a frame of 1 000 rows took ten times
 * as long as copying it, so views are kept by size.
 */
export function createFrameMaker(): FrameMaker {
  let packed = new Float64Array(0);
  let layouts: NewFrame['columns'][] = [];
  let layoutCount = 0;
  let last: FrameSize = { cores: 0, rows: 0, details: 0 };
  let length = 0;

  function forgetLayouts(): void {
    layouts = [];
    layoutCount = 0;
  }

  return {
    begin(size) {
      length = lengthOf(size);
      if (packed.length < length) {
        packed = new Float64Array(length * 2);
        forgetLayouts();
      } else if (last.cores !== size.cores || last.rows !== size.rows || layoutCount >= mostLayouts) {
        forgetLayouts();
      }
      last = size;
      packed.fill(Number.NaN, 0, length);
      writeSize(packed, size);
      const known = layouts[size.details];
      if (known !== undefined) return known;
      layoutCount += 1;
      return (layouts[size.details] = viewColumns(packed, size));
    },
    finish(header) {
      writePackedHeader(packed, header);
      return packed.buffer.slice(0, length * Float64Array.BYTES_PER_ELEMENT);
    },
  };
}

export function writeHeader(buffer: ArrayBuffer, header: FrameHeader): void {
  writePackedHeader(new Float64Array(buffer, 0, headerLength), header);
}

function writePackedHeader(packed: Float64Array, header: FrameHeader): void {
  for (let index = 0; index < headerFields.length; index += 1) {
    const name = headerFields[index];
    if (name !== undefined) packed[place.header + index] = header[name];
  }
}

/** Packs a frame into a buffer of its own. The columns of a group must be equally long. */
export function encodeFrame(frame: SampleFrame): ArrayBuffer {
  const size = {
    cores: frame.coreBusy.length,
    rows: frame.keys.length,
    details: frame.detailKeys.length,
  };
  const { buffer, columns } = createFrame(size);
  for (const [name, target] of Object.entries(columns) as [ColumnName, Float64Array][]) {
    const source = frame[name];
    if (source.length !== target.length) {
      throw new RangeError(`frame column ${name} has ${source.length} entries, expected ${target.length}`);
    }
    target.set(source);
  }
  writeHeader(buffer, frame);
  return buffer;
}

/** Views over `buffer`: nothing is copied. Throws a RangeError where the buffer is not a whole frame. */
export function decodeFrame(buffer: ArrayBuffer): SampleFrame {
  if (buffer.byteLength % Float64Array.BYTES_PER_ELEMENT !== 0) {
    throw new RangeError(`a frame of ${buffer.byteLength} bytes is not made of float64`);
  }
  const packed = new Float64Array(buffer);
  const at = (index: number): number => packed[index] ?? Number.NaN;
  if (at(place.version) !== layoutVersion) {
    throw new RangeError(`frame layout ${at(place.version)} is not ${layoutVersion}`);
  }
  const size = { cores: at(place.cores), rows: at(place.rows), details: at(place.details) };
  const isWhole = Object.values(size).every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!isWhole) throw new RangeError('frame has columns of no whole length');
  const expectedLength = lengthOf(size);
  if (packed.length !== expectedLength) {
    throw new RangeError(`frame has ${packed.length} numbers, expected ${expectedLength}`);
  }
  const columns = viewColumns(packed, size);
  const field = (index: number): number => at(place.header + index);
  return {
    sequence: field(0),
    atMs: field(1),
    latenessMs: field(2),
    missedTicks: field(3),
    droppedFrames: field(4),
    requestedEveryMs: field(5),
    everyMs: field(6),
    coreWindowMs: field(7),
    coreErrorShare: field(8),
    throttledShare: field(9),
    ownCpuShare: field(10),
    ownRssBytes: field(11),
    coreBusy: columns.coreBusy,
    coreUser: columns.coreUser,
    coreSystem: columns.coreSystem,
    coreIowait: columns.coreIowait,
    coreIrq: columns.coreIrq,
    coreSteal: columns.coreSteal,
    coreMhz: columns.coreMhz,
    keys: columns.keys,
    cpuShare: columns.cpuShare,
    totalCpuShare: columns.totalCpuShare,
    cpuMs: columns.cpuMs,
    totalCpuMs: columns.totalCpuMs,
    waitShare: columns.waitShare,
    rssBytes: columns.rssBytes,
    totalRssBytes: columns.totalRssBytes,
    pssBytes: columns.pssBytes,
    totalPssBytes: columns.totalPssBytes,
    lastCore: columns.lastCore,
    detailKeys: columns.detailKeys,
    state: columns.state,
    userMs: columns.userMs,
    systemMs: columns.systemMs,
    waitedForMs: columns.waitedForMs,
    ussBytes: columns.ussBytes,
    swapBytes: columns.swapBytes,
    peakRssBytes: columns.peakRssBytes,
    threadCount: columns.threadCount,
    voluntarySwitches: columns.voluntarySwitches,
    involuntarySwitches: columns.involuntarySwitches,
    minorFaults: columns.minorFaults,
    majorFaults: columns.majorFaults,
    readBytes: columns.readBytes,
    writtenBytes: columns.writtenBytes,
    openFiles: columns.openFiles,
    migrations: columns.migrations,
  };
}

/** Writes the per-receiver drop count into an already encoded frame. */
export function stampDroppedFrames(buffer: ArrayBuffer, droppedFrames: number): void {
  new Float64Array(buffer, 0, headerLength)[droppedFramesAt] = droppedFrames;
}

/** The sequence number alone, without looking at the rest. */
export function readSequence(buffer: ArrayBuffer): number {
  return new Float64Array(buffer, 0, headerLength)[place.header] ?? Number.NaN;
}

/** When it was taken and how long it is to the next one, without looking at the rest. */
export function readFrameTime(buffer: ArrayBuffer): Pick<FrameHeader, 'atMs' | 'everyMs'> {
  const packed = new Float64Array(buffer, 0, headerLength);
  return { atMs: packed[atMsAt] ?? Number.NaN, everyMs: packed[everyMsAt] ?? Number.NaN };
}

/** The same frame on a clock that began `byMs` later, in a buffer of its own. */
export function movedInTime(buffer: ArrayBuffer, byMs: Milliseconds): ArrayBuffer {
  const moved = buffer.slice(0);
  const packed = new Float64Array(moved, 0, headerLength);
  packed[atMsAt] = (packed[atMsAt] ?? Number.NaN) - byMs;
  return moved;
}

/** The same frame with only the rows whose keys are in `keys`: the very buffer where those are all that it has. */
export function withRowsOf(buffer: ArrayBuffer, keys: ReadonlySet<number>): ArrayBuffer {
  const frame = decodeFrame(buffer);
  const rows = placesOf(frame.keys, keys);
  const details = placesOf(frame.detailKeys, keys);
  if (rows.length === frame.keys.length && details.length === frame.detailKeys.length) return buffer;
  const made = createFrame({ cores: frame.coreBusy.length, rows: rows.length, details: details.length });
  for (const name of coreColumns) made.columns[name].set(frame[name]);
  for (const name of rowColumns) made.columns[name].set(takeFrom(frame[name], rows));
  for (const name of detailColumns) made.columns[name].set(takeFrom(frame[name], details));
  writeHeader(made.buffer, frame);
  return made.buffer;
}

function placesOf(column: Float64Array, keys: ReadonlySet<number>): number[] {
  return [...column.keys()].filter((place) => keys.has(column[place] ?? Number.NaN));
}

function takeFrom(column: Float64Array, places: readonly number[]): Float64Array {
  return Float64Array.from(places, (place) => column[place] ?? Number.NaN);
}
