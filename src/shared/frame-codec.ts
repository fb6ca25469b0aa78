import type { CoreColumns, DetailColumns, FrameHeader, RowColumns, SampleFrame } from './sample.ts';

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

/** Views over `packed`, which is as long as `size` says: nothing is copied. */
function viewColumns(packed: Float64Array, size: FrameSize): CoreColumns & RowColumns & DetailColumns {
  const columns: Partial<Record<ColumnName, Float64Array>> = {};
  let start = headerLength;
  function view(names: readonly ColumnName[], length: number): void {
    for (const name of names) {
      columns[name] = packed.subarray(start, start + length);
      start += length;
    }
  }
  view(coreColumns, size.cores);
  view(rowColumns, size.rows);
  view(detailColumns, size.details);
  // Every column of the three lists was just set.
  return columns as Record<ColumnName, Float64Array>;
}

/** A buffer of the given size, to be written through its columns and then finished with `writeHeader`. */
export function createFrame(size: FrameSize): NewFrame {
  const packed = new Float64Array(lengthOf(size)).fill(Number.NaN);
  packed[place.version] = layoutVersion;
  packed[place.cores] = size.cores;
  packed[place.rows] = size.rows;
  packed[place.details] = size.details;
  return { buffer: packed.buffer, columns: viewColumns(packed, size) };
}

export function writeHeader(buffer: ArrayBuffer, header: FrameHeader): void {
  const packed = new Float64Array(buffer, 0, headerLength);
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
  const header: Partial<Record<keyof FrameHeader, number>> = {};
  headerFields.forEach((name, index) => {
    header[name] = at(place.header + index);
  });
  // Every field of the list was just set.
  return { ...(header as Record<keyof FrameHeader, number>), ...viewColumns(packed, size) };
}

/** Writes the per-receiver drop count into an already encoded frame. */
export function stampDroppedFrames(buffer: ArrayBuffer, droppedFrames: number): void {
  new Float64Array(buffer, 0, headerLength)[droppedFramesAt] = droppedFrames;
}

/** The sequence number alone, without looking at the rest. */
export function readSequence(buffer: ArrayBuffer): number {
  return new Float64Array(buffer, 0, headerLength)[place.header] ?? Number.NaN;
}
