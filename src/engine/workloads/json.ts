import { createHash } from 'node:crypto';
import type { WorkloadDescription, WorkloadParams } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter, type TaskContext } from './node-task.ts';
import { seededNumbers } from './seeded-numbers.ts';

export const json: WorkloadDescription = {
  id: 'json',
  title: 'JSON',
  summary: 'Writes a document as JSON and reads it back, again and again: many small objects and texts.',
  kind: 'cpu',
  parameters: [
    {
      type: 'number',
      name: 'records',
      label: 'Records',
      unit: '',
      min: 1,
      max: 1_000_000,
      integer: true,
      defaults: { node: 5_000, python: 5_000 },
      help: 'Length of the document; one record has some 150 characters.',
    },
    {
      type: 'number',
      name: 'rounds',
      label: 'Rounds',
      unit: '',
      min: 1,
      max: 10_000,
      integer: true,
      defaults: { node: 20, python: 10 },
      help: 'How often one task writes the document and reads it back.',
    },
  ],
  expectedSignature: {
    node: 'Threads and processes both keep every core busy; every thread has a heap and a garbage collector of its own.',
    python:
      'With the global interpreter lock, threads gain nothing although the json module is written in C: it works on Python objects and keeps the lock. Processes keep every core busy.',
  },
};

export const jsonWork: NodeWorkload = { run: writeAndReadJson };

/** Returns length and SHA-256 of the last text. */
export function writeAndReadJson(
  params: WorkloadParams,
  { seed, task }: Pick<TaskContext, 'seed' | 'task'>,
): string {
  const rounds = readParameter(params, 'rounds');
  let document: unknown = makeDocument(readParameter(params, 'records'), seed, task);
  let text = '';
  for (let round = 0; round < rounds; round += 1) {
    text = JSON.stringify(document);
    document = JSON.parse(text);
  }
  return `${text.length} characters, ${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * Only what both runtimes write alike: whole numbers, and fractions with a finite binary form that is never a whole
 * number (Python would write 2.0 where JavaScript writes 2).
 */
function makeDocument(records: number, seed: number, task: number): unknown {
  const numbers = seededNumbers(seed, task);
  return Array.from({ length: records }, (_, index) => ({
    id: index,
    name: `Zoë "${numbers.below(100_000)}"`,
    score: (2 * numbers.below(10_000) + 1) / 8,
    active: numbers.below(2) === 1,
    parent: null,
    tags: [`tag-${numbers.below(50)}`, `tag-${numbers.below(50)}`, 'line\nbreak'],
    place: { x: numbers.below(1_000), y: -numbers.below(1_000) - 1 },
  }));
}
