import {
  analyzeMatrix,
  type MatrixAnalysis,
  type MatrixInput,
} from '../../../../../src/engine/analysis/matrix/analyze.ts';
import { cell, run } from '../simulate.ts';

const input: Omit<MatrixInput, 'cells'> = {
  controlPair: null,
  limits: { usableCores: 4, physicalCores: 4, performanceCores: null, quotaCores: null, memoryBytes: 8e9 },
  interpreter: { name: 'V8', gilEnabled: null },
  tasks: 16,
  objective: 'balanced',
  stopping: 'fixed',
  resamples: 1000,
  seed: 1,
};

/**
 * A matrix drawn as a table, one cell a line; `-` is unknown. The start-up is part of the wall time, the work is the
 * rest of it. Shares are of the workers' time (blocked) and of the wall time (messages).
 *
 *     cell        | walls by block | cores | start-up ms | PSS MB | blocked | messages
 *     serial      | 1000 1010 990  | 1.00  | 0           | 12     | 0       | 0
 *     processes×2 | 510  520  500  | 1.95  | 31          | 36     | 0.02    | 0.01
 */
export function analyzeDrawing(drawing: string, known: Partial<MatrixInput> = {}): MatrixAnalysis {
  const cells = drawing
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => {
      const [name = '', walls = '', ...columns] = line.split('|').map((text) => text.trim());
      const [strategy = '', workers = '1'] = name.split('×');
      const [cores, startupMs, pssMegabytes, blocked, messages] = columns.map((text) =>
        text === '-' ? null : Number(text),
      );
      const runs = walls.split(/\s+/).map((text, index) => {
        const wallMs = Number(text);
        return run(index + 1, wallMs, {
          startupMs: startupMs ?? null,
          workMs: startupMs === null || startupMs === undefined ? null : wallMs - startupMs,
          cpuSeconds: times(cores, wallMs / 1000),
          peakPssBytes: times(pssMegabytes, 1e6),
          blockedMs: times(blocked, wallMs * Number(workers)),
          messageMs: times(messages, wallMs),
          medianWorkerMs: wallMs,
          slowestWorkerMs: wallMs,
        });
      });
      return cell(strategy, Number(workers), runs);
    });
  return analyzeMatrix({ ...input, cells, ...known });
}

function times(value: number | null | undefined, factor: number): number | null {
  return value === null || value === undefined ? null : value * factor;
}
