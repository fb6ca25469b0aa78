import type {
  CellFindings,
  CellId,
  Objective,
  StrategyScaling,
  Verdict,
} from '../../shared/experiment-analysis.ts';
import type { ControlPair, Experiment, InterpreterInfo, StrategyResult } from '../../shared/experiment.ts';
import type { Runtime, StrategyId, WorkloadKind } from '../../shared/workload.ts';
import { asSentence, formatDuration } from '../../shared/format.ts';
import type { BreakEven } from './costs/break-even.ts';
import { describeConditions, describeCores, describeDisturbances, isMostlyDisturbed } from './conditions.ts';
import { describeLostRuns, findFailure } from './failure.ts';
import { describeFaults } from './faults.ts';
import type { Stopping } from './inference/median-interval.ts';
import { analyzeMatrix, type MatrixAnalysis } from './matrix/analyze.ts';
import type { CellAnalysis, StrategyAnalysis } from './matrix/findings.ts';
import type { MatrixVerdict } from './matrix/verdict.ts';
import { toCell, type CellRuns } from './measure.ts';
import { cellName, type MachineLimits } from './measurements.ts';
import { measuredRuns, strategyName } from './runs.ts';
import { bootstrapResamples, medianOfKnown } from './statistics.ts';

/** What the conclusion needs to know besides the runs. */
export interface ConclusionContext {
  readonly runtime: Runtime;
  /** Null where no run got far enough to say. */
  readonly interpreter: InterpreterInfo | null;
  /** What the catalogue says of the workload: it explains conditions, and never decides. */
  readonly workloadKind: WorkloadKind;
  readonly tasks: number;
  readonly limits: MachineLimits;
  readonly objective: Objective;
  readonly stopping: Stopping;
  /** The second runs of the A/A pair; null where there was none. */
  readonly control: CellRuns | null;
  /** Seed of the bootstrap. */
  readonly seed: number;
}

/** The part of an experiment that follows from its runs. */
export type Conclusion = Pick<Experiment, 'strategies' | 'scaling' | 'controlPair' | 'verdict'>;

/** Pure: the same runs and seed give the same answer. */
export function conclude(cells: readonly CellRuns[], context: ConclusionContext): Conclusion {
  const { runtime, control, interpreter } = context;
  const measured = cells.filter(({ runs }) => measuredRuns(runs).length > 0);
  const doubled = control === null ? null : (measured.find((cell) => isSameCell(cell, control)) ?? null);
  const analysis = analyzeMatrix({
    cells: measured.map((cell) => toCell(cell, runtime)),
    controlPair:
      control === null || doubled === null
        ? null
        : [toCell(control, runtime).runs, toCell(doubled, runtime).runs],
    limits: context.limits,
    interpreter:
      interpreter === null ? null : { name: interpreter.implementation, gilEnabled: interpreter.gilEnabled },
    tasks: context.tasks,
    objective: context.objective,
    stopping: context.stopping,
    resamples: bootstrapResamples,
    seed: context.seed,
  });
  const strategies = cells.map((cell): StrategyResult => {
    const position = measured.indexOf(cell);
    return summarize(cell, position < 0 ? null : (analysis.cells[position] ?? null), analysis.verdict);
  });
  const failure = findFailure(cells, context.tasks);
  const lines = [
    ...describeConditions(strategies, context),
    ...describeDisturbances(strategies),
    ...describeFaults(strategies),
    ...describeLostRuns(strategies, failure?.lostFor ?? null),
  ].map(asSentence);
  return {
    strategies,
    scaling: analysis.strategies.flatMap((strategy) => toScaling(strategy, cells)),
    controlPair: control === null ? null : toControlPair(control, analysis),
    verdict:
      failure !== null
        ? failedVerdict(failure.sentence, context.objective, lines)
        : (aloneVerdict(analysis.verdict, strategies, lines) ??
          toVerdict(analysis.verdict, strategies, lines)),
  };
}

function isSameCell(left: CellId, right: CellId): boolean {
  return left.strategy === right.strategy && left.workers === right.workers;
}

/**
 * The figures of one field over its finished runs, warm-ups left out. An estimate is null where fewer than two runs
 * (for ratios: two blocks with the other) finished: a median without an interval would claim a certainty that one run
 * cannot give. Serial's own speed-up is exactly 1.
 */
function summarize(cell: CellRuns, found: CellAnalysis | null, verdict: MatrixVerdict): StrategyResult {
  const finished = measuredRuns(cell.runs);
  const speedup = found?.scaling?.speedup ?? null;
  return {
    strategy: cell.strategy,
    workers: cell.workers,
    wallMs: found?.wallMs ?? null,
    speedup: speedup !== null && cell.strategy === 'serial' ? { median: 1, ci95: [1, 1] } : speedup,
    effectiveCores: medianOfKnown(finished.map((run) => run.effectiveCores)),
    startupMs: medianOfKnown(finished.map((run) => run.startupMs)),
    peakRssBytes: medianOfKnown(finished.map((run) => run.peakRssBytes)),
    peakPssBytes: medianOfKnown(finished.map((run) => run.peakPssBytes)),
    cpuSeconds: medianOfKnown(finished.map((run) => run.cpuSeconds)),
    checksum: finished[0]?.checksum ?? null,
    analysis: found === null ? null : toFindings(found, verdict),
    runs: cell.runs,
  };
}

function toFindings(found: CellAnalysis, verdict: MatrixVerdict): CellFindings {
  const { cell, costs, scaling, test, adjustedP } = found;
  return {
    isolated: cell.isolated,
    isOnParetoFront: verdict.pareto.includes(cellName(cell)),
    ratioToFastest: verdict.ratios.get(cellName(cell)) ?? null,
    efficiency: scaling?.efficiency ?? null,
    serialFraction: scaling?.serialFraction ?? null,
    shiftMs: found.shiftMs,
    test: test === null || adjustedP === null ? null : { u: test.u, p: test.p, adjustedP },
    outlierBlocks: found.outlierBlocks,
    ...costs,
    cause: found.cause,
  };
}

function toScaling(found: StrategyAnalysis, cells: readonly CellId[]): StrategyScaling[] {
  const strategy = cells.find((cell) => cell.strategy === found.strategy)?.strategy;
  if (strategy === undefined) return [];
  const { fit } = found;
  return [
    {
      strategy,
      fit: fit.ok
        ? {
            state: 'fitted',
            law: fit.value.law,
            ...fit.value.curve,
            fromWorkers: fit.value.fromWorkers,
            toWorkers: fit.value.toWorkers,
            endsAt: fit.value.endsAt,
            bestWorkers: fit.value.bestWorkers,
            bestWorkersLow: fit.value.bestWorkersInterval.low,
            bestWorkersHigh: fit.value.bestWorkersInterval.high,
            isBestAtEdge: fit.value.isBestAtEdge,
          }
        : { state: 'refused', reason: fit.problem.message, advice: fit.problem.advice },
      kinks: found.kinks,
      memoryPerWorkerBytes: found.memoryPerWorkerBytes,
      startupPerWorkerMs: found.startupPerWorkerMs,
      breakEven: toBreakEven(found.breakEven),
    },
  ];
}

function toBreakEven(found: BreakEven): StrategyScaling['breakEven'] {
  const name = { first: 'serial', second: 'strategy' } as const;
  switch (found.state) {
    case 'breaks-even':
      return { ...found, fasterBeyond: name[found.fasterBeyond] };
    case 'no-crossing':
      return { state: found.state, faster: name[found.faster] };
    case 'unknown':
      return found;
  }
}

function toControlPair(control: CellRuns, { noise }: MatrixAnalysis): ControlPair {
  return {
    strategy: control.strategy,
    workers: control.workers,
    ratio: noise?.ratio ?? null,
    noiseRatio: noise?.noiseRatio ?? null,
    isBiased: noise?.isBiased ?? false,
    runs: control.runs,
  };
}

function toVerdict(
  found: MatrixVerdict,
  results: readonly StrategyResult[],
  lines: readonly string[],
): Verdict {
  const byName = new Map(results.map((result) => [cellName(result), result]));
  const idOf = (name: string): CellId[] => {
    const result = byName.get(name);
    return result === undefined ? [] : [{ strategy: result.strategy, workers: result.workers }];
  };
  const tiedCells = found.tied.flatMap(idOf);
  const [fastest] = tiedCells;
  const winner = found.state === 'winner' ? (fastest ?? null) : null;
  return {
    state: found.state,
    strategy: winner?.strategy ?? null,
    workers: winner?.workers ?? null,
    tied: found.state === 'failed' ? [] : leanestStrategies(tiedCells, results),
    objective: found.objective,
    recommended: found.recommended === null ? null : (idOf(cellName(found.recommended))[0] ?? null),
    tiedCells,
    wouldChange: isMostlyDisturbed(results)
      ? `Other programs kept cores busy during most runs: measure again when the machine is quiet. ${found.wouldChange}`
      : found.wouldChange,
    cause: found.cause,
    sentence: found.sentence,
    answer: found.answer,
    evidence: [...describeCores(results), ...found.evidence, ...lines],
  };
}

/** What one strategy alone took; null where there is more than one field. */
function aloneVerdict(
  found: MatrixVerdict,
  results: readonly StrategyResult[],
  lines: readonly string[],
): Verdict | null {
  const [result, ...others] = results;
  if (result === undefined || others.length > 0) return null;
  const finished = measuredRuns(result.runs);
  const { wallMs } = result;
  const took =
    wallMs === null
      ? formatDuration(medianOfKnown(finished.map((run) => run.wallMs)))
      : `${formatDuration(wallMs.median)} (95 % interval ${wallMs.ci95.map((end) => formatDuration(end)).join(' to ')})`;
  const times = finished.length === 1 ? 'once' : `${finished.length} times`;
  return {
    ...failedVerdict(
      `${strategyName(result)} alone was run, ${times}, and took ${took}; there is nothing to compare it with.`,
      found.objective,
      lines,
    ),
    state: 'not-compared',
    cause: found.cause,
    evidence: [...describeCores(results), ...found.evidence, ...lines],
  };
}

/** Each strategy once, that of the least memory first; in the order given where memory is not known of all. */
function leanestStrategies(cells: readonly CellId[], results: readonly StrategyResult[]): StrategyId[] {
  const memoryOf = (cell: CellId): number =>
    results.find((result) => isSameCell(result, cell))?.peakPssBytes ?? Number.NaN;
  const isKnown = cells.every((cell) => !Number.isNaN(memoryOf(cell)));
  const ordered = isKnown ? [...cells].sort((left, right) => memoryOf(left) - memoryOf(right)) : cells;
  return [...new Set(ordered.map(({ strategy }) => strategy))];
}

function failedVerdict(sentence: string, objective: Objective, lines: readonly string[]): Verdict {
  return {
    state: 'failed',
    strategy: null,
    workers: null,
    tied: [],
    objective,
    recommended: null,
    tiedCells: [],
    wouldChange: '',
    cause: 'unclear',
    sentence: asSentence(sentence),
    answer: null,
    evidence: lines,
  };
}
