import type { Objective } from '../../shared/experiment-analysis.ts';
import type { Experiment, RunRecord } from '../../shared/experiment.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import {
  mostLevel,
  unknownLevel,
  type HeatmapChoice,
  type RunHeatmap,
  type RunHeatmaps,
} from '../../shared/run-heatmap.ts';
import type { MachineLimits } from '../../engine/analysis/measurements.ts';
import { reconclude } from '../../engine/analysis/reconclude.ts';
import { medianRun } from '../../engine/analysis/runs.ts';
import type { RunTrace } from '../../engine/analysis/trace.ts';
import { rasterizeCores } from '../../engine/export/core-raster.ts';
import { findWorkload } from '../../engine/workloads/index.ts';

/** The last comparison that finished, and what is known of it beyond its document. */
export interface LastExperiment {
  readonly experiment: Experiment;
  readonly traces: readonly RunTrace[];
  /** What bounded it; the document does not hold all of it. */
  readonly limits: MachineLimits;
}

/** More columns than this no small picture shows. */
const columns = 480;

/** The same runs, judged for another objective. */
export function judgeAgain(last: LastExperiment | null, objective: Objective): Result<LastExperiment> {
  if (last === null) return nothingFinished();
  const workload = findWorkload(last.experiment.workload.id);
  if (workload === undefined) throw new Error(`"${last.experiment.workload.id}" was run and is unknown`);
  const experiment = reconclude(last.experiment, objective, {
    workloadKind: workload.kind,
    limits: last.limits,
  });
  return succeed({ ...last, experiment });
}

/** Pictures of the runs that were sampled; none where none was. */
export function heatmapsOf(last: LastExperiment | null, which: HeatmapChoice): Result<RunHeatmaps> {
  if (last === null) return nothingFinished();
  const { experiment, traces } = last;
  const shown = experiment.strategies.flatMap((result) => {
    const representative = medianRun(result);
    return result.runs.flatMap((record) => {
      const trace = traces.find(
        ({ order, strategy }) => order === record.order && strategy === result.strategy,
      );
      const isRepresentative = record.order === representative?.order;
      if (trace === undefined || trace.sampleMs.length === 0) return [];
      return which === 'all' || isRepresentative ? [{ record, trace, isRepresentative }] : [];
    });
  });
  const spanMs = Math.max(0, ...shown.map(({ trace }) => trace.endMs - trace.hostStartMs));
  return succeed({
    spanMs,
    columns,
    runs: shown.map(({ record, trace, isRepresentative }) => draw(record, trace, isRepresentative, spanMs)),
  });
}

function draw(record: RunRecord, trace: RunTrace, isRepresentative: boolean, spanMs: number): RunHeatmap {
  const { order, block, warmUp } = record;
  const { strategy, workers, hostStartMs, workStartMs, workEndMs, endMs, coreCount } = trace;
  const since = (atMs: number | null): number | null => (atMs === null ? null : atMs - hostStartMs);
  return {
    order,
    block,
    warmUp,
    strategy,
    workers,
    isRepresentative,
    wallMs: record.state === 'finished' ? record.wallMs : null,
    lengthMs: endMs - hostStartMs,
    workStartMs: since(workStartMs),
    workEndMs: since(workEndMs),
    coreCount,
    meanBusy: meanBusy(trace),
    levels: Uint8Array.from(rasterizeCores(trace, spanMs, columns).shares, toLevel),
  };
}

function toLevel(share: number): number {
  return Number.isNaN(share) ? unknownLevel : Math.round(Math.min(Math.max(share, 0), 1) * mostLevel);
}

/** Weighted by nothing: samples of one run are as good as equally far apart. */
function meanBusy({ workStartMs, workEndMs, sampleMs, coreBusy, coreCount }: RunTrace): number[] {
  const inside =
    workStartMs === null || workEndMs === null
      ? []
      : coreBusy.filter((_, index) => {
          const atMs = sampleMs[index] ?? Number.NaN;
          return atMs > workStartMs && atMs <= workEndMs;
        });
  return Array.from({ length: coreCount }, (_, core) => {
    const known = inside.map((busy) => busy[core] ?? Number.NaN).filter((share) => !Number.isNaN(share));
    return known.reduce((sum, share) => sum + share, 0) / known.length;
  });
}

function nothingFinished(): Result<never> {
  return fail('no-experiment', 'There is no finished comparison.', 'Run a comparison first.');
}
