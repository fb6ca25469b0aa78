import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';
import { waitAs } from './waiting.ts';

export const allocate: WorkloadDescription = {
  id: 'allocate',
  title: 'Memory',
  summary: 'Takes memory, touches every page of it, holds it for a while, and gives it back.',
  kind: 'memory',
  parameters: [
    {
      type: 'number',
      name: 'megabytes',
      label: 'Take',
      unit: 'MiB',
      min: 1,
      // The longest buffer of Node 20.
      max: 4_096,
      integer: true,
      defaults: { node: 64, python: 64 },
      help: 'How much one task takes; all that are under way together take so much each.',
    },
    {
      type: 'number',
      name: 'holdMs',
      label: 'Hold for',
      unit: 'ms',
      min: 0,
      max: 60_000,
      integer: true,
      defaults: { node: 100, python: 100 },
      help: 'How long one task holds the memory before it gives it back.',
    },
  ],
  expectedSignature: {
    node: 'Hardly any core is busy; all ways hold workers × size at once, threads in one process, processes one by one. Node frees a block at its next garbage collection, so that a worker may hold two of them for a while.',
    python:
      'Hardly any core is busy; all ways hold workers × size at once, threads in one process, processes one by one. A block is freed as soon as its task is done. asyncio holds the blocks of all tasks together.',
  },
};

const mib = 1_024 * 1_024;
/** The smallest page that there is: larger ones are touched more than once. */
const pageBytes = 4_096;

export const allocateWork: NodeWorkload = { run: takeMemory };

export async function takeMemory(
  params: WorkloadParams,
  { strategy }: Pick<TaskContext, 'strategy'>,
): Promise<string> {
  const megabytes = readParameter(params, 'megabytes');
  const block = Buffer.alloc(megabytes * mib);
  for (let offset = 0; offset < block.length; offset += pageBytes) block[offset] = 1;
  await waitAs(strategy, readParameter(params, 'holdMs'));
  // Read after the wait: before, an optimising compiler could let go of it.
  let touched = 0;
  for (let offset = 0; offset < block.length; offset += pageBytes) touched += block[offset] ?? 0;
  return `${megabytes} MiB in ${touched} pages`;
}
