import { readSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StrategyId } from '../../../shared/workload.ts';
import type { Prepared } from '../../workloads/node-task.ts';
import { readPlan, type RunPlan } from '../protocol.ts';
import { readChildrenCpuSeconds } from './children-cpu.ts';
import { type Collector, createCollector } from './collector.ts';
import { type HostLoop, queueEvents, writeEvents } from './event-channel.ts';
import { describeError, showError, WorkerFailure } from './failure.ts';
import { describeInterpreter } from './interpreter.ts';
import { makeRunFolder, removeRunFolder } from './run-folder.ts';
import { writeOutputAtOnce } from './standard-output.ts';
import type { Strategy } from './strategy.ts';
import { findNodeWorkload } from './work.ts';

/** Entry of the Node run host: one run in a process of its own. See ../README.md for what it reads and writes. */
type Loader = () => Promise<{ readonly strategy: Strategy }>;

/** Each is loaded only for its own runs, before anything is measured. */
const loaders: Readonly<Partial<Record<StrategyId, Loader>>> = {
  serial: () => import('./serial.ts'),
  async: () => import('./async.ts'),
  threads: () => import('./threads.ts'),
  processes: () => import('./processes.ts'),
  'thread-pool': () => import('./thread-pool.ts'),
  'process-pool': () => import('./process-pool.ts'),
  cluster: () => import('./cluster.ts'),
};

/** How each worker can be ended from outside, by its index. */
type Enders = Map<number, () => Promise<void>>;

const usPerSecond = 1e6;

async function main(): Promise<void> {
  const planLine = readLineFromStdin();
  // Corescope has gone before it gave out any work.
  if (planLine === null) return;
  const planned = readPlan(planLine);
  const plan = planned.strategy === 'serial' ? { ...planned, workers: 1 } : planned;
  // What commands write is passed on without ever making this process wait.
  if (plan.target?.kind !== 'command') writeOutputAtOnce();
  writeEvents([{ type: 'ready', ns: nowNs(), interpreter: describeInterpreter(plan) }]);
  const folder = nameRunFolder();
  try {
    await runPlan(plan, folder);
  } finally {
    removeRunFolder(folder);
  }
}

async function runPlan(plan: RunPlan, folder: string): Promise<void> {
  const strategy = await loadStrategy(plan);
  const collector = createCollector(plan.tasks, plan.onWorkerFailure, loopOf(plan));
  const enders: Enders = new Map();
  const prepared = await prepareWork(plan, strategy.channel, folder, enders);
  try {
    const run = await strategy.prepare({
      plan,
      programs: path.dirname(fileURLToPath(import.meta.url)),
      collector,
      startOf: (index) => ({ plan, index, shared: prepared.shared, folder }),
      heapLimitMegabytes: prepared.heapLimitMegabytes ?? null,
      endable: (index, end) => enders.set(index, end),
    });
    const measured = await measure(run, plan, collector);
    await prepared.finish?.();
    const { texts, lostTasks } = collector.results();
    const { createHash } = await import('node:crypto');
    const hash = createHash('sha256');
    // Not joined first: the results of all tasks can be longer than the longest text, 512 million characters.
    for (const [task, text] of texts.entries()) hash.update(task === 0 ? '' : '\n').update(text);
    const checksum = hash.digest('hex').slice(0, 16);
    writeEvents([{ type: 'finished', ...measured, checksum, lostTasks }]);
  } finally {
    await prepared.close?.();
  }
}

/** The interval that counts: from before the first worker until after the last. */
async function measure(run: () => Promise<void>, plan: RunPlan, collector: Collector) {
  // With the first worker's readiness: Corescope is not to be woken while the workers start.
  queueEvents([{ type: 'started', ns: nowNs() }], loopOf(plan));
  const childrenCpuBefore = readChildrenCpuSeconds();
  const cpuBefore = process.cpuUsage();
  const startedNs = process.hrtime.bigint();
  await run();
  const endedNs = process.hrtime.bigint();
  const cpu = process.cpuUsage(cpuBefore);
  const childrenCpuAfter = readChildrenCpuSeconds();

  // Of children that told nothing the kernel knows the sum, in coarser steps.
  const childrenCpuSeconds =
    childrenCpuBefore === null || childrenCpuAfter === null ? null : childrenCpuAfter - childrenCpuBefore;
  const workersCpuSeconds = collector.workerCpuSeconds() ?? childrenCpuSeconds;
  // A command is measured without its host, which only passes on what it writes.
  const ownCpuSeconds = plan.target?.kind === 'command' ? 0 : (cpu.user + cpu.system) / usPerSecond;
  const readyNs = collector.lastReadyNs() ?? startedNs;
  const finishedNs = collector.lastFinishedNs() ?? readyNs;
  // In a pool, the others may have finished everything before the last worker is ready.
  const workedNs = finishedNs > readyNs ? finishedNs : readyNs;
  return {
    ns: String(endedNs),
    wallNs: String(endedNs - startedNs),
    startupNs: String(readyNs - startedNs),
    workNs: String(workedNs - readyNs),
    tearDownNs: String(endedNs - workedNs),
    messageNs: messageNsOf(plan, collector),
    cpuSeconds: workersCpuSeconds === null ? null : Math.max(0, ownCpuSeconds + workersCpuSeconds),
    workers: plan.strategy === 'serial' || plan.strategy === 'async' ? 1 : plan.workers,
  };
}

function loopOf({ strategy, target }: RunPlan): HostLoop {
  const worksHere = (strategy === 'serial' || strategy === 'async') && target?.kind !== 'command';
  return worksHere ? 'blocked' : 'free';
}

/** On the host's own thread there are no messages; who answers in a cluster, and when, nobody tells. */
function messageNsOf({ strategy }: RunPlan, collector: Collector): string | null {
  if (strategy === 'serial' || strategy === 'async') return '0';
  const ns = collector.messageNs();
  return ns === null ? null : String(ns);
}

async function loadStrategy({ strategy, target }: RunPlan): Promise<Strategy> {
  if (target?.kind === 'command') return (await import('./command.ts')).strategy;
  const load = loaders[strategy];
  if (load === undefined) throw new Error(`this host has no strategy "${strategy}"`);
  return (await load()).strategy;
}

async function prepareWork(
  plan: RunPlan,
  channel: 'memory' | 'json',
  folder: string,
  enders: Enders,
): Promise<Prepared> {
  if (plan.target !== null) return {};
  const workload = await findNodeWorkload(plan);
  const { params, tasks, workers, strategy, seed } = plan;
  const prepared = await workload.prepare?.({
    params,
    tasks,
    workers,
    strategy,
    seed,
    channel,
    async endWorker(index) {
      const end = enders.get(index);
      await end?.();
      return end !== undefined;
    },
    get folder() {
      return makeRunFolder(folder);
    },
    report: (name, value, unit) =>
      writeEvents([{ type: 'metric', ns: nowNs(), name, value, unit, worker: null }]),
    note: (text) => writeEvents([{ type: 'note', ns: nowNs(), text, worker: null }]),
  });
  return prepared ?? {};
}

/**
 * Names the temporary folder of this run. Nobody can guess the name, so that nobody can put something there before
 * `makeRunFolder` does. It begins with the host's pid: whoever finds one knows which run has left it.
 */
function nameRunFolder(): string {
  const random = Math.random().toString(36).slice(2, 10);
  return path.join(os.tmpdir(), `corescope-run-${process.pid}-${random}`);
}

function nowNs(): string {
  return String(process.hrtime.bigint());
}

/** Null at the end of input. Reads without a stream: its handle and buffers would stay in the measured process. */
function readLineFromStdin(): string | null {
  const chunks: Buffer[] = [];
  const chunk = Buffer.alloc(65_536);
  for (;;) {
    const bytes = readStdin(chunk);
    if (bytes === 0) return null;
    const end = chunk.subarray(0, bytes).indexOf('\n');
    chunks.push(Buffer.from(chunk.subarray(0, end === -1 ? bytes : end)));
    if (end !== -1) return Buffer.concat(chunks).toString();
  }
}

function readStdin(into: Buffer): number {
  try {
    return readSync(0, into);
  } catch (error) {
    // Windows reports the end of a pipe as an error.
    if (error instanceof Error && 'code' in error && error.code === 'EOF') return 0;
    throw error;
  }
}

/** Work may leave timers and sockets behind; what it has written is out before the host goes. */
async function leave(): Promise<void> {
  const outputs = [process.stdout, process.stderr];
  await Promise.all(outputs.map((output) => new Promise((resolve) => output.write('', resolve))));
  process.exit(0);
}

try {
  await main();
  await leave();
} catch (error) {
  showError(error);
  const worker = error instanceof WorkerFailure ? error.worker : null;
  writeEvents([{ type: 'failed', ns: nowNs(), message: describeError(error), worker }]);
  // Threads that are still at work go with the process.
  process.exit(1);
}
