import type { Objective } from '../../../shared/experiment-analysis.ts';
import { seededRandom } from '../../random.ts';
import { breakEven, type BreakEven } from '../costs/break-even.ts';
import { costsOf } from '../costs/costs.ts';
import { costPerWorker } from '../costs/slope.ts';
import { adjustForDiscoveries } from '../inference/false-discovery.ts';
import { pairedShift, type Shift } from '../inference/hodges-lehmann.ts';
import { mannWhitney } from '../inference/mann-whitney.ts';
import { logMedianInterval, type Stopping } from '../inference/median-interval.ts';
import { medianWeightsBySize } from '../inference/median-weights.ts';
import { noiseFloor, type NoiseFloor } from '../inference/noise-floor.ts';
import { outlierPositions } from '../inference/outliers.ts';
import {
  knownValues,
  pairByBlock,
  type Cell,
  type MachineLimits,
  type RunMeasurement,
} from '../measurements.ts';
import { fitScaling, kinksOf } from '../scaling/fit.ts';
import { scalingPoint } from '../scaling/speedup.ts';
import { findCause } from './causes.ts';
import { gatherEvidence, type InterpreterFacts } from './evidence.ts';
import type { CellAnalysis, StrategyAnalysis } from './findings.ts';
import { judgeMatrix, type MatrixVerdict } from './verdict.ts';

export interface MatrixInput {
  /** Every strategy × number of workers of which a run finished. Serial work is the one called `serial`. */
  readonly cells: readonly Cell[];
  /** The runs of the A/A pair: one cell, run twice in every block; null where there was none. */
  readonly controlPair: readonly [readonly RunMeasurement[], readonly RunMeasurement[]] | null;
  readonly limits: MachineLimits;
  readonly interpreter: InterpreterFacts | null;
  readonly tasks: number;
  readonly objective: Objective;
  /** `adaptive` where `shouldStop` chose the number of blocks. */
  readonly stopping: Stopping;
  readonly resamples: number;
  readonly seed: number;
}

export interface MatrixAnalysis {
  readonly cells: readonly CellAnalysis[];
  readonly strategies: readonly StrategyAnalysis[];
  readonly noise: NoiseFloor | null;
  readonly verdict: MatrixVerdict;
}

/** Pure: the same input gives the same answer. */
export function analyzeMatrix(input: MatrixInput): MatrixAnalysis {
  const { cells, stopping, seed, resamples } = input;
  const weightsOf = medianWeightsBySize(seed, resamples);
  const serial = cells.find(({ strategy }) => strategy === 'serial') ?? null;
  const tests = cells.map((cell) =>
    serial === null || cell === serial
      ? null
      : mannWhitney(knownValues(cell.runs, 'wallMs'), knownValues(serial.runs, 'wallMs')),
  );
  const adjusted = adjustForDiscoveries(tests.map((test) => test?.p ?? null));
  const noise =
    input.controlPair === null
      ? null
      : noiseFloor(input.controlPair[0], input.controlPair[1], weightsOf, stopping);

  const analyses = cells.map((cell, index): CellAnalysis => {
    const walls = knownValues(cell.runs, 'wallMs');
    return {
      cell,
      wallMs: logMedianInterval(walls, weightsOf, stopping),
      costs: costsOf(cell, weightsOf, stopping),
      scaling: serial === null ? null : scalingPoint(serial, cell, weightsOf, stopping),
      shiftMs: serial === null || cell === serial ? null : shiftOf(cell, serial),
      test: tests[index] ?? null,
      adjustedP: adjusted[index] ?? null,
      outlierBlocks: outlierPositions(walls).flatMap((position) => cell.runs[position]?.block ?? []),
      cause:
        cell === serial
          ? null
          : findCause(
              gatherEvidence(cell, {
                cells,
                serial,
                tasks: input.tasks,
                interpreter: input.interpreter,
                limits: input.limits,
                weightsOf,
                stopping,
              }),
            ),
    };
  });

  const names = [...new Set(cells.map(({ strategy }) => strategy))].filter((name) => name !== 'serial');
  const strategies = names.map((strategy): StrategyAnalysis => {
    const own = analyses.filter(({ cell }) => cell.strategy === strategy);
    const ownCells = own.map(({ cell }) => cell);
    const mostWorkers = Math.max(...ownCells.map(({ workers }) => workers));
    return {
      strategy,
      fit: fitScaling(ownCells, { limits: input.limits, resamples, seed, weightsOf }),
      kinks: kinksOf(input.limits, mostWorkers),
      memoryPerWorkerBytes: costPerWorker(ownCells, 'peakPssBytes', weightsOf),
      startupPerWorkerMs: costPerWorker(ownCells, 'startupMs', weightsOf),
      breakEven: breakEvenWithSerial(own, serial, input),
    };
  });
  return {
    cells: analyses,
    strategies,
    noise,
    verdict: judgeMatrix({
      cells: analyses,
      strategies,
      noise,
      objective: input.objective,
      stopping,
      weightsOf,
    }),
  };
}

function shiftOf(cell: Cell, serial: Cell): Shift | null {
  const { first, second } = pairByBlock(cell.runs, serial.runs);
  return pairedShift(first.map((value, index) => value - (second[index] ?? Number.NaN)));
}

function breakEvenWithSerial(
  own: readonly CellAnalysis[],
  serial: Cell | null,
  { tasks, resamples, seed }: MatrixInput,
): BreakEven {
  const [fastest] = [...own].sort(
    (left, right) => (left.wallMs?.median ?? Infinity) - (right.wallMs?.median ?? Infinity),
  );
  if (serial === null || fastest === undefined) return { state: 'unknown' };
  return breakEven(serial, serial, fastest.cell, tasks, resamples, seededRandom(seed));
}
