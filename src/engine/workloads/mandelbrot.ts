import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter } from './node-task.ts';
import { addToChecksum } from './seeded-numbers.ts';

export const mandelbrot: WorkloadDescription = {
  id: 'mandelbrot',
  title: 'Mandelbrot set',
  summary: 'Computes a square picture of the Mandelbrot set: floating-point arithmetic in registers.',
  kind: 'cpu',
  parameters: [
    {
      type: 'number',
      name: 'size',
      label: 'Picture',
      unit: 'px',
      min: 1,
      max: 10_000,
      integer: true,
      defaults: { node: 600, python: 200 },
      help: 'Width and height of the picture that one task computes.',
    },
    {
      type: 'number',
      name: 'iterations',
      label: 'Iterations',
      unit: '',
      min: 1,
      max: 100_000,
      integer: true,
      defaults: { node: 1_000, python: 100 },
      help: 'After how many steps a point counts as one of the set. Points of the set need all of them.',
    },
  ],
  expectedSignature: {
    node: 'Threads and processes both keep every core busy; threads start sooner.',
    python:
      'With the global interpreter lock, threads keep one core busy among them and gain nothing; processes keep every core busy.',
  },
};

export const mandelbrotWork: NodeWorkload = { run: drawMandelbrot };

/**
 * The plane from -2 - 1.5i to 1 + 1.5i. Returns the sum of all steps and a checksum of every count. Doubles and
 * the order of their operations are the same in every runtime, so the counts are, too.
 */
export function drawMandelbrot(params: WorkloadParams): string {
  const size = readParameter(params, 'size');
  const iterations = readParameter(params, 'iterations');
  let sum = 0;
  let checksum = 0;
  for (let row = 0; row < size; row += 1) {
    const imaginary = -1.5 + (3 * row) / size;
    for (let column = 0; column < size; column += 1) {
      const count = countSteps(-2 + (3 * column) / size, imaginary, iterations);
      sum += count;
      checksum = addToChecksum(checksum, count);
    }
  }
  return `${sum} steps, ${checksum}`;
}

/** How many times z = z * z + c can be taken before |z| passes 2; at most `most`. */
function countSteps(real: number, imaginary: number, most: number): number {
  let x = 0;
  let y = 0;
  for (let count = 0; count < most; count += 1) {
    const xx = x * x;
    const yy = y * y;
    if (xx + yy > 4) return count;
    y = 2 * x * y + imaginary;
    x = xx - yy + real;
  }
  return most;
}
