import { decodeFrame } from '../../shared/frame-codec.ts';
import { formatBytes } from '../../shared/format.ts';
import { fail, type Problem } from '../../shared/result.ts';
import type { EntityInfo, SampleFrame, SamplerMessage } from '../../shared/sample.ts';
import type { Bytes, Milliseconds, SessionMs } from '../../shared/units.ts';
import type { Sampler } from '../sampler/index.ts';

/** Of the memory that is available when a run starts: less wastes memory, more lets the machine swap. */
const shareForRun = 0.9;

/** Below this share of what was available at the start, the machine is about to swap: no more waiting. */
const exhaustedShare = 0.05;

/**
 * How long a sum that rests on resident memory must be too high: it counts shared pages once per process, and a
 * newly forked worker, whose pages are all shared, is only known by it until its share has been read.
 */
const doubtfulForMs: Milliseconds = 1_000;

export interface MemoryWatch {
  close(): void;
}

/**
 * Watches the memory of a run's whole tree in the sampler's frames and calls `onExceeded`, once, when it is more
 * than allowed. Counts proportional set size (PSS); resident memory (RSS) of processes whose PSS is not known.
 */
export function watchMemory(options: {
  readonly sampler: Pick<Sampler, 'subscribe'>;
  readonly hostPid: number;
  /** The user's limit; null for one that keeps the machine from swapping. */
  readonly limitBytes: Bytes | null;
  readonly readAvailable: () => Bytes;
  readonly onExceeded: (problem: Problem) => void;
}): MemoryWatch {
  const { sampler, hostPid, readAvailable, onExceeded } = options;
  const isOwnLimit = options.limitBytes !== null;
  const availableAtStart = readAvailable();
  const limitBytes = options.limitBytes ?? Math.floor(availableAtStart * shareForRun);
  const processes = new Map<number, EntityInfo>();
  let tooMuchSinceMs: SessionMs | null = null;
  let isOver = false;

  function judge(frame: SampleFrame): void {
    const use = sumMemory(frame, processes);
    const countedBytes = Math.max(use.bytes, use.rssBytes);
    if (countedBytes <= limitBytes) {
      tooMuchSinceMs = null;
      return;
    }
    // What the processes say they hold is too much by the one count or the other: which one is right?
    const isCertain = use.bytes > limitBytes && use.isCertain;
    tooMuchSinceMs = use.bytes > limitBytes ? (tooMuchSinceMs ?? frame.atMs) : null;
    const isLasting = tooMuchSinceMs !== null && frame.atMs - tooMuchSinceMs >= doubtfulForMs;
    if (!isCertain && !isLasting && readAvailable() > availableAtStart * exhaustedShare) return;
    isOver = true;
    const hasGone = isCertain || isLasting;
    onExceeded(describeExcess(hasGone ? use.bytes : use.rssBytes, limitBytes, isOwnLimit));
  }

  const unsubscribe = sampler.subscribe((message: SamplerMessage) => {
    if (isOver) return;
    if (message.type === 'frame') {
      judge(decodeFrame(message.buffer));
      return;
    }
    if (message.type === 'topology') return;
    for (const entity of message.appeared) {
      if (entity.kind === 'process' && entity.rootPid === hostPid) processes.set(entity.key, entity);
    }
    for (const key of message.goneKeys) processes.delete(key);
  });
  return { close: unsubscribe };
}

interface MemoryUse {
  /** PSS where known, RSS where not. */
  readonly bytes: Bytes;
  readonly rssBytes: Bytes;
  /** Whether `bytes` is PSS throughout. */
  readonly isCertain: boolean;
}

function sumMemory(frame: SampleFrame, processes: ReadonlyMap<number, EntityInfo>): MemoryUse {
  let bytes = 0;
  let rssSum = 0;
  let isCertain = true;
  frame.keys.forEach((key, row) => {
    if (!processes.has(key)) return;
    const pssBytes = frame.pssBytes[row] ?? Number.NaN;
    const rssBytes = frame.rssBytes[row] ?? Number.NaN;
    if (Number.isNaN(pssBytes)) isCertain = false;
    const known = Number.isNaN(pssBytes) ? rssBytes : pssBytes;
    // A process of which nothing is known (it is about to go) adds nothing that could be counted.
    bytes += Number.isNaN(known) ? 0 : known;
    rssSum += Number.isNaN(rssBytes) ? 0 : rssBytes;
  });
  return { bytes, rssBytes: rssSum, isCertain };
}

function describeExcess(usedBytes: Bytes, limitBytes: Bytes, isOwnLimit: boolean): Problem {
  const had = formatBytes(usedBytes);
  const limit = formatBytes(limitBytes);
  return isOwnLimit
    ? fail(
        'memory-limit',
        `The run was ended because it had ${had} of memory; the limit was ${limit}.`,
        'Allow more (--memory-limit), or give the work fewer workers or less data.',
      ).problem
    : fail(
        'memory-limit',
        `The run was ended before the machine had to swap: it had ${had} of memory, and ${limit} is 90 % of what was available when it started.`,
        'Give the work fewer workers or less data, close other programs, or set a limit of your own (--memory-limit).',
      ).problem;
}
