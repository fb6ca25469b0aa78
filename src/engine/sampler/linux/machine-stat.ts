import type { SessionMs } from '../../../shared/units.ts';
import { type CoreTimes, coreTime, coreTimeKinds } from '../core-times.ts';
import { millisecondsPerTick } from './proc-bytes.ts';

const zero = 0x30;
const nine = 0x39;
const space = 0x20;
const lineEnd = 0x0a;

/** What the kernel said of the whole machine at a tick. */
export interface MachineReading {
  /** Processes and threads begun since boot; NaN where it is not told. */
  readonly forks: number;
  readonly coreCount: number;
  readonly readAtMs: SessionMs;
}

/** Column of /proc/stat (proc(5)), counted from 0 behind the label, to its place in a row of core times. */
const placeOfColumn: readonly number[] = [
  coreTime.user,
  coreTime.user,
  coreTime.system,
  coreTime.idle,
  coreTime.iowait,
  coreTime.irq,
  coreTime.irq,
  coreTime.steal,
];
/** Kernels since 2.6.11 write eight; what comes behind them (guest, guest_nice) is within user already. */
const leastColumns = 5;
const columnsWithIrq = 7;

/** How many cores the lines at the beginning of /proc/stat reach to, by the largest label. Pure. */
function countLabels(bytes: Uint8Array, length: number): number {
  let count = 0;
  let index = 0;
  while (isCoreLine(bytes, index, length)) {
    let core = -1;
    index += 3;
    for (let byte = bytes[index] ?? space; byte >= zero && byte <= nine; byte = bytes[++index] ?? space) {
      core = Math.max(core, 0) * 10 + (byte - zero);
    }
    while (index < length && bytes[index] !== lineEnd) index += 1;
    if (index >= length) break;
    count = Math.max(count, core + 1);
    index += 1;
  }
  return count;
}

function isCoreLine(bytes: Uint8Array, index: number, length: number): boolean {
  return (
    index + 3 < length && bytes[index] === 0x63 && bytes[index + 1] === 0x70 && bytes[index + 2] === 0x75
  );
}

/**
 * The times of every core from /proc/stat, by the number in the core's label: NaN for a core that is offline, which
 * the kernel leaves out, and for columns that an old kernel does not have. A line that was cut says nothing.
 * `coreCount`: the least number of cores of the answer, so that a core that goes keeps its place. `into`: is filled
 * and answered where it has the length of the answer; otherwise an array is made, which is all that is allocated.
 */
export function parseCoreTimes(
  bytes: Uint8Array,
  length: number,
  coreCount: number,
  into?: CoreTimes,
): CoreTimes {
  const wantedLength = coreCount * coreTimeKinds;
  const times = into?.length === wantedLength ? into : new Float64Array(wantedLength);
  times.fill(Number.NaN);
  let index = 0;
  while (isCoreLine(bytes, index, length)) {
    index += 3;
    let core = -1;
    let byte = bytes[index] ?? space;
    while (index < length && byte >= zero && byte <= nine) {
      core = Math.max(core, 0) * 10 + (byte - zero);
      byte = bytes[++index] ?? space;
    }
    if (core >= coreCount && index < length) {
      const count = countLabels(bytes, length);
      // Only at the first reading, and after a core came that is beyond those known. A last line that was cut is
      // not counted, and ends the answer.
      return count > coreCount ? parseCoreTimes(bytes, length, count) : times;
    }
    const row = core * coreTimeKinds;
    let column = 0;
    while (index < length && byte !== lineEnd) {
      if (byte === space) {
        byte = bytes[++index] ?? space;
        continue;
      }
      let value = 0;
      while (index < length && byte >= zero && byte <= nine) {
        value = value * 10 + (byte - zero);
        byte = bytes[++index] ?? space;
      }
      if (byte !== space && byte !== lineEnd) {
        column = 0;
        break;
      }
      const place = placeOfColumn[column];
      if (place !== undefined && core >= 0) {
        // The first of two columns that go to one place finds NaN there.
        const sumMs = times[row + place] ?? Number.NaN;
        times[row + place] = (Number.isNaN(sumMs) ? 0 : sumMs) + value * millisecondsPerTick;
      }
      column += 1;
    }
    if (core >= 0) {
      if (index >= length || column < leastColumns) {
        times.fill(Number.NaN, row, row + coreTimeKinds);
        break;
      }
      times[row + coreTime.idle] =
        (times[row + coreTime.idle] ?? Number.NaN) + (times[row + coreTime.iowait] ?? Number.NaN);
      if (column < columnsWithIrq) times[row + coreTime.irq] = Number.NaN;
    }
    index += 1;
  }
  return times;
}
