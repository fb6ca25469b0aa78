import { hasOneWorker, type StrategyId, type WorkloadDescription } from '../../shared/workload.ts';
import { type EchoPartner, startEchoPartner } from './echo-transports.ts';
import { type NodeWorkload, readChoice, readParameter } from './node-task.ts';

const betweenThreads = ofStrategies(
  ['processes', 'process-pool', 'hybrid'],
  'It goes from thread to thread; processes have no memory in common.',
);
const betweenProcesses = ofStrategies(
  ['threads', 'thread-pool'],
  'It goes from process to process; threads of one process need none of it.',
);
const onOneLoop = 'Each worker has one partner, and one loop is one worker: it would be serial once more.';

export const echo: WorkloadDescription = {
  id: 'echo',
  title: 'Echo',
  summary:
    'Each worker sends messages to a partner of its own kind (thread or process), one at a time, and waits for each to come back. Starting the partner is in no figure. MB/s count both ways.',
  kind: 'messages',
  parameters: [
    {
      type: 'number',
      name: 'bytes',
      label: 'Message size',
      unit: 'bytes',
      min: 8,
      max: 67_108_864,
      integer: true,
      defaults: { node: 1_024, python: 1_024 },
      help: 'How long each message is.',
    },
    {
      type: 'number',
      name: 'count',
      label: 'Round trips',
      unit: '',
      min: 1,
      max: 1_000_000,
      integer: true,
      defaults: { node: 2_000, python: 2_000 },
      help: 'How many messages a task sends, and gets back.',
    },
    {
      type: 'choice',
      name: 'transport',
      label: 'Transport',
      choices: [
        'usual',
        'structured-clone',
        'transfer',
        'shared-atomics',
        'ipc-json',
        'ipc-advanced',
        'thread-queue',
        'process-queue',
        'pipe',
        'shared-memory',
      ],
      defaults: { node: 'usual', python: 'usual' },
      onlyIn: {
        'structured-clone': 'node',
        transfer: 'node',
        'shared-atomics': 'node',
        'ipc-json': 'node',
        'ipc-advanced': 'node',
        'thread-queue': 'python',
        'process-queue': 'python',
        pipe: 'python',
        'shared-memory': 'python',
      },
      unavailable: {
        'structured-clone': betweenThreads,
        transfer: betweenThreads,
        'shared-atomics': betweenThreads,
        'thread-queue': betweenThreads,
        'ipc-json': betweenProcesses,
        'ipc-advanced': betweenProcesses,
        'process-queue': betweenProcesses,
        pipe: betweenProcesses,
        'shared-memory': betweenProcesses,
      },
      help: 'usual: structured-clone or thread-queue between threads (and in serial), ipc-json or process-queue between processes.',
    },
  ],
  expectedSignature: {
    node: 'Short messages: some ten thousand round trips a second, waking the other side is what costs. Long ones: transfer and shared-atomics carry gigabytes a second, structured clone less, and IPC as JSON a tenth.',
    python:
      'A queue between threads hands over references and copies nothing. Between processes shared memory is fastest, then a pipe, then a queue, which pickles and wakes a thread of its own for each message.',
  },
  unavailable: {
    node: { async: onOneLoop },
    python: {
      asyncio: onOneLoop,
      'interpreter-pool': 'Its queues and pipes belong to one interpreter and cannot be handed to another.',
    },
  },
};

function ofStrategies(
  strategies: readonly StrategyId[],
  reason: string,
): Partial<Record<StrategyId, string>> {
  return Object.fromEntries(strategies.map((strategy) => [strategy, reason]));
}

const msPerSecond = 1_000;
const bytesPerMegabyte = 1e6;

/** This worker's own, from its first task on. */
let partner: Promise<EchoPartner> | null = null;

export const echoWork: NodeWorkload = {
  async run(params, { task, strategy, report }) {
    const bytes = readParameter(params, 'bytes');
    const count = readParameter(params, 'count');
    partner ??= startEchoPartner(transportOf(readChoice(params, 'transport'), strategy), bytes);
    const own = await partner;
    own.hold();
    let message = createEchoMessage(bytes, task);
    let stamps = 0;
    let spentMs = 0;
    for (let trip = 0; trip < count; trip += 1) {
      stamp(message, trip);
      const startMs = performance.now();
      const answer = own.roundTrip(message);
      message = answer instanceof Uint8Array ? answer : await answer;
      spentMs += performance.now() - startMs;
      if (message.length !== bytes || readStamp(message) !== trip) {
        throw new Error(`message ${trip} came back changed`);
      }
      stamps += readStamp(message);
    }
    own.letGo();
    report('round trips', (count * msPerSecond) / spentMs, '1/s');
    report('throughput', (2 * count * bytes * msPerSecond) / bytesPerMegabyte / spentMs, 'MB/s');
    const { createHash } = await import('node:crypto');
    return `${stamps} ${createHash('sha256').update(message).digest('hex').slice(0, 16)}`;
  },
};

function transportOf(chosen: string, strategy: StrategyId): string {
  if (chosen !== 'usual') return chosen;
  const isProcess = !hasOneWorker(strategy) && strategy !== 'threads' && strategy !== 'thread-pool';
  return isProcess ? 'ipc-json' : 'structured-clone';
}

/** echo.py makes the same. */
export function createEchoMessage(bytes: number, task: number): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, index) => (index * 31 + task) & 255);
}

/** In the first four bytes, little end first, so that no message can be taken for another. */
function stamp(message: Uint8Array, trip: number): void {
  for (let byte = 0; byte < 4; byte += 1) message[byte] = (trip >>> (8 * byte)) & 255;
}

function readStamp(message: Uint8Array): number {
  return [3, 2, 1, 0].reduce((value, byte) => value * 256 + (message[byte] ?? 0), 0);
}
