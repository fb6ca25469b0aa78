import type { Milliseconds, UnixMs } from '../../shared/units.ts';

/** How long commands took. */
export interface ForeignTimings {
  readonly kind: 'timings';
  readonly tool: 'hyperfine';
  readonly results: readonly ForeignTiming[];
  readonly notes: readonly string[];
}

export interface ForeignTiming {
  readonly command: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** Every run in its order; empty where the tool kept only the statistics. */
  readonly wallMs: readonly Milliseconds[];
  readonly meanMs: Milliseconds;
  /** Null with one run only. */
  readonly deviationMs: Milliseconds | null;
  readonly medianMs: Milliseconds;
  readonly minMs: Milliseconds;
  readonly maxMs: Milliseconds;
  /** Means; null where the tool did not tell. */
  readonly userMs: Milliseconds | null;
  readonly systemMs: Milliseconds | null;
  /** One for each run, null: ended by a signal. Empty where not told. */
  readonly exitCodes: readonly (number | null)[];
}

/** What was measured over time. */
export interface ForeignSeries {
  readonly kind: 'series';
  readonly tool: 'psrecord' | 'mprof';
  readonly command: string | null;
  /** The wall clock at time 0; null where the tool did not write it down. */
  readonly startedUnixMs: UnixMs | null;
  readonly series: readonly ForeignColumn[];
  /** Named spans that the tool knows. */
  readonly spans: readonly {
    readonly name: string;
    readonly fromMs: Milliseconds;
    readonly toMs: Milliseconds;
  }[];
  readonly notes: readonly string[];
}

export interface ForeignColumn {
  readonly name: string;
  /** `cores`: 1 is one core busy. */
  readonly unit: 'cores' | 'bytes';
  /** Since the start, never going down. */
  readonly atMs: readonly Milliseconds[];
  readonly values: readonly number[];
}

export type ForeignData = ForeignTimings | ForeignSeries;

/** psrecord's and mprof's "MB" are of 2^20 bytes. */
export const bytesPerMebibyte = 2 ** 20;
