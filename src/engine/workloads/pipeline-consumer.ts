import { parentPort, workerData } from 'node:worker_threads';
import { countSteps } from './pipeline-steps.ts';
import { endOfItems, type PipelineTotals, takeItem } from './pipeline-queue.ts';

/** Entry of the thread at the end of a pipeline: takes what the workers put until there is no more. */
const data: unknown = workerData;
const port = parentPort;
if (port === null || !isConsumerStart(data))
  throw new Error('pipeline-consumer.js is started by run-host.js only');
port.postMessage('ready');
port.postMessage(consume(data.words, data.steps));

function consume(words: Int32Array, steps: number): PipelineTotals {
  let items = 0;
  let sum = 0;
  let firstMs = 0;
  let lastMs = 0;
  for (let item = takeItem(words); item !== endOfItems; item = takeItem(words)) {
    if (items === 0) firstMs = performance.now();
    countSteps(steps);
    items += 1;
    sum += item;
    lastMs = performance.now();
  }
  return { items, sum, lastedMs: lastMs - firstMs };
}

function isConsumerStart(value: unknown): value is { words: Int32Array; steps: number } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'words' in value &&
    value.words instanceof Int32Array &&
    'steps' in value &&
    typeof value.steps === 'number'
  );
}
