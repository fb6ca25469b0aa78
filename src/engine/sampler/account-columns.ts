/**
 * The figures of all processes, in columns, in the order of the nodes: the sums over trees are then loops over
 * numbers, which cost the same few microseconds for a hundred processes whether they ran a moment ago or not. Objects
 * with a field each took half of all that sampling a quiet tree costs.
 */
export interface AccountColumns {
  readonly length: number;
  readonly keys: Float64Array;
  readonly cpuShare: Float64Array;
  readonly totalCpuShare: Float64Array;
  readonly cpuMs: Float64Array;
  readonly totalCpuMs: Float64Array;
  readonly waitShare: Float64Array;
  readonly rssBytes: Float64Array;
  readonly totalRssBytes: Float64Array;
  readonly pssBytes: Float64Array;
  readonly totalPssBytes: Float64Array;
  readonly lastCore: Float64Array;
  /** What a process adds to the sums above it: spent since the last update, its share, its memory. */
  readonly spentMs: Float64Array;
  readonly shareUpwards: Float64Array;
  readonly rssUpwards: Float64Array;
  readonly pssUpwards: Float64Array;
  /** The same with all below it, while sums are made. */
  readonly sumMs: Float64Array;
  readonly sumShare: Float64Array;
  /** Place of the process that it is below; -1 for a root. */
  readonly parents: Int32Array;
  /** Places, parents before children. */
  readonly order: Int32Array;
}

/** A sum of bytes without any part yet: no real one is negative. */
export const nothing = -1;

export function createAccountColumns(length: number): AccountColumns {
  const unknown = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return {
    length,
    keys: unknown(),
    cpuShare: unknown(),
    totalCpuShare: unknown(),
    cpuMs: unknown(),
    totalCpuMs: unknown(),
    waitShare: unknown(),
    rssBytes: unknown(),
    totalRssBytes: unknown(),
    pssBytes: unknown(),
    totalPssBytes: unknown(),
    lastCore: unknown(),
    spentMs: new Float64Array(length),
    shareUpwards: new Float64Array(length),
    rssUpwards: new Float64Array(length).fill(nothing),
    pssUpwards: new Float64Array(length).fill(nothing),
    sumMs: new Float64Array(length),
    sumShare: new Float64Array(length),
    parents: new Int32Array(length).fill(-1),
    order: new Int32Array(length),
  };
}

/** What stays a process's own when the nodes are others: all but the sums and the arrangement. */
export function copyAccount(from: AccountColumns, place: number, to: AccountColumns, into: number): void {
  to.cpuShare[into] = from.cpuShare[place] ?? Number.NaN;
  to.totalCpuShare[into] = from.totalCpuShare[place] ?? Number.NaN;
  to.cpuMs[into] = from.cpuMs[place] ?? Number.NaN;
  to.totalCpuMs[into] = from.totalCpuMs[place] ?? Number.NaN;
  to.waitShare[into] = from.waitShare[place] ?? Number.NaN;
  to.rssBytes[into] = from.rssBytes[place] ?? Number.NaN;
  to.pssBytes[into] = from.pssBytes[place] ?? Number.NaN;
  to.lastCore[into] = from.lastCore[place] ?? Number.NaN;
  to.shareUpwards[into] = from.shareUpwards[place] ?? 0;
  to.rssUpwards[into] = from.rssUpwards[place] ?? nothing;
  to.pssUpwards[into] = from.pssUpwards[place] ?? nothing;
}

/** Totals of CPU, of each process and all below it. What was spent is then counted. */
export function sumCpu(columns: AccountColumns): void {
  const { length, order, parents, spentMs, shareUpwards, sumMs, sumShare, totalCpuMs, totalCpuShare } =
    columns;
  sumMs.set(spentMs);
  sumShare.set(shareUpwards);
  for (let index = length - 1; index >= 0; index -= 1) {
    const place = order[index] ?? 0;
    const parent = parents[place] ?? -1;
    const ms = sumMs[place] ?? 0;
    const share = sumShare[place] ?? 0;
    totalCpuMs[place] = (totalCpuMs[place] || 0) + ms;
    totalCpuShare[place] = share;
    if (parent < 0) continue;
    sumMs[parent] = (sumMs[parent] ?? 0) + ms;
    sumShare[parent] = (sumShare[parent] ?? 0) + share;
  }
  spentMs.fill(0);
}

/** Totals of one kind of memory: from the first reading of each part on, and NaN with a part that cannot be read. */
export function sumBytes(
  { length, order, parents }: AccountColumns,
  upwards: Float64Array,
  totals: Float64Array,
): void {
  totals.set(upwards);
  for (let index = length - 1; index >= 0; index -= 1) {
    const place = order[index] ?? 0;
    const parent = parents[place] ?? -1;
    const bytes = totals[place] ?? 0;
    if (bytes === nothing) {
      totals[place] = Number.NaN;
      continue;
    }
    if (parent < 0) continue;
    const sum = totals[parent] ?? 0;
    totals[parent] = sum === nothing ? bytes : sum + bytes;
  }
}
