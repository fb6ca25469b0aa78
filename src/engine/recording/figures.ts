import type { Overview, OverviewSeries } from '../../shared/recording.ts';
import type { Bytes, CpuShare, Milliseconds } from '../../shared/units.ts';
import { RowSums, sumColumns, type RunSums } from './row-sums.ts';
import { shareOfCode, type Recording, type TimeSpan } from './open-recording.ts';

/** What a span of a recording comes to. NaN is not known: no sample fell into it, or a part of it is not known. */
export interface SpanFigures {
  readonly durationMs: Milliseconds;
  readonly frames: number;
  /** Over the watched trees, Corescope's own left out. */
  readonly cpuSeconds: number;
  /** CPU of the trees per time: how many cores they kept busy. */
  readonly meanCores: CpuShare;
  /** Load of the whole machine, other programs included. */
  readonly machineCores: CpuShare;
  readonly peakPssBytes: Bytes;
  readonly peakRssBytes: Bytes;
  /** Threads that were ready and waited for a core, on average. */
  readonly meanWaiting: number;
  /** Share of the time in which a quota held the work back. */
  readonly throttledShare: number;
  readonly peakProcesses: number;
}

const columns = ['atMs', ...sumColumns, 'coreBusy', 'throttledShare'];

/**
 * Measured sample by sample. A sample counts for the time since the one before, as far as that lies in the span; means
 * are over the time for which a figure is known.
 */
export function measureSpan(recording: Recording, span: TimeSpan): SpanFigures {
  const [figures] = measureSpans(recording, [span]);
  if (figures === undefined) throw new Error('a span has figures');
  return figures;
}

/** The same for many spans, in their order. Frames are read once where spans lie in one another or touch. */
export function measureSpans(recording: Recording, spans: readonly TimeSpan[]): SpanFigures[] {
  const everyMs = recording.manifest?.requestedEveryMs ?? 100;
  const reachMs = 3 * everyMs;
  const gatherers = spans.map((span) => new SpanGatherer(span));
  for (const group of groupsOf(gatherers, reachMs)) {
    // From the sample before the first span, for the first one in it reaches back to there; and one interval further:
    // the last part of a span is told by the sample that follows it.
    const fromMs = Math.max(0, Math.min(...group.map(({ span }) => span.fromMs)) - reachMs);
    const toMs = Math.max(...group.map(({ span }) => span.toMs)) + reachMs;
    const sums = new RowSums(recording.entities({ fromMs, toMs }));
    let waiting = [...group].sort((one, other) => one.span.fromMs - other.span.fromMs);
    let open: SpanGatherer[] = [];
    let beforeMs = Number.NaN;
    for (const frame of recording.frames({ fromMs, toMs, columns })) {
      const { atMs } = frame;
      const sinceMs = Number.isNaN(beforeMs) ? atMs - everyMs : beforeMs;
      beforeMs = atMs;
      const begun = waiting.filter(({ span }) => span.fromMs < atMs);
      if (begun.length > 0) {
        open.push(...begun);
        waiting = waiting.slice(begun.length);
      }
      if (open.length === 0) continue;
      const sample = {
        atMs,
        sum: sums.of(frame),
        machine: total(frame.coreBusy),
        throttled: frame.throttledShare,
      };
      for (const gatherer of open) gatherer.add(sample, sinceMs);
      if (open.some(({ isDone }) => isDone)) open = open.filter(({ isDone }) => !isDone);
      if (open.length === 0 && waiting.length === 0) break;
    }
  }
  return gatherers.map((gatherer) => gatherer.figures);
}

/** Spans that are read together: no gap between them is longer than reading on is worth. */
function groupsOf(gatherers: readonly SpanGatherer[], reachMs: number): SpanGatherer[][] {
  const groups: SpanGatherer[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const gatherer of [...gatherers].sort((one, other) => one.span.fromMs - other.span.fromMs)) {
    const { fromMs, toMs } = gatherer.span;
    const last = groups.at(-1);
    if (last === undefined || fromMs - reachMs > endMs + reachMs) groups.push([gatherer]);
    else last.push(gatherer);
    endMs = Math.max(endMs, toMs);
  }
  return groups;
}

interface SumSample {
  readonly atMs: number;
  readonly sum: RunSums;
  readonly machine: number;
  readonly throttled: number;
}

class SpanGatherer {
  readonly span: TimeSpan;
  /** No later sample tells of the span. */
  isDone = false;
  readonly #cpu = new WeightedMean();
  readonly #machine = new WeightedMean();
  readonly #waiting = new WeightedMean();
  readonly #throttled = new WeightedMean();
  #frames = 0;
  #peakPssBytes = Number.NaN;
  #peakRssBytes = Number.NaN;
  #peakProcesses = Number.NaN;

  constructor(span: TimeSpan) {
    this.span = span;
  }

  add({ atMs, sum, machine, throttled }: SumSample, sinceMs: number): void {
    const { fromMs, toMs } = this.span;
    const weightMs = Math.min(atMs, toMs) - Math.max(sinceMs, fromMs);
    this.isDone = atMs >= toMs;
    if (weightMs <= 0) return;
    this.#cpu.add(sum.cpuShare, weightMs);
    this.#waiting.add(sum.waitShare, weightMs);
    this.#throttled.add(throttled, weightMs);
    this.#machine.add(machine, weightMs);
    if (this.isDone || atMs < fromMs) return;
    this.#frames += 1;
    this.#peakPssBytes = larger(this.#peakPssBytes, sum.pssBytes);
    this.#peakRssBytes = larger(this.#peakRssBytes, sum.rssBytes);
    this.#peakProcesses = larger(this.#peakProcesses, sum.processes);
  }

  get figures(): SpanFigures {
    return {
      durationMs: this.span.toMs - this.span.fromMs,
      frames: this.#frames,
      cpuSeconds: this.#cpu.sum / 1000,
      meanCores: this.#cpu.mean,
      machineCores: this.#machine.mean,
      peakPssBytes: this.#peakPssBytes,
      peakRssBytes: this.#peakRssBytes,
      meanWaiting: this.#waiting.mean,
      throttledShare: this.#throttled.mean,
      peakProcesses: this.#peakProcesses,
    };
  }
}

/** Figures of a whole recording by its overview: quick for a day of it, and without what the overview does not have. */
export interface OverviewFigures {
  readonly samples: number;
  readonly series: Readonly<Record<OverviewSeries, { readonly mean: number; readonly max: number }>>;
  /** Mean busy share by core. */
  readonly cores: readonly number[];
}

export function figuresOf(overview: Overview): OverviewFigures {
  const { sampleCounts, series, cores } = overview;
  const meanOf = (values: ArrayLike<number>, read: (value: number) => number): number => {
    const mean = new WeightedMean();
    sampleCounts.forEach((count, bucket) => {
      mean.add(read(values[bucket] ?? Number.NaN), count);
    });
    return mean.mean;
  };
  const of = (name: OverviewSeries): { mean: number; max: number } => ({
    mean: meanOf(series[name].mean, (value) => value),
    max: series[name].max.reduce(larger, Number.NaN),
  });
  return {
    samples: sampleCounts.reduce((sum, count) => sum + count, 0),
    series: {
      runCpuShare: of('runCpuShare'),
      runRssBytes: of('runRssBytes'),
      runPssBytes: of('runPssBytes'),
      runProcesses: of('runProcesses'),
      throttledShare: of('throttledShare'),
      latenessMs: of('latenessMs'),
      ownCpuShare: of('ownCpuShare'),
      ownRssBytes: of('ownRssBytes'),
    },
    cores: cores.map(({ mean }) => meanOf(mean, shareOfCode)),
  };
}

class WeightedMean {
  sum = Number.NaN;
  #weight = 0;

  add(value: number, weight: number): void {
    if (Number.isNaN(value) || weight <= 0) return;
    this.sum = (Number.isNaN(this.sum) ? 0 : this.sum) + value * weight;
    this.#weight += weight;
  }

  get mean(): number {
    return this.sum / this.#weight;
  }
}

function larger(one: number, other: number): number {
  if (Number.isNaN(one)) return other;
  return other > one ? other : one;
}

function total(shares: Float64Array): number {
  return shares.reduce((sum, share) => sum + share, 0);
}
