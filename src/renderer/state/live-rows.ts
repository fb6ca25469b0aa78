import { createFrame } from '../../shared/frame-codec.ts';
import type { EntityInfo, SampleFrame } from '../../shared/sample.ts';
import type { Bytes, Milliseconds, SessionMs } from '../../shared/units.ts';
import { membersOf } from './tree-members.ts';

/** What is kept of every row of the run at one instant. */
const columns = [
  'keys',
  'cpuShare',
  'cpuMs',
  'totalCpuMs',
  'waitShare',
  'rssBytes',
  'totalRssBytes',
  'pssBytes',
  'totalPssBytes',
  'lastCore',
] as const satisfies readonly (keyof SampleFrame)[];
type ColumnName = (typeof columns)[number];

/** Memory that kept rows may take. Larger: the tree of an older range is exact for longer. */
const budgetBytes = 32e6;
/** So many rows are kept at every sample; of more, less often, so that 5 000 rows take as much as 100. */
const rowsPerSample = 100;
const keepEveryMs: Milliseconds = 100;

interface KeptRows {
  readonly atMs: SessionMs;
  readonly rows: number;
  /** Column after column. */
  readonly values: Float64Array;
}

/** The rows of the run over a range: one frame that says of every row what it used and took in that range. */
export interface RangeRows {
  readonly frame: SampleFrame;
  /** The most that the rows took together; a sum of every row's own peak would be more. */
  readonly peakPssBytes: Bytes;
  readonly peakRssBytes: Bytes;
}

/**
 * The rows of the run, sample by sample, so that a range of the past can be looked at as a tree. CPU time is
 * cumulative, so that thinning the past loses none of it: where the budget is used up, every second sample of the
 * older half is given up.
 */
export class RowHistory {
  private kept: KeptRows[] = [];
  private bytes = 0;

  /** When the oldest rows that are kept were seen; null where there are none. */
  get firstMs(): SessionMs | null {
    return this.kept[0]?.atMs ?? null;
  }

  get byteLength(): number {
    return this.bytes;
  }

  /** Of all that has a row in any sample that is kept. */
  keys(): ReadonlySet<number> {
    const found = new Set<number>();
    for (const { rows, values } of this.kept) {
      const from = columns.indexOf('keys') * rows;
      for (let at = from; at < from + rows; at += 1) found.add(values[at] ?? Number.NaN);
    }
    return found;
  }

  add(frame: SampleFrame, entities: ReadonlyMap<number, EntityInfo>): void {
    const { rows } = membersOf(entities, frame, 'run');
    const last = this.kept.at(-1);
    if (rows.length === 0 && (last === undefined || last.rows === 0)) return;
    const waitMs = (keepEveryMs * rows.length) / rowsPerSample;
    if (last !== undefined && last.rows > 0 && frame.atMs - last.atMs < Math.max(waitMs, 1)) return;
    const values = new Float64Array(columns.length * rows.length);
    columns.forEach((name, column) => {
      const source = frame[name];
      const from = column * rows.length;
      if (rows.length === source.length) {
        // All rows of the frame, in their order.
        values.set(source, from);
        return;
      }
      for (let at = 0; at < rows.length; at += 1) values[from + at] = source[rows[at] ?? -1] ?? Number.NaN;
    });
    this.kept.push({ atMs: frame.atMs, rows: rows.length, values });
    this.bytes += values.byteLength;
    if (this.bytes > budgetBytes) this.thin();
  }

  /** What the rows did from `startMs` to `endMs`; null where none was there. */
  over(startMs: SessionMs, endMs: SessionMs): RangeRows | null {
    const inside = this.kept.filter(({ atMs }) => atMs > startMs && atMs <= endMs);
    const [first] = inside;
    if (first === undefined) return null;
    // Where nothing is known of the time before, the range begins with its first sample.
    const before = this.kept.findLast(({ atMs }) => atMs <= startMs) ?? first;
    const sums = new Map<number, RowSum>();
    for (const sample of inside) {
      for (let row = 0; row < sample.rows; row += 1) addRow(sums, sample, row);
    }
    if (sums.size === 0) return null;
    for (let row = 0; row < before.rows; row += 1) {
      const sum = sums.get(at(before, 'keys', row));
      if (sum === undefined) continue;
      sum.fromMs = at(before, 'cpuMs', row);
      sum.totalFromMs = at(before, 'totalCpuMs', row);
    }
    // From where the counting began to where it ended; rows that came within the range count from its beginning.
    const fromMs = before.rows > 0 ? before.atMs : Math.max(before.atMs, startMs);
    const spanMs = (inside.at(-1)?.atMs ?? endMs) - fromMs;
    return {
      frame: rangeFrame(sums, endMs, spanMs, inside.length),
      peakPssBytes: peakOf(inside, 'totalPssBytes'),
      peakRssBytes: peakOf(inside, 'totalRssBytes'),
    };
  }

  private thin(): void {
    const half = Math.floor(this.kept.length / 2);
    this.kept = this.kept.filter((_, index) => index >= half || index % 2 === 0);
    this.bytes = this.kept.reduce((sum, { values }) => sum + values.byteLength, 0);
  }
}

interface RowSum {
  /** Cumulative CPU time before the range; of what began in it, where its counting began. */
  fromMs: number;
  totalFromMs: number;
  toMs: number;
  totalToMs: number;
  waitSum: number;
  rssBytes: Bytes;
  totalRssBytes: Bytes;
  pssBytes: Bytes;
  totalPssBytes: Bytes;
  lastCore: number;
}

function at({ rows, values }: KeptRows, name: ColumnName, row: number): number {
  return values[columns.indexOf(name) * rows + row] ?? Number.NaN;
}

function addRow(sums: Map<number, RowSum>, sample: KeptRows, row: number): void {
  const key = at(sample, 'keys', row);
  const known = sums.get(key);
  const sum = known ?? {
    // A row that began within the range counts from nothing; one that was there before is set right afterwards.
    fromMs: 0,
    totalFromMs: 0,
    toMs: Number.NaN,
    totalToMs: Number.NaN,
    waitSum: 0,
    rssBytes: Number.NaN,
    totalRssBytes: Number.NaN,
    pssBytes: Number.NaN,
    totalPssBytes: Number.NaN,
    lastCore: Number.NaN,
  };
  if (known === undefined) sums.set(key, sum);
  sum.toMs = at(sample, 'cpuMs', row);
  sum.totalToMs = at(sample, 'totalCpuMs', row);
  sum.waitSum += at(sample, 'waitShare', row);
  sum.rssBytes = greater(sum.rssBytes, at(sample, 'rssBytes', row));
  sum.totalRssBytes = greater(sum.totalRssBytes, at(sample, 'totalRssBytes', row));
  sum.pssBytes = greater(sum.pssBytes, at(sample, 'pssBytes', row));
  sum.totalPssBytes = greater(sum.totalPssBytes, at(sample, 'totalPssBytes', row));
  sum.lastCore = at(sample, 'lastCore', row);
}

function greater(one: number, other: number): number {
  return one >= other || Number.isNaN(other) ? one : other;
}

function rangeFrame(
  sums: ReadonlyMap<number, RowSum>,
  atMs: SessionMs,
  spanMs: Milliseconds,
  samples: number,
): SampleFrame {
  const { columns: made } = createFrame({ cores: 0, rows: sums.size, details: 0 });
  const none = Number.NaN;
  let row = 0;
  for (const [key, sum] of sums) {
    made.keys[row] = key;
    made.cpuMs[row] = sum.toMs - sum.fromMs;
    made.totalCpuMs[row] = sum.totalToMs - sum.totalFromMs;
    made.cpuShare[row] = (sum.toMs - sum.fromMs) / spanMs;
    made.totalCpuShare[row] = (sum.totalToMs - sum.totalFromMs) / spanMs;
    // A row that was there for half of the range waited for half as much of it.
    made.waitShare[row] = sum.waitSum / samples;
    made.rssBytes[row] = sum.rssBytes;
    made.totalRssBytes[row] = sum.totalRssBytes;
    made.pssBytes[row] = sum.pssBytes;
    made.totalPssBytes[row] = sum.totalPssBytes;
    made.lastCore[row] = sum.lastCore;
    row += 1;
  }
  return {
    sequence: 0,
    atMs,
    latenessMs: none,
    missedTicks: none,
    droppedFrames: 0,
    requestedEveryMs: none,
    everyMs: spanMs,
    coreWindowMs: none,
    coreErrorShare: none,
    throttledShare: none,
    ownCpuShare: none,
    ownRssBytes: none,
    ...made,
  };
}

/** The greatest sum over the rows at the top: a row whose total is in no other's is the greatest total. */
function peakOf(samples: readonly KeptRows[], total: 'totalPssBytes' | 'totalRssBytes'): Bytes {
  let peak = Number.NaN;
  for (const sample of samples) {
    for (let row = 0; row < sample.rows; row += 1) peak = greater(peak, at(sample, total, row));
  }
  return peak;
}
