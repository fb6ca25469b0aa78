import type { CellId } from '../../shared/experiment-analysis.ts';
import type { MachineInfo, RunRecord } from '../../shared/experiment.ts';
import type { CoreTopology } from '../../shared/topology.ts';
import type { Runtime } from '../../shared/workload.ts';
import type { Cell, MachineLimits, RunMeasurement } from './measurements.ts';
import { measuredRuns, type FinishedRun } from './runs.ts';
import { traitsOf } from './strategy-traits.ts';

/** From the records of an experiment to what the analysis of a matrix works on. */

/** One field of the matrix and all of its runs, warm-ups included. */
export interface CellRuns extends CellId {
  readonly runs: readonly RunRecord[];
}

export function toCell({ strategy, workers, runs }: CellRuns, runtime: Runtime): Cell {
  return { strategy, workers, ...traitsOf(strategy, runtime), runs: measuredRuns(runs).map(toMeasurement) };
}

export function toMeasurement(run: FinishedRun): RunMeasurement {
  const { usage } = run;
  return {
    block: run.block,
    wallMs: run.wallMs,
    startupMs: run.startupMs,
    workMs: run.workMs,
    cpuSeconds: run.cpuSeconds,
    peakPssBytes: run.peakPssBytes,
    voluntarySwitches: usage?.voluntarySwitches ?? null,
    involuntarySwitches: usage?.involuntarySwitches ?? null,
    majorFaults: usage?.majorFaults ?? null,
    runnableMs: usage?.runnableMs ?? null,
    throttledMs: usage?.throttledMs ?? null,
    blockedMs: usage?.blockedMs ?? null,
    messageMs: run.messageMs ?? null,
    slowestWorkerMs: usage?.slowestWorkerMs ?? null,
    medianWorkerMs: usage?.medianWorkerMs ?? null,
  };
}

/** What bounds the work here; `topology` null: the sampler has not told. */
export function limitsOf(topology: CoreTopology | null, machine: MachineInfo): MachineLimits {
  if (topology === null) {
    return {
      usableCores: machine.logicalCores,
      physicalCores: machine.physicalCores,
      performanceCores: null,
      quotaCores: null,
      memoryBytes: machine.memoryBytes,
    };
  }
  const usable = topology.cores.filter(({ usable: isUsable }) => isUsable);
  const physical = new Set(usable.map(({ physicalCore }) => physicalCore));
  const performance = usable.filter(({ kind }) => kind === 'performance').length;
  return {
    usableCores: topology.usable.quotaCores ?? topology.usable.count,
    physicalCores: physical.has(null) || physical.size === 0 ? machine.physicalCores : physical.size,
    performanceCores: performance > 0 ? performance : null,
    quotaCores: topology.usable.quotaCores,
    memoryBytes: machine.memoryBytes,
  };
}
