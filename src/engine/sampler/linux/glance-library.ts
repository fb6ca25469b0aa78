/** `native/glances.c`, called on this thread. Its numbers are doubles; the layouts are written there. */
export interface GlanceLibrary {
  /** A descriptor that wakes who sleeps in `take` when a 1 of 8 bytes is written to it; or a negative errno. */
  readonly openWakeFile: () => number;
  /** Blocks. Why it came back (`glanceOutcome`), or a negative errno. */
  readonly take: (
    plan: Float64Array,
    bell: Int32Array,
    pids: Int32Array,
    toldNs: Float64Array,
    searchedAtForks: Float64Array,
    ticks: Float64Array,
    places: Int32Array,
    cpuNs: Float64Array,
    stat: Uint8Array,
    taken: Int32Array,
  ) => number;
}

/** Places in `struct plan`. */
export const planField = {
  originSeconds: 0,
  originNanoseconds: 1,
  firstDeadlineMs: 2,
  everyMs: 3,
  leastApartMs: 4,
  firstTick: 5,
  ticks: 6,
  entryRoom: 7,
  statRoom: 8,
  processes: 9,
  statFile: 10,
  wakeFile: 11,
  heard: 12,
  lookedAtMs: 13,
  quietNsPerMs: 14,
  usualMs: 15,
} as const;
export const planLength = Object.keys(planField).length;

/** Places in `struct tick`. */
export const tickField = {
  count: 0,
  startedAtMs: 1,
  readAtMs: 2,
  clocksAtMs: 3,
  statLength: 4,
  forks: 5,
} as const;
export const tickLength = Object.keys(tickField).length;

export const glanceOutcome = { allTaken: 0, bellRang: 1, notQuiet: 2, wasLate: 3 } as const;
