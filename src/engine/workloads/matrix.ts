import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';
import { addToChecksum, seededNumbers } from './seeded-numbers.ts';

/** The largest prime below 2^16. A sum of 2^21 products of two numbers below it is exact in a double. */
const modulus = 65_521;

export const matrix: WorkloadDescription = {
  id: 'matrix',
  title: 'Matrix product',
  summary:
    'Multiplies two n × n matrices of whole numbers modulo a prime, element by element. Computes, and reads memory in order.',
  kind: 'cpu',
  parameters: [
    {
      type: 'number',
      name: 'n',
      label: 'Rows',
      unit: '',
      min: 1,
      max: 4_000,
      integer: true,
      defaults: { node: 500, python: 120 },
      help: 'Rows and columns of both matrices; one task takes n³ multiplications.',
    },
  ],
  expectedSignature: {
    node: 'Threads and processes both keep every core busy; threads start sooner.',
    python:
      'With the global interpreter lock, threads keep one core busy among them and gain nothing; processes keep every core busy.',
  },
};

export const matrixWork: NodeWorkload = { run: multiplyMatrices };

/** Returns the trace and a checksum of all elements of the product. */
export function multiplyMatrices(
  params: WorkloadParams,
  { seed, task }: Pick<TaskContext, 'seed' | 'task'>,
): string {
  const n = readParameter(params, 'n');
  const numbers = seededNumbers(seed, task);
  const makeLines = (): Float64Array[] =>
    Array.from({ length: n }, () => Float64Array.from({ length: n }, () => numbers.below(modulus)));
  const rows = makeLines();
  // Already turned: its lines are the columns of the second matrix.
  const columns = makeLines();

  let trace = 0;
  let checksum = 0;
  for (const [rowIndex, row] of rows.entries()) {
    for (const [columnIndex, column] of columns.entries()) {
      let sum = 0;
      for (let index = 0; index < n; index += 1) sum += (row[index] ?? 0) * (column[index] ?? 0);
      const element = sum % modulus;
      if (rowIndex === columnIndex) trace += element;
      checksum = addToChecksum(checksum, element);
    }
  }
  return `trace ${trace}, ${checksum}`;
}
