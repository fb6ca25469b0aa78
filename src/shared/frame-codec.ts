import type { SampleFrame } from './sample.ts';

/**
 * A frame is one ArrayBuffer of float64: a fixed header, then the columns end to end.
 *
 *     | header | coreBusy × cores | keys × rows | cpuShare × rows | rssBytes × rows | pssBytes × rows |
 *
 * One buffer per tick because the price of a port is per message, and float64 throughout because byte counts and
 * times outgrow float32. Two cores and ten rows are 432 bytes; 256 cores and 1 000 rows are 34 kB.
 */
const layoutVersion = 1;

const header = {
  version: 0,
  sequence: 1,
  atMs: 2,
  latenessMs: 3,
  missedTicks: 4,
  droppedFrames: 5,
  requestedEveryMs: 6,
  coreWindowMs: 7,
  ownCpuShare: 8,
  ownRssBytes: 9,
  coreCount: 10,
  rowCount: 11,
} as const;
const headerLength = 12;
const rowColumns = ['keys', 'cpuShare', 'rssBytes', 'pssBytes'] as const;

/** Packs a frame into a buffer of its own. All row columns must be as long as `keys`. */
export function encodeFrame(frame: SampleFrame): ArrayBuffer {
  const rowCount = frame.keys.length;
  const coreCount = frame.coreBusy.length;
  const packed = new Float64Array(headerLength + coreCount + rowCount * rowColumns.length);
  packed[header.version] = layoutVersion;
  packed[header.sequence] = frame.sequence;
  packed[header.atMs] = frame.atMs;
  packed[header.latenessMs] = frame.latenessMs;
  packed[header.missedTicks] = frame.missedTicks;
  packed[header.droppedFrames] = frame.droppedFrames;
  packed[header.requestedEveryMs] = frame.requestedEveryMs;
  packed[header.coreWindowMs] = frame.coreWindowMs;
  packed[header.ownCpuShare] = frame.ownCpuShare;
  packed[header.ownRssBytes] = frame.ownRssBytes;
  packed[header.coreCount] = coreCount;
  packed[header.rowCount] = rowCount;
  packed.set(frame.coreBusy, headerLength);
  rowColumns.forEach((column, index) => {
    if (frame[column].length !== rowCount) {
      throw new RangeError(`frame column ${column} has ${frame[column].length} rows, expected ${rowCount}`);
    }
    packed.set(frame[column], headerLength + coreCount + index * rowCount);
  });
  return packed.buffer;
}

/** Views over `buffer`: nothing is copied. Throws a RangeError where the buffer is not a whole frame. */
export function decodeFrame(buffer: ArrayBuffer): SampleFrame {
  if (buffer.byteLength % Float64Array.BYTES_PER_ELEMENT !== 0) {
    throw new RangeError(`a frame of ${buffer.byteLength} bytes is not made of float64`);
  }
  const packed = new Float64Array(buffer);
  const field = (index: number): number => packed[index] ?? Number.NaN;
  if (field(header.version) !== layoutVersion) {
    throw new RangeError(`frame layout ${field(header.version)} is not ${layoutVersion}`);
  }
  const coreCount = field(header.coreCount);
  const rowCount = field(header.rowCount);
  const expectedLength = headerLength + coreCount + rowCount * rowColumns.length;
  if (packed.length !== expectedLength) {
    throw new RangeError(`frame has ${packed.length} numbers, expected ${expectedLength}`);
  }
  const rowColumn = (index: number): Float64Array => {
    const start = headerLength + coreCount + index * rowCount;
    return packed.subarray(start, start + rowCount);
  };
  return {
    sequence: field(header.sequence),
    atMs: field(header.atMs),
    latenessMs: field(header.latenessMs),
    missedTicks: field(header.missedTicks),
    droppedFrames: field(header.droppedFrames),
    requestedEveryMs: field(header.requestedEveryMs),
    coreWindowMs: field(header.coreWindowMs),
    ownCpuShare: field(header.ownCpuShare),
    ownRssBytes: field(header.ownRssBytes),
    coreBusy: packed.subarray(headerLength, headerLength + coreCount),
    keys: rowColumn(0),
    cpuShare: rowColumn(1),
    rssBytes: rowColumn(2),
    pssBytes: rowColumn(3),
  };
}

/** Writes the per-receiver drop count into an already encoded frame. */
export function stampDroppedFrames(buffer: ArrayBuffer, droppedFrames: number): void {
  new Float64Array(buffer, 0, headerLength)[header.droppedFrames] = droppedFrames;
}
