/**
 * When a burner was busy, by its own account: begins and ends in turn, ascending, in milliseconds on the monotonic
 * clock. Pure; answers in the same unit.
 */
export interface BusyLog {
  readonly edges: readonly number[];
  readonly firstMs: number;
  readonly lastMs: number;
  /** Busy milliseconds between two instants; what lies outside the log counts as not busy. */
  busyBetween(fromMs: number, toMs: number): number;
  /** Whether it had been asleep for `marginMs` already and stayed so for as long. */
  isAsleepAround(atMs: number, marginMs: number): boolean;
}

/** Throws a RangeError where the edges do not ascend or do not come in pairs. */
export function createBusyLog(edges: readonly number[]): BusyLog {
  if (edges.length % 2 !== 0) throw new RangeError(`${edges.length} edges do not make intervals`);
  /** Busy time up to each edge. */
  const busyAtEdge: number[] = [];
  let sumMs = 0;
  let lastMs = Number.NEGATIVE_INFINITY;
  edges.forEach((atMs, index) => {
    if (!(atMs >= lastMs)) throw new RangeError(`edge ${index} (${atMs}) comes before ${lastMs}`);
    if (index % 2 === 1) sumMs += atMs - lastMs;
    busyAtEdge.push(sumMs);
    lastMs = atMs;
  });

  /** How many edges lie at or before an instant. */
  function edgesUntil(atMs: number): number {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((edges[middle] ?? Number.NaN) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  function busyUntil(atMs: number): number {
    const passed = edgesUntil(atMs);
    if (passed === 0) return 0;
    const isBusy = passed % 2 === 1;
    return (busyAtEdge[passed - 1] ?? 0) + (isBusy ? atMs - (edges[passed - 1] ?? atMs) : 0);
  }

  return {
    edges,
    firstMs: edges[0] ?? Number.NaN,
    lastMs: edges.at(-1) ?? Number.NaN,
    busyBetween: (fromMs, toMs) => busyUntil(toMs) - busyUntil(fromMs),
    isAsleepAround(atMs, marginMs) {
      const passed = edgesUntil(atMs - marginMs);
      return passed % 2 === 0 && passed === edgesUntil(atMs + marginMs);
    },
  };
}

/**
 * Each interval longer by what `byMs` says for it, half at either end (shorter where that is negative): what the
 * kernel charges for waking and for going to sleep, which the burner cannot see. Neighbours meet at most; none is
 * turned around. `byMs` is given the number of the interval.
 */
export function widen(log: BusyLog, byMs: (interval: number) => number): BusyLog {
  const { edges } = log;
  const widened = edges.map((atMs, index) => {
    const isBegin = index % 2 === 0;
    const growthMs = byMs(Math.floor(index / 2));
    const neighbourMs = edges[isBegin ? index - 1 : index + 1] ?? Number.NaN;
    const partnerMs = edges[isBegin ? index + 1 : index - 1] ?? atMs;
    const room = Math.abs(atMs - (growthMs >= 0 ? neighbourMs : partnerMs)) / 2;
    const stepMs = Math.min(Math.abs(growthMs) / 2, Number.isNaN(room) ? Number.POSITIVE_INFINITY : room);
    return atMs + (isBegin ? -1 : 1) * Math.sign(growthMs) * stepMs;
  });
  return createBusyLog(widened);
}

/** Without the shortest gaps, as many as together are no longer than `totalMs`. */
export function fillShortGaps(log: BusyLog, totalMs: number): BusyLog {
  const { edges } = log;
  const gaps = edges
    .map((atMs, index) => ({ index, lengthMs: (edges[index + 1] ?? Number.NaN) - atMs }))
    .filter(({ index }) => index % 2 === 1 && index + 1 < edges.length)
    .sort((one, other) => one.lengthMs - other.lengthMs);
  const dropped = new Set<number>();
  let leftMs = totalMs;
  for (const { index, lengthMs } of gaps) {
    leftMs -= lengthMs;
    if (leftMs < 0) break;
    dropped.add(index).add(index + 1);
  }
  return createBusyLog(edges.filter((_, index) => !dropped.has(index)));
}
