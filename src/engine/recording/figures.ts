import type { Overview, OverviewSeries } from '../../shared/recording.ts';
import type { Bytes, Milliseconds } from '../../shared/units.ts';
import { sumColumns, sumRows, type RunSums } from './row-sums.ts';
import { shareOfCode, type Recording, type TimeSpan } from './open-recording.ts';
import type { MeasuredSpan, SpanFigures } from './span-figures.ts';
import { summarizeSpan } from './span-summary.ts';
import { larger, WeightedMean } from './weighted-mean.ts';

const columns = ['atMs', ...sumColumns, 'coreBusy', 'throttledShare'];

/**
 * Samples that are read for the figures of all spans together, as bytes of their blocks: about a second. More makes
 * long recordings slow to report; less makes more of their phases true only to the width of a summary.
 */
const mostFrameBytes = 24 * 1024 * 1024;

/**
 * Spans are measured sample by sample, the shortest first, as long as that is affordable, and the longest by the
 * summaries of the zoom levels: for a span of an hour the ends are then true to a few seconds. In the order of `spans`.
 */
export function measureSpans(
  recording: Recording,
  spans: readonly TimeSpan[],
  mostBytes: Bytes = mostFrameBytes,
): MeasuredSpan[] {
  const byLength = [...spans].sort((one, other) => one.toMs - one.fromMs - (other.toMs - other.fromMs));
  let [affordable, tooMany] = [0, byLength.length + 1];
  while (tooMany - affordable > 1) {
    const count = Math.floor((affordable + tooMany) / 2);
    if (recording.frameBytes(byLength.slice(0, count)) <= mostBytes) affordable = count;
    else tooMany = count;
  }
  const exact = byLength.slice(0, affordable);
  const measured = new Map(measureSamples(recording, exact).map((figures, index) => [exact[index], figures]));
  return spans.map((span) => {
    const figures = measured.get(span);
    return figures === undefined ? summarizeSpan(recording, span) : { figures, summaryMs: null };
  });
}

/** The figures of one span, as `measureSpans` has them. */
export function measureSpan(recording: Recording, span: TimeSpan): SpanFigures {
  const [measured] = measureSpans(recording, [span]);
  if (measured === undefined) throw new Error('a span has figures');
  return measured.figures;
}

/** A gap between spans that is read on through: behind a longer one reading begins anew, at most this much before. */
const worthReadingMs = 10_000;

/**
 * A sample counts for the time since the one before, as far as that lies in the span; means are over the time for which
 * a figure is known. Frames are read once where spans lie in one another or near one another.
 */
function measureSamples(recording: Recording, spans: readonly TimeSpan[]): SpanFigures[] {
  if (spans.length === 0) return [];
  const everyMs = recording.manifest?.requestedEveryMs ?? 100;
  // Once for all: a row has the same key throughout, and its description stands among those of the whole time before.
  const rows = recording.entities({
    fromMs: Math.min(...spans.map(({ fromMs }) => fromMs)),
    toMs: Math.max(...spans.map(({ toMs }) => toMs)) + 4 * everyMs,
  });
  const reachMs = 3 * everyMs;
  const gatherers = spans.map((span) => new SpanGatherer(span));
  for (const group of groupsOf(gatherers, worthReadingMs)) {
    // From the sample before the first span, for the first one in it reaches back to there; and one interval further:
    // the last part of a span is told by the sample that follows it.
    const fromMs = Math.max(0, Math.min(...group.map(({ span }) => span.fromMs)) - reachMs);
    const toMs = Math.max(...group.map(({ span }) => span.toMs)) + reachMs;
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
        sum: sumRows(frame, rows),
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
function groupsOf(gatherers: readonly SpanGatherer[], mostGapMs: Milliseconds): SpanGatherer[][] {
  const groups: SpanGatherer[][] = [];
  let endMs = Number.NEGATIVE_INFINITY;
  for (const gatherer of [...gatherers].sort((one, other) => one.span.fromMs - other.span.fromMs)) {
    const { fromMs, toMs } = gatherer.span;
    const last = groups.at(-1);
    if (last === undefined || fromMs > endMs + mostGapMs) groups.push([gatherer]);
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
      runWaiting: of('runWaiting'),
    },
    cores: cores.map(({ mean }) => meanOf(mean, shareOfCode)),
  };
}

function total(shares: Float64Array): number {
  return shares.reduce((sum, share) => sum + share, 0);
}
