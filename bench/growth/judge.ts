import type { KeptCounts } from '../../src/engine/sampler/system-reader.ts';

/** What the sampler holds at one moment, after everything that is garbage has been collected. */
export interface Holding {
  readonly when: string;
  /** Open files of the whole program. */
  readonly descriptors: number;
  readonly kept: KeptCounts;
  /** Heap and array buffers. */
  readonly heapBytes: number;
  readonly rssBytes: number;
}

/**
 * Files that are open at one look and not at another: those of who has just run. A leak of one file for each hundred
 * short-lived processes is ten times that.
 */
const looseFiles = 10;
/** Entries that come and go by themselves: a process that ran meanwhile waits to be searched. */
const looseEntries = 5;
/** Compiled code and caches of the engine still grow a little. 2500 processes that leave 200 bytes each are 0.5 MB. */
const looseHeapBytes = 0.5e6;
/** The engine's young generation grows up to 16 MB with what is to be done: this is for what lies outside the heap. */
const looseRssBytes = 16e6;

/**
 * What has grown, in words; empty where nothing has. Descriptors and entries are held against the first moment, memory
 * against the last but one: the first short-lived processes warm the engine up.
 */
export function findGrowth(moments: readonly Holding[]): readonly string[] {
  const [first] = moments;
  const last = moments.at(-1);
  const previous = moments.at(-2);
  if (first === undefined || last === undefined || previous === undefined || moments.length < 3)
    throw new RangeError(`growth needs three moments, not ${moments.length}`);
  const grown: string[] = [];
  function compare(what: string, before: number, after: number, loose: number): void {
    if (after - before > loose) grown.push(`${what}: ${before} to ${after}`);
  }
  compare('descriptors', first.descriptors, last.descriptors, looseFiles);
  for (const [name, count] of Object.entries(last.kept)) {
    compare(name, first.kept[name] ?? 0, count, name === 'files' ? looseFiles : looseEntries);
  }
  compare('heap bytes', previous.heapBytes, last.heapBytes, looseHeapBytes);
  compare('resident bytes', previous.rssBytes, last.rssBytes, looseRssBytes);
  return grown;
}
