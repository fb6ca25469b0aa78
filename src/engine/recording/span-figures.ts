import {
  formatBytes,
  formatCores,
  formatDuration,
  formatPercent,
  notAvailable,
} from '../../shared/format.ts';
import type { Bytes, CpuShare, Milliseconds } from '../../shared/units.ts';

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

/** The figures of a span, and how they were had. */
export interface MeasuredSpan {
  readonly figures: SpanFigures;
  /** Width of the summaries that they are made of; null: of every sample. */
  readonly summaryMs: Milliseconds | null;
}

interface FigureWords {
  /** In the middle of a sentence or a table; a headline begins it with a capital letter. */
  readonly name: string;
  readonly format: (value: number) => string;
}

/** What the figures are called and how they are written, wherever recordings are compared. */
export const figureWords: Readonly<Record<keyof SpanFigures, FigureWords>> = {
  durationMs: { name: 'length', format: formatDuration },
  cpuSeconds: { name: 'CPU time', format: (seconds) => formatDuration(seconds * 1000) },
  meanCores: { name: 'cores kept busy', format: formatCores },
  machineCores: { name: 'cores busy on the machine', format: formatCores },
  peakPssBytes: { name: 'peak memory (PSS)', format: formatBytes },
  peakRssBytes: { name: 'peak memory (RSS sum)', format: formatBytes },
  meanWaiting: { name: 'threads waiting for a core', format: formatCores },
  throttledShare: { name: 'held back by a quota', format: formatPercent },
  peakProcesses: { name: 'processes at most', format: formatCount },
  frames: { name: 'samples', format: formatCount },
};

/** A difference with its sign: `+1.20`, `-300 MB`. */
export function formatDelta(figure: keyof SpanFigures, delta: number): string {
  return (delta > 0 ? '+' : '') + figureWords[figure].format(delta);
}

function formatCount(value: number): string {
  return Number.isNaN(value) ? notAvailable : String(Math.round(value));
}
