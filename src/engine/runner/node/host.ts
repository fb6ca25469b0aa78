import { readSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type InterpreterInfo } from '../../../shared/experiment.ts';
import { type StrategyId } from '../../../shared/workload.ts';
import { readPlan } from '../protocol.ts';
import { createCollector } from './collector.ts';
import { writeEvents } from './event-channel.ts';
import { runProcesses } from './processes.ts';
import { runSerial } from './serial.ts';
import { describeError } from './share.ts';
import { type Strategy } from './strategy.ts';
import { runThreads } from './threads.ts';

/** Entry of the Node run host: one run in a process of its own. See ../README.md for what it reads and writes. */
const strategies: Readonly<Record<StrategyId, Strategy>> = {
  serial: runSerial,
  threads: runThreads,
  processes: runProcesses,
};

const usPerSecond = 1e6;

async function main(): Promise<void> {
  const planLine = readLineFromStdin();
  // Corescope has gone before it gave out any work.
  if (planLine === null) return;
  const plan = readPlan(planLine);
  writeEvents([{ type: 'ready', ns: nowNs(), interpreter: describeInterpreter() }]);
  const collector = createCollector(plan.tasks);
  const folder = path.dirname(fileURLToPath(import.meta.url));
  const workers = plan.strategy === 'serial' ? 1 : plan.workers;
  writeEvents([{ type: 'started', ns: nowNs() }]);

  const cpuBefore = process.cpuUsage();
  const startedNs = process.hrtime.bigint();
  await strategies[plan.strategy]({ plan, planLine, folder, collector });
  const endedNs = process.hrtime.bigint();
  const cpu = process.cpuUsage(cpuBefore);

  const { createHash } = await import('node:crypto');
  const checksum = createHash('sha256').update(collector.results().join('\n')).digest('hex').slice(0, 16);
  writeEvents([
    {
      type: 'finished',
      ns: String(endedNs),
      wallNs: String(endedNs - startedNs),
      startupNs: String(collector.lastReadyNs() - startedNs),
      cpuSeconds: (cpu.user + cpu.system) / usPerSecond + collector.workerCpuSeconds(),
      checksum,
      workers,
    },
  ]);
}

function nowNs(): string {
  return String(process.hrtime.bigint());
}

function describeInterpreter(): InterpreterInfo {
  const { electron } = process.versions;
  return {
    runtime: 'node',
    version: process.versions.node,
    executable: process.execPath,
    implementation: electron === undefined ? 'V8' : `V8 (Electron ${electron})`,
    gilEnabled: null,
  };
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

try {
  await main();
} catch (error) {
  console.error(error);
  writeEvents([{ type: 'failed', ns: nowNs(), message: describeError(error) }]);
  // Threads that are still at work go with the process.
  process.exit(1);
}
