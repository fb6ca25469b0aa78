import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { WorkloadDescription } from '../../shared/workload.ts';
import { type NodeWorkload, readParameter } from './node-task.ts';
import { countSteps } from './pipeline-steps.ts';
import { createQueueWords, endOfItems, type PipelineTotals, putItem } from './pipeline-queue.ts';
import { noSharedInterpreters, noSharedMemory, readWords } from './shared-words.ts';

export const pipeline: WorkloadDescription = {
  id: 'pipeline',
  title: 'Pipeline',
  summary:
    'The tasks produce items and put them into one bounded queue; one consumer, a thread or process beside the workers, takes them out. The slower end sets the pace.',
  kind: 'synchronisation',
  parameters: [
    {
      type: 'number',
      name: 'items',
      label: 'Items',
      unit: '',
      min: 1,
      max: 1_000_000,
      integer: true,
      defaults: { node: 20_000, python: 5_000 },
      help: 'How many items each task produces.',
    },
    {
      type: 'number',
      name: 'capacity',
      label: 'Capacity',
      unit: '',
      min: 1,
      max: 10_000,
      integer: true,
      defaults: { node: 16, python: 16 },
      help: 'How many items the queue holds; who finds it full, or empty, waits.',
    },
    {
      type: 'number',
      name: 'produceSteps',
      label: 'Steps to produce',
      unit: '',
      min: 0,
      max: 10_000_000,
      integer: true,
      defaults: { node: 4_000, python: 200 },
      help: 'How much work it is to produce an item.',
    },
    {
      type: 'number',
      name: 'consumeSteps',
      label: 'Steps to consume',
      unit: '',
      min: 0,
      max: 10_000_000,
      integer: true,
      defaults: { node: 2_000, python: 100 },
      help: 'How much work it is to consume one.',
    },
  ],
  expectedSignature: {
    node: 'Two threads feed one consumer: the slower end sets the pace. A queue that is nearly full waits for its consumer, one that is nearly empty for its producers.',
    python:
      'Threads pass items quickly but share one interpreter lock with their consumer; processes run at once but pay for pickling and for a pipe, and short items cost more to pass than to produce.',
  },
  unavailable: { node: noSharedMemory, python: noSharedInterpreters },
};

const program = path.join(path.dirname(fileURLToPath(import.meta.url)), 'pipeline-consumer.js');

export const pipelineWork: NodeWorkload = {
  async prepare({ params, tasks, report }) {
    const words = createQueueWords(readParameter(params, 'capacity'));
    const consumer = new Worker(program, {
      workerData: { words, steps: readParameter(params, 'consumeSteps') },
    });
    await once(consumer, 'message');
    const totals = new Promise<PipelineTotals>((resolve) => consumer.once('message', resolve));
    consumer.unref();
    return {
      shared: { words },
      async finish() {
        consumer.ref();
        putItem(words, endOfItems);
        const { items, sum, lastedMs } = await totals;
        const perTask = readParameter(params, 'items');
        const expected = tasks * perTask;
        const expectedSum = (tasks * perTask * (perTask - 1)) / 2;
        if (items !== expected) throw new Error(`${items} of ${expected} items came out of the queue`);
        // One item has no duration.
        if (lastedMs > 0) report('throughput', ((items - 1) * 1_000) / lastedMs, 'items/s');
        if (sum !== expectedSum)
          throw new Error(`the items that came out add up to ${sum}, not ${expectedSum}`);
      },
      async close() {
        await consumer.terminate();
      },
    };
  },
  run(params, { shared, report }) {
    const items = readParameter(params, 'items');
    const steps = readParameter(params, 'produceSteps');
    const words = readWords(shared, 'words');
    let sum = 0;
    let lengths = 0;
    for (let item = 0; item < items; item += 1) {
      countSteps(steps);
      lengths += putItem(words, item);
      sum += item;
    }
    report('mean queue length', lengths / items, 'items');
    return String(sum);
  },
};
