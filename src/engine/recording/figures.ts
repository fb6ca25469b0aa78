import type { Overview, OverviewSeries } from '../../shared/recording.ts';
import type { Bytes, CpuShare, Milliseconds } from '../../shared/units.ts';
import { RowSums, sumColumns } from './row-sums.ts';
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
  const everyMs = recording.manifest?.requestedEveryMs ?? 100;
  const sums = new RowSums(recording.entities(span));
  const cpu = new WeightedMean();
  const machine = new WeightedMean();
  const waiting = new WeightedMean();
  const throttled = new WeightedMean();
  let [frames, peakPssBytes, peakRssBytes, peakProcesses] = [0, Number.NaN, Number.NaN, Number.NaN];
  let beforeMs = Number.NaN;
  // From the sample before the span, for the first one in it reaches back to there.
  const from = Math.max(0, span.fromMs - 3 * everyMs);
  // One interval further: the last part of the span is told by the sample that follows it.
  for (const frame of recording.frames({ fromMs: from, toMs: span.toMs + 3 * everyMs, columns })) {
    const { atMs } = frame;
    const sinceMs = Math.max(Number.isNaN(beforeMs) ? atMs - everyMs : beforeMs, span.fromMs);
    const weightMs = Math.min(atMs, span.toMs) - sinceMs;
    beforeMs = atMs;
    if (weightMs <= 0) continue;
    const sum = sums.of(frame);
    cpu.add(sum.cpuShare, weightMs);
    waiting.add(sum.waitShare, weightMs);
    throttled.add(frame.throttledShare, weightMs);
    machine.add(total(frame.coreBusy), weightMs);
    if (atMs >= span.toMs) break;
    if (atMs < span.fromMs) continue;
    frames += 1;
    peakPssBytes = larger(peakPssBytes, sum.pssBytes);
    peakRssBytes = larger(peakRssBytes, sum.rssBytes);
    peakProcesses = larger(peakProcesses, sum.processes);
  }
  return {
    durationMs: span.toMs - span.fromMs,
    frames,
    cpuSeconds: cpu.sum / 1000,
    meanCores: cpu.mean,
    machineCores: machine.mean,
    peakPssBytes,
    peakRssBytes,
    meanWaiting: waiting.mean,
    throttledShare: throttled.mean,
    peakProcesses,
  };
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
