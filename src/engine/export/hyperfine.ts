import type { Experiment, StrategyResult } from '../../shared/experiment.ts';
import { measuredRuns, strategyName } from '../analysis/runs.ts';
import { median } from '../analysis/statistics.ts';

/**
 * The experiment as hyperfine's `--export-json` writes it, for the plot scripts in hyperfine's repository: the fields
 * of its version 1 (`mean`, `times` …) and those of its version 2 (`measurements`, `summary`) in one document, for each
 * reads its own and ignores the others. A benchmark stands for a strategy with its number of workers; only measured
 * runs that finished are in it, and a strategy without any is left out.
 *
 * `user` and `system` are null: run hosts tell their sum, which is `time_cpu`.
 */
export interface HyperfineExport {
  readonly schema_version: 2;
  readonly metadata: {
    readonly exported_by: string;
    readonly start_time: string;
    readonly platform: { readonly os: string; readonly architecture: string };
  };
  readonly primary_metric: 'time_wall_clock';
  readonly results: readonly HyperfineResult[];
}

export interface HyperfineResult {
  /** What the scripts label a benchmark with: `processes × 2`. */
  readonly command: string;
  readonly name: string;
  /** All times in seconds. */
  readonly mean: number;
  /** Null for one run. */
  readonly stddev: number | null;
  readonly median: number;
  readonly user: null;
  readonly system: null;
  readonly min: number;
  readonly max: number;
  readonly times: readonly number[];
  readonly memory_usage_byte?: readonly number[];
  readonly exit_codes: readonly number[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly measurements: readonly Readonly<Record<string, HyperfineQuantity | number>>[];
  readonly summary: Readonly<Record<string, HyperfineSummary>>;
}

interface HyperfineQuantity {
  readonly value: number;
  readonly unit: 'second' | 'byte';
}

interface HyperfineSummary {
  readonly unit: 'second' | 'byte';
  readonly count: number;
  readonly mean: number;
  readonly stddev: number | null;
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function toHyperfine(experiment: Experiment): HyperfineExport {
  const { corescopeVersion, startedAt, machine } = experiment;
  return {
    schema_version: 2,
    metadata: {
      exported_by: `corescope ${corescopeVersion}`,
      start_time: startedAt,
      platform: { os: machine.os, architecture: machine.arch },
    },
    primary_metric: 'time_wall_clock',
    results: experiment.strategies.flatMap((result) => toResult(result, experiment)),
  };
}

/** Two spaces deep, with a line feed at the end, as hyperfine writes it. */
export function experimentToHyperfineJson(experiment: Experiment): string {
  return `${JSON.stringify(toHyperfine(experiment), null, 2)}\n`;
}

function toResult(result: StrategyResult, { workload }: Experiment): HyperfineResult[] {
  const runs = measuredRuns(result.runs);
  if (runs.length === 0) return [];
  const metrics = [
    { name: 'time_wall_clock', unit: 'second', values: runs.map(({ wallMs }) => seconds(wallMs / 1000)) },
    {
      name: 'time_cpu',
      unit: 'second',
      values: knownOfAll(
        runs.map(({ cpuSeconds }) => cpuSeconds),
        seconds,
      ),
    },
    {
      name: 'memory_peak_resident',
      unit: 'byte',
      values: knownOfAll(
        runs.map(({ peakRssBytes }) => peakRssBytes),
        Math.round,
      ),
    },
  ] as const;
  const known = metrics.filter(({ values }) => values.length > 0);
  const [{ values: times }, , { values: memory }] = metrics;
  const { mean, stddev, median: middle, min, max } = summarize('second', times);
  const name = strategyName(result);
  return [
    {
      command: name,
      name,
      mean,
      stddev,
      median: middle,
      user: null,
      system: null,
      min,
      max,
      times,
      ...(memory.length === 0 ? {} : { memory_usage_byte: memory }),
      exit_codes: runs.map(() => 0),
      parameters: {
        workload: workload.id,
        runtime: workload.runtime,
        strategy: result.strategy,
        workers: String(result.workers),
      },
      measurements: runs.map((_, index) => ({
        ...Object.fromEntries(
          known.map(({ name: metric, unit, values }) => [
            metric,
            { value: values[index] ?? Number.NaN, unit },
          ]),
        ),
        exit_code: 0,
      })),
      summary: Object.fromEntries(
        known.map(({ name: metric, unit, values }) => [metric, summarize(unit, values)]),
      ),
    },
  ];
}

/** Nothing where one is missing: the scripts take the columns for complete. */
function knownOfAll(values: readonly (number | null)[], round: (value: number) => number): readonly number[] {
  const known = values.filter((value): value is number => value !== null);
  return known.length === values.length ? known.map(round) : [];
}

function summarize(unit: HyperfineSummary['unit'], values: readonly number[]): HyperfineSummary {
  const round = unit === 'second' ? seconds : (value: number): number => value;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    unit,
    count: values.length,
    mean: round(mean),
    stddev: values.length < 2 ? null : round(Math.sqrt(squares / (values.length - 1))),
    median: round(median(values) ?? Number.NaN),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}

/** To the microsecond: more digits are noise. */
function seconds(value: number): number {
  return Number(value.toFixed(6));
}
