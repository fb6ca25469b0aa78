import { createHash } from 'node:crypto';
import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';
import { seededNumbers } from './seeded-numbers.ts';

export const hash: WorkloadDescription = {
  id: 'hash',
  title: 'SHA-256',
  summary: 'Hashes large buffers. The exception to the usual advice: in Python, too, threads scale.',
  kind: 'cpu',
  parameters: [
    {
      type: 'number',
      name: 'megabytes',
      label: 'Hash',
      unit: 'MiB',
      min: 1,
      max: 100_000,
      integer: true,
      defaults: { node: 200, python: 200 },
      help: 'How much one task hashes.',
    },
    {
      type: 'number',
      name: 'pieceKilobytes',
      label: 'In pieces of',
      unit: 'KiB',
      min: 1,
      max: 1_024,
      integer: true,
      defaults: { node: 1_024, python: 1_024 },
      help: 'How much goes into one call. Below 2 KiB Python keeps its lock during the call, and threads gain nothing.',
    },
  ],
  expectedSignature: {
    node: 'Threads and processes both keep every core busy. The event loop does not help: createHash blocks its thread.',
    python:
      'Threads keep every core busy, as processes do: hashlib gives up the interpreter lock for pieces of 2048 bytes and more. With pieces of 1 KiB it does not, and threads gain nothing.',
  },
};

const kib = 1_024;
const mib = 1_024 * kib;

export const hashWork: NodeWorkload = { run: hashBuffers };

/** The bytes repeat every KiB, so that the result does not depend on the size of the pieces. */
export function hashBuffers(
  params: WorkloadParams,
  { seed, task }: Pick<TaskContext, 'seed' | 'task'>,
): string {
  const numbers = seededNumbers(seed, task);
  const pattern = Uint8Array.from({ length: kib }, () => numbers.below(256));
  const piece = Buffer.alloc(readParameter(params, 'pieceKilobytes') * kib, pattern);
  const sha256 = createHash('sha256');
  let left = readParameter(params, 'megabytes') * mib;
  for (; left >= piece.length; left -= piece.length) sha256.update(piece);
  return sha256.update(piece.subarray(0, left)).digest('hex');
}
