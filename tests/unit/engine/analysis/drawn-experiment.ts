import type { InterpreterInfo, RunRecord, StrategyResult } from '../../../../src/shared/experiment.ts';
import { strategyIds } from '../../../../src/shared/workload.ts';
import { summarizeStrategies, type StrategyRuns } from '../../../../src/engine/analysis/summarize.ts';

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
export function runsFrom(drawing: string): StrategyRuns[] {
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
      };
    });
    return { strategy, workers: Number(workers), runs };
  });
}

export function resultsFrom(drawing: string): StrategyResult[] {
  return summarizeStrategies(runsFrom(drawing), 1);
}

const crash = {
  kind: 'host-crashed',
  message: 'The run host ended with exit code 137',
  advice: 'Give it more memory',
};
