import { decodeFrame } from '../../shared/frame-codec.ts';
import type { EntityInfo, SampleFrame, SamplerMessage } from '../../shared/sample.ts';
import type { Bytes, CpuShare, Milliseconds, SessionMs } from '../../shared/units.ts';

/** One row of the tree as it was at the newest frame. NaN is unknown. */
export interface WatchRow {
  readonly info: EntityInfo;
  /** 0 for the root. */
  readonly depth: number;
  readonly cpuShare: CpuShare;
  /** With all rows below it. */
  readonly totalCpuShare: CpuShare;
  readonly totalPssBytes: Bytes;
  readonly totalRssBytes: Bytes;
  readonly waitShare: number;
  readonly lastCore: number;
}

export interface WatchView {
  readonly atMs: SessionMs;
  /** Busy share of each core of the machine. */
  readonly coreBusy: Float64Array;
  /** Parents before their children, siblings by their CPU; threads only where they are not the only one. */
  readonly rows: readonly WatchRow[];
  /** While the sampler backs off from its own cost: what it was asked for and what it does. */
  readonly requestedEveryMs: Milliseconds;
  readonly everyMs: Milliseconds;
  readonly missedTicks: number;
}

/** What a tree did while it was watched. Null is unknown. */
export interface WatchSummary {
  readonly durationMs: Milliseconds;
  /** User + system time of the tree in that time, descendants that have exited included. */
  readonly cpuSeconds: number | null;
  /** cpuSeconds / duration. */
  readonly effectiveCores: number | null;
  readonly peakPssBytes: Bytes | null;
  readonly peakRssBytes: Bytes | null;
  /** Time that threads were ready to run and another had the core (or a quota held them back), added up. */
  readonly waitSeconds: number | null;
  readonly voluntarySwitches: number | null;
  readonly involuntarySwitches: number | null;
  readonly migrations: number | null;
  readonly majorFaults: number | null;
  readonly readBytes: Bytes | null;
  readonly writtenBytes: Bytes | null;
  /** Seen alive at a tick; the shortest-lived are not. */
  readonly processes: number;
  readonly mostProcessesAtOnce: number;
  readonly mostThreadsAtOnce: number | null;
  /** CPU time by the core on which a thread was last seen, in cores' numbers: approximate, between ticks it may move. */
  readonly placement: readonly { readonly core: number; readonly cpuSeconds: number }[];
  /** The processes with the most CPU time of their own, the first first; at most five. */
  readonly busiest: readonly {
    readonly pid: number;
    readonly name: string;
    readonly commandLine: string;
    readonly cpuSeconds: number;
  }[];
  readonly sampling: {
    readonly requestedEveryMs: Milliseconds | null;
    readonly achievedEveryMs: Milliseconds | null;
    readonly missedTicks: number;
    /** CPU of the sampler, in cores. */
    readonly ownCpuShare: CpuShare | null;
    readonly ownRssBytes: Bytes | null;
  };
}

const counters = [
  'voluntarySwitches',
  'involuntarySwitches',
  'migrations',
  'majorFaults',
  'readBytes',
  'writtenBytes',
] as const;
type Counter = (typeof counters)[number];

interface CounterSpan {
  readonly first: number;
  last: number;
}

export interface TreeWatchOptions {
  readonly rootPid: number;
  /**
   * True where the tree is watched from its first moment: everything that its counters ever counted then belongs to
   * the watch. False: only what they count from the first look on.
   */
  readonly fromStart: boolean;
}

const busiestCount = 5;
const msPerSecond = 1000;

/** Follows one watched tree through the sampler's messages. Entities of other roots are ignored. */
export class TreeWatch {
  readonly #options: TreeWatchOptions;
  readonly #entities = new Map<number, EntityInfo>();
  readonly #spans = new Map<Counter, Map<number, CounterSpan>>(counters.map((name) => [name, new Map()]));
  readonly #cpuOfProcess = new Map<number, { readonly info: EntityInfo; readonly span: CounterSpan }>();
  readonly #cpuMsByCore = new Map<number, number>();
  #rootKey: number | null = null;
  #hasRootGone = false;
  #frame: SampleFrame | null = null;
  #first: SampleFrame | null = null;
  #rootCpu: CounterSpan | null = null;
  #peakPssBytes = Number.NaN;
  #peakRssBytes = Number.NaN;
  #waitMs = Number.NaN;
  #ownCpuMs = 0;
  #ownRssBytes = Number.NaN;
  readonly #seen = new Set<string>();
  #mostProcesses = 0;
  #mostThreads = Number.NaN;

  constructor(options: TreeWatchOptions) {
    this.#options = options;
  }

  /** The root was seen, and is no more. */
  get hasEnded(): boolean {
    return this.#hasRootGone;
  }

  receive(message: SamplerMessage): void {
    if (message.type === 'topology') return;
    if (message.type === 'frame') {
      this.#take(decodeFrame(message.buffer));
      return;
    }
    for (const entity of message.appeared) {
      if (entity.rootPid !== this.#options.rootPid || entity.owner !== 'run') continue;
      this.#entities.set(entity.key, entity);
      // A process that replaces its program appears anew, and is the same one.
      if (entity.kind === 'process') this.#seen.add(`${entity.pid} ${entity.startedUnixMs ?? entity.key}`);
      if (entity.parentKey === null) this.#rootKey = entity.key;
    }
    for (const key of message.goneKeys) {
      this.#entities.delete(key);
      if (key === this.#rootKey) this.#hasRootGone = true;
    }
  }

  #take(frame: SampleFrame): void {
    const previous = this.#frame;
    const sinceMs = previous === null ? Number.NaN : frame.atMs - previous.atMs;
    this.#first ??= frame;
    this.#frame = frame;
    if (previous !== null) this.#ownCpuMs += known(frame.ownCpuShare) * sinceMs;
    this.#ownRssBytes = larger(this.#ownRssBytes, frame.ownRssBytes);
    this.#takeDetails(frame);
    const withThreads = this.#parentsOfThreads(frame);
    let processes = 0;
    frame.keys.forEach((key, row) => {
      const entity = this.#entities.get(key);
      if (entity === undefined) return;
      if (key === this.#rootKey) this.#takeRoot(frame, row);
      if (entity.kind === 'process') {
        processes += 1;
        this.#takeProcess(entity, frame, row, sinceMs);
      }
      if ((entity.kind === 'process' && !withThreads.has(key)) || entity.kind === 'thread') {
        this.#takePlace(frame, row, sinceMs);
      }
    });
    this.#mostProcesses = Math.max(this.#mostProcesses, processes);
  }

  #takeRoot(frame: SampleFrame, row: number): void {
    const totalCpuMs = frame.totalCpuMs[row] ?? Number.NaN;
    if (!Number.isNaN(totalCpuMs)) {
      this.#rootCpu ??= { first: this.#options.fromStart ? 0 : totalCpuMs, last: totalCpuMs };
      this.#rootCpu.last = totalCpuMs;
    }
    this.#peakPssBytes = larger(this.#peakPssBytes, frame.totalPssBytes[row] ?? Number.NaN);
    this.#peakRssBytes = larger(this.#peakRssBytes, frame.totalRssBytes[row] ?? Number.NaN);
  }

  #takeProcess(info: EntityInfo, frame: SampleFrame, row: number, sinceMs: number): void {
    const cpuMs = frame.cpuMs[row] ?? Number.NaN;
    if (!Number.isNaN(cpuMs)) {
      const entry = this.#cpuOfProcess.get(info.key) ?? {
        info,
        span: { first: this.#startsAtZero() ? 0 : cpuMs, last: cpuMs },
      };
      entry.span.last = cpuMs;
      this.#cpuOfProcess.set(info.key, entry);
    }
    const waitedMs = (frame.waitShare[row] ?? Number.NaN) * sinceMs;
    if (!Number.isNaN(waitedMs)) this.#waitMs = known(this.#waitMs) + waitedMs;
  }

  /** A process that came while we watched has counted from nothing. */
  #startsAtZero(): boolean {
    return this.#options.fromStart || this.#frame !== this.#first;
  }

  #takePlace(frame: SampleFrame, row: number, sinceMs: number): void {
    const core = frame.lastCore[row] ?? Number.NaN;
    const cpuMs = (frame.cpuShare[row] ?? Number.NaN) * sinceMs;
    if (Number.isNaN(core) || !(cpuMs > 0)) return;
    this.#cpuMsByCore.set(core, (this.#cpuMsByCore.get(core) ?? 0) + cpuMs);
  }

  #parentsOfThreads(frame: SampleFrame): ReadonlySet<number> {
    const parents = new Set<number>();
    for (const key of frame.keys) {
      const entity = this.#entities.get(key);
      if (entity?.kind === 'thread' && entity.parentKey !== null) parents.add(entity.parentKey);
    }
    return parents;
  }

  #takeDetails(frame: SampleFrame): void {
    let threads = Number.NaN;
    frame.detailKeys.forEach((key, row) => {
      if (this.#entities.get(key)?.kind !== 'process') return;
      const count = frame.threadCount[row] ?? Number.NaN;
      if (!Number.isNaN(count)) threads = known(threads) + count;
      for (const name of counters) {
        const value = frame[name][row] ?? Number.NaN;
        const spans = this.#spans.get(name);
        if (Number.isNaN(value) || spans === undefined) continue;
        const span = spans.get(key) ?? { first: this.#startsAtZero() ? 0 : value, last: value };
        span.last = Math.max(span.last, value);
        spans.set(key, span);
      }
    });
    this.#mostThreads = larger(this.#mostThreads, threads);
  }

  /** Null before the first frame that has the tree in it. */
  view(): WatchView | null {
    const frame = this.#frame;
    if (frame === null || this.#rootKey === null) return null;
    const { atMs, coreBusy, requestedEveryMs, everyMs, missedTicks } = frame;
    return { atMs, coreBusy, rows: this.#rows(frame), requestedEveryMs, everyMs, missedTicks };
  }

  #rows(frame: SampleFrame): WatchRow[] {
    const children = new Map<number | null, { readonly info: EntityInfo; readonly row: number }[]>();
    frame.keys.forEach((key, row) => {
      const info = this.#entities.get(key);
      if (info === undefined) return;
      const siblings = children.get(info.parentKey) ?? [];
      siblings.push({ info, row });
      children.set(info.parentKey, siblings);
    });
    const rows: WatchRow[] = [];
    const add = (parentKey: number | null, depth: number): void => {
      const siblings = children.get(parentKey) ?? [];
      const threads = siblings.filter(({ info }) => info.kind === 'thread');
      const shown = threads.length === 1 ? siblings.filter(({ info }) => info.kind !== 'thread') : siblings;
      const byCpu = (entry: { readonly row: number }): number => known(frame.totalCpuShare[entry.row] ?? 0);
      for (const { info, row } of [...shown].sort((left, right) => byCpu(right) - byCpu(left))) {
        rows.push({
          info,
          depth,
          cpuShare: frame.cpuShare[row] ?? Number.NaN,
          totalCpuShare: frame.totalCpuShare[row] ?? Number.NaN,
          totalPssBytes: frame.totalPssBytes[row] ?? Number.NaN,
          totalRssBytes: frame.totalRssBytes[row] ?? Number.NaN,
          waitShare: frame.waitShare[row] ?? Number.NaN,
          lastCore: frame.lastCore[row] ?? Number.NaN,
        });
        add(info.key, depth + 1);
      }
    };
    add(null, 0);
    return rows;
  }

  /**
   * What was seen from `startMs` to `endMs`. `exactCpuSeconds` is what a control group counted of the whole tree,
   * which takes the place of the sum over its processes.
   */
  summary(startMs: SessionMs, endMs: SessionMs, exactCpuSeconds: number | null = null): WatchSummary {
    const durationMs = endMs - startMs;
    const summedCpuMs = this.#rootCpu === null ? null : this.#rootCpu.last - this.#rootCpu.first;
    const cpuSeconds = exactCpuSeconds ?? (summedCpuMs === null ? null : summedCpuMs / msPerSecond);
    const spanMs = (this.#frame?.atMs ?? 0) - (this.#first?.atMs ?? 0);
    const ticks = (this.#frame?.sequence ?? 0) - (this.#first?.sequence ?? 0);
    return {
      durationMs,
      cpuSeconds,
      effectiveCores: cpuSeconds === null || durationMs <= 0 ? null : cpuSeconds / (durationMs / msPerSecond),
      peakPssBytes: orNull(this.#peakPssBytes),
      peakRssBytes: orNull(this.#peakRssBytes),
      waitSeconds: orNull(this.#waitMs / msPerSecond),
      voluntarySwitches: this.#counted('voluntarySwitches'),
      involuntarySwitches: this.#counted('involuntarySwitches'),
      migrations: this.#counted('migrations'),
      majorFaults: this.#counted('majorFaults'),
      readBytes: this.#counted('readBytes'),
      writtenBytes: this.#counted('writtenBytes'),
      processes: this.#seen.size,
      mostProcessesAtOnce: this.#mostProcesses,
      mostThreadsAtOnce: orNull(this.#mostThreads),
      placement: [...this.#cpuMsByCore]
        .sort(([left], [right]) => left - right)
        .map(([core, cpuMs]) => ({ core, cpuSeconds: cpuMs / msPerSecond })),
      busiest: this.#busiest(),
      sampling: {
        requestedEveryMs: this.#frame?.requestedEveryMs ?? null,
        achievedEveryMs: ticks > 0 ? spanMs / ticks : null,
        missedTicks: (this.#frame?.missedTicks ?? 0) - (this.#first?.missedTicks ?? 0),
        ownCpuShare: spanMs > 0 ? this.#ownCpuMs / spanMs : null,
        ownRssBytes: orNull(this.#ownRssBytes),
      },
    };
  }

  #counted(name: Counter): number | null {
    const spans = [...(this.#spans.get(name)?.values() ?? [])];
    return spans.length === 0 ? null : spans.reduce((sum, { first, last }) => sum + last - first, 0);
  }

  #busiest(): WatchSummary['busiest'] {
    return [...this.#cpuOfProcess.values()]
      .map(({ info: { pid, name, commandLine }, span }) => ({
        pid,
        name,
        commandLine,
        cpuSeconds: (span.last - span.first) / msPerSecond,
      }))
      .sort((left, right) => right.cpuSeconds - left.cpuSeconds)
      .slice(0, busiestCount);
  }
}

function known(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}

function larger(left: number, right: number): number {
  if (Number.isNaN(left)) return right;
  return Number.isNaN(right) ? left : Math.max(left, right);
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
