import type { InterpreterInfo, RunRecord } from '../../../../src/shared/experiment.ts';
import { strategyIds } from '../../../../src/shared/workload.ts';
import {
  conclude,
  type Conclusion,
  type ConclusionContext,
} from '../../../../src/engine/analysis/conclude.ts';
import type { CellRuns } from '../../../../src/engine/analysis/measure.ts';

export const lockedPython: InterpreterInfo = {
  runtime: 'python',
  version: '3.11.7',
  executable: '/usr/bin/python3',
  implementation: 'CPython',
  gilEnabled: true,
  freeThreadedBuild: false,
  startMethod: null,
};

export const node: InterpreterInfo = {
  runtime: 'node',
  version: '20.20.2',
  executable: '/usr/bin/node',
  implementation: 'V8',
  gilEnabled: null,
  freeThreadedBuild: null,
  startMethod: null,
};

/**
 * Runs drawn as a table, one strategy a line. Walls are in ms, one per block (`x` failed, `t` timed out, `c`
 * cancelled); PSS in MB; `-` is unknown; the checksum is `42` unless a sixth column says otherwise.
 *
 *     strategy    | walls by block        | cores | start-up ms | PSS MB
 *     serial      | 1000 1010 990         | 1.00  | 0.1         | 12
 *     processes×2 | 510  520  500         | 1.95  | 31          | 36
 */
export function runsFrom(drawing: string): CellRuns[] {
  const lines = drawing.trim().split('\n').slice(1);
  return lines.map((line) => {
    const [name = '', walls = '', cores = '', startup = '', pss = '', checksum = '42'] = line
      .split('|')
      .map((cell) => cell.trim());
    const [strategyName, workers = '1'] = name.split('×');
    const strategy = strategyIds.find((id) => id === strategyName);
    if (strategy === undefined) throw new Error(`no strategy in "${line}"`);
    const runs = walls.split(/\s+/).map((wall, index): RunRecord => {
      const identity = { order: index + 1, block: index + 1, warmUp: false };
      if (wall === 'x') return { ...identity, state: 'failed', problem: crash };
      if (wall === 't') return { ...identity, state: 'timed-out', afterMs: 10_000 };
      if (wall === 'c') return { ...identity, state: 'cancelled' };
      const peakPssBytes = pss === '-' ? null : Number(pss) * 1e6;
      return {
        ...identity,
        state: 'finished',
        wallMs: Number(wall),
        startupMs: Number(startup),
        cpuSeconds: (Number(wall) / 1000) * Number(cores),
        effectiveCores: Number(cores),
        peakRssBytes: peakPssBytes,
        peakPssBytes,
        checksum,
        workMs: null,
        tearDownMs: null,
        lostTasks: 0,
        metrics: [],
        notes: [],
        usage: null,
        disturbances: [],
      };
    });
    return { strategy, workers: Number(workers), runs };
  });
}

/** The real conclusion from drawn runs: two tasks that compute, in a Python with its lock, on two cores. */
export function concludeDrawing(drawing: string, known: Partial<ConclusionContext> = {}): Conclusion {
  return concludeRuns(runsFrom(drawing), known);
}

export function concludeRuns(cells: readonly CellRuns[], known: Partial<ConclusionContext> = {}): Conclusion {
  return conclude(cells, {
    runtime: 'python',
    interpreter: lockedPython,
    workloadKind: 'cpu',
    tasks: 2,
    limits: {
      usableCores: 2,
      physicalCores: 2,
      performanceCores: null,
      quotaCores: null,
      memoryBytes: 8e9,
    },
    objective: 'balanced',
    stopping: 'fixed',
    control: null,
    seed: 7,
    ...known,
  });
}

const crash = {
  kind: 'host-crashed',
  message: 'The run host ended with exit code 137',
  advice: 'Give it more memory',
};
