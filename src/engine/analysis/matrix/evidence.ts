import type { Estimate } from '../../../shared/experiment-analysis.ts';
import { medianOf } from '../inference/select.ts';
import type { Stopping } from '../inference/median-interval.ts';
import type { WeightsBySize } from '../inference/median-weights.ts';
import { pairedRatio } from '../inference/paired-ratio.ts';
import { cellName, type Cell, type MachineLimits, type RunMeasurement } from '../measurements.ts';
import { isGainDoubtful } from './mechanism.ts';
import { effectiveCores } from '../scaling/speedup.ts';

/** What the interpreter said of itself while the work ran. */
export interface InterpreterFacts {
  /** `CPython`, `V8` … */
  readonly name: string;
  /** Null where there is no such lock. */
  readonly gilEnabled: boolean | null;
}

/** Another cell of the matrix, as a witness. */
export interface Witness {
  readonly name: string;
  readonly workers: number;
  readonly cores: number | null;
  /** Wall of the cell in question / wall of this one: above 1 where this one is faster. */
  readonly ratio: Estimate;
}

/** What was measured of one cell, as the rules for causes weigh it. Null is unknown; shares run from 0 to 1. */
export interface Evidence {
  readonly name: string;
  readonly workers: number;
  readonly tasks: number;
  readonly sharesInterpreter: boolean;
  readonly interpreter: InterpreterFacts | null;
  readonly limits: MachineLimits;
  /** Serial wall / wall. */
  readonly speedup: Estimate | null;
  /** It is faster than serial, and nothing that was measured explains it: `isGainDoubtful`. */
  readonly isGainDoubtful: boolean;
  /** Cores kept busy on average. */
  readonly cores: number | null;
  readonly serialCores: number | null;
  /** Share of serial's wall time that it waited for something else than a core. */
  readonly serialBlockedShare: number | null;
  /** From when all workers were ready until the last task's end. */
  readonly workMs: number | null;
  /** Serial's time at work / the cell's: the speed-up that start-up and tear-down leave nothing of. */
  readonly workSpeedup: number | null;
  /** CPU time of the work itself over that of all of serial, at least: above 1, the same work cost more. */
  readonly leastWorkCpuRatio: number | null;
  /** Shares of the wall time. */
  readonly startupShare: number | null;
  readonly messageShare: number | null;
  /** Shares of workers × wall. */
  readonly runnableShare: number | null;
  readonly throttledShare: number | null;
  readonly blockedShare: number | null;
  readonly majorFaultsPerSecond: number | null;
  /** Peak memory over the memory of the machine. */
  readonly memoryShare: number | null;
  /** Slowest worker's time / middle worker's time. */
  readonly stragglerRatio: number | null;
  /** The time between the middle worker's and the slowest one's, as a share of the wall time. */
  readonly stragglerShare: number | null;
  /** The same number of workers without a shared interpreter. */
  readonly separatePeer: Witness | null;
  /** The same strategy with at most as many workers as cores: the most of those. */
  readonly withinCores: Witness | null;
}

export interface EvidenceContext {
  readonly cells: readonly Cell[];
  readonly serial: Cell | null;
  readonly tasks: number;
  readonly interpreter: InterpreterFacts | null;
  readonly limits: MachineLimits;
  readonly weightsOf: WeightsBySize;
  readonly stopping: Stopping;
}

export function gatherEvidence(cell: Cell, context: EvidenceContext): Evidence {
  const { serial, limits, weightsOf, stopping } = context;
  const compare = (candidates: readonly Cell[]): Witness | null =>
    bestWitness(cell, candidates, (other) => pairedRatio(cell.runs, other.runs, weightsOf, stopping));
  const perWorkerTime = (column: 'runnableMs' | 'throttledMs' | 'blockedMs'): number | null =>
    medianQuotient(cell.runs, (run) => [run[column], run.wallMs * cell.workers]);
  const workMs = medianQuotient(cell.runs, (run) => [run.workMs, 1]);
  const serialWorkMs = serial === null ? null : medianQuotient(serial.runs, (run) => [run.workMs, 1]);
  const serialCpuSeconds = serial === null ? null : medianQuotient(serial.runs, (run) => [run.cpuSeconds, 1]);
  const speedup = serial === null ? null : pairedRatio(serial.runs, cell.runs, weightsOf, stopping);
  const usable = Math.max(1, Math.floor(limits.usableCores));
  return {
    name: cellName(cell),
    workers: cell.workers,
    tasks: context.tasks,
    sharesInterpreter: cell.sharesInterpreter,
    interpreter: context.interpreter,
    limits,
    speedup,
    isGainDoubtful:
      serial !== null && speedup !== null && isGainDoubtful(serial, cell, speedup, { weightsOf, stopping }),
    cores: effectiveCores(cell),
    serialCores: serial === null ? null : effectiveCores(serial),
    serialBlockedShare:
      serial === null ? null : medianQuotient(serial.runs, (run) => [run.blockedMs, run.wallMs]),
    workMs,
    workSpeedup: quotient(serialWorkMs, workMs),
    leastWorkCpuRatio: medianQuotient(cell.runs, (run) => [
      leastWorkCpuSeconds(run, Math.min(limits.usableCores, cell.workers + 1)),
      serialCpuSeconds,
    ]),
    startupShare: medianQuotient(cell.runs, (run) => [run.startupMs, run.wallMs]),
    messageShare: medianQuotient(cell.runs, (run) => [run.messageMs, run.wallMs]),
    runnableShare: perWorkerTime('runnableMs'),
    throttledShare: perWorkerTime('throttledMs'),
    blockedShare: perWorkerTime('blockedMs'),
    majorFaultsPerSecond: medianQuotient(cell.runs, (run) => [run.majorFaults, run.wallMs / 1000]),
    memoryShare: medianQuotient(cell.runs, (run) => [run.peakPssBytes, limits.memoryBytes]),
    stragglerRatio: medianQuotient(cell.runs, (run) => [run.slowestWorkerMs, run.medianWorkerMs]),
    stragglerShare: medianQuotient(cell.runs, (run) => [
      (run.slowestWorkerMs ?? Number.NaN) - (run.medianWorkerMs ?? Number.NaN),
      run.wallMs,
    ]),
    separatePeer: compare(
      context.cells.filter((other) => !other.sharesInterpreter && other.workers === cell.workers),
    ),
    withinCores:
      cell.workers <= usable
        ? null
        : compare(
            context.cells
              .filter((other) => other.strategy === cell.strategy && other.workers <= usable)
              .sort((left, right) => right.workers - left.workers)
              .slice(0, 1),
          ),
  };
}

/**
 * CPU time that the work itself took, at least: all of the run's, less what as many cores can have used while workers
 * were started and ended and while messages were under way. The host and each worker are on one core each then.
 */
function leastWorkCpuSeconds(run: RunMeasurement, cores: number): number | null {
  const { cpuSeconds, wallMs, workMs, messageMs } = run;
  if (cpuSeconds === null || workMs === null || messageMs === null) return null;
  return Math.max(0, cpuSeconds - (cores * (wallMs - workMs + messageMs)) / 1000);
}

/** The fastest of the candidates against the cell; null where none shares two blocks with it. */
function bestWitness(
  cell: Cell,
  candidates: readonly Cell[],
  ratioTo: (other: Cell) => Estimate | null,
): Witness | null {
  let best: Witness | null = null;
  for (const candidate of candidates) {
    if (candidate === cell) continue;
    const ratio = ratioTo(candidate);
    if (ratio === null || (best !== null && best.ratio.median >= ratio.median)) continue;
    best = {
      name: cellName(candidate),
      workers: candidate.workers,
      cores: effectiveCores(candidate),
      ratio,
    };
  }
  return best;
}

/** The median over the runs of one number divided by another; null where both are known of no run. */
function medianQuotient(
  runs: readonly RunMeasurement[],
  parts: (run: RunMeasurement) => readonly [number | null, number | null],
): number | null {
  const values = runs.map((run) => quotient(...parts(run))).filter((value) => value !== null);
  return values.length === 0 ? null : medianOf(values);
}

function quotient(numerator: number | null, denominator: number | null): number | null {
  const value = (numerator ?? Number.NaN) / (denominator ?? Number.NaN);
  return Number.isFinite(value) ? value : null;
}
