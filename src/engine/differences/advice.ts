import { factorDigits, formatBytes, formatCores, formatDuration } from '../../shared/format.ts';
import type { CatalogueRuntime } from '../../shared/workload.ts';
import type { Advice } from '../../shared/differences.ts';
import { formatAddedMemory } from './rows.ts';
import { breakEvenTask, type RuntimeFigures, type WayFigures } from './figures.ts';

/** A way that is within this of the other is as fast: what two equal runs differ by on a busy machine. */
const asFast = 1.15;
/** Below this speed-up a way gains nothing worth its cost. */
const worthIt = 1.15;
/** Serial work that computes and gets less of a core than this had to share it: no figure of CPU work can be trusted. */
const computesFreely = 0.8;

/** What follows from the figures for three kinds of work. Nothing is advised where its figures are missing. */
export function advise(runtime: CatalogueRuntime, figures: RuntimeFigures): readonly Advice[] {
  return [adviseCpu(figures), adviseWaiting(runtime, figures), adviseMixed(runtime, figures)].filter(
    (advice) => advice !== null,
  );
}

function speedupOf({ serial }: RuntimeFigures, { work }: WayFigures): number | null {
  return serial === null || work === null ? null : serial.wallMs / work.wallMs;
}

function adviseCpu(figures: RuntimeFigures): Advice | null {
  const { threads, processes, workers, serial } = figures;
  const [byThreads, byProcesses] = [speedupOf(figures, threads), speedupOf(figures, processes)];
  if (byThreads === null || byProcesses === null) return null;
  const busy = describeBusyMachine(figures);
  if (busy !== null) return { work: 'cpu', sentence: busy };
  const speeds = `${factorDigits(byThreads)} times as fast as serial on ${workers} threads, ${factorDigits(byProcesses)} on ${workers} processes`;
  if (Math.max(byThreads, byProcesses) < worthIt) {
    return {
      work: 'cpu',
      sentence: `Neither gained anything here (${speeds}): do the work in turn, or look at what else kept the cores busy.`,
    };
  }
  if (byThreads * asFast >= byProcesses) {
    return {
      work: 'cpu',
      sentence: `Threads: as fast as processes or faster (${speeds})${leaner(threads, processes)}.${pays(breakEvenTask(threads.work, serial, workers))} Processes where a crash must not take the others along.`,
    };
  }
  return {
    work: 'cpu',
    sentence: `Processes: ${speeds}.${pays(breakEvenTask(processes.work, serial, workers))}${outsideLock(figures)}`,
  };
}

/** Null where serial work had a core to itself. */
function describeBusyMachine({ serial }: RuntimeFigures): string | null {
  const cores = serial?.cores ?? null;
  if (cores === null || cores >= computesFreely) return null;
  return `No advice: serial work got ${formatCores(cores)} of a core, so the machine was busy with something else. Measure again when it is idle.`;
}

function leaner(threads: WayFigures, processes: WayFigures): string {
  const [first, second] = [threads.memoryPerWorkerBytes, processes.memoryPerWorkerBytes];
  if (first === null || second === null || first >= second) return '';
  return `, and leaner by ${formatBytes(second - first)} a worker`;
}

function pays(task: ReturnType<typeof breakEvenTask>): string {
  return task.state === 'breaks-even'
    ? ` They pay for tasks longer than ${formatDuration(task.taskMs)}.`
    : '';
}

function outsideLock({ unlockedCores, interpreter }: RuntimeFigures): string {
  if (unlockedCores === null || interpreter.gilEnabled !== true || unlockedCores < 1.3) return '';
  return ` Threads do where the work happens outside of the interpreter lock, as hashing large buffers does (${formatCores(unlockedCores)} cores busy).`;
}

function adviseWaiting(runtime: CatalogueRuntime, figures: RuntimeFigures): Advice | null {
  const { asyncWallMs, threads, waitingTasks } = figures;
  if (asyncWallMs === null || threads.waitingWallMs === null) return null;
  const name = runtime === 'node' ? 'The event loop' : 'asyncio';
  const times = `${waitingTasks} waiting tasks took ${formatDuration(asyncWallMs)} there and ${formatDuration(threads.waitingWallMs)} on as many threads`;
  const memory =
    threads.memoryPerWorkerBytes === null
      ? ''
      : `, of which each adds ${formatAddedMemory(threads.memoryPerWorkerBytes)}`;
  return asyncWallMs <= threads.waitingWallMs * asFast
    ? { work: 'io', sentence: `${name}, with one thread: ${times}${memory}.` }
    : { work: 'io', sentence: `Threads: ${times}${memory}.` };
}

function adviseMixed(runtime: CatalogueRuntime, figures: RuntimeFigures): Advice | null {
  const [byThreads, byProcesses] = [
    speedupOf(figures, figures.threads),
    speedupOf(figures, figures.processes),
  ];
  if (byThreads === null || byProcesses === null || describeBusyMachine(figures) !== null) return null;
  if (Math.max(byThreads, byProcesses) < worthIt) return null;
  const pool = byThreads * asFast >= byProcesses ? 'thread pool' : 'process pool';
  const loop = runtime === 'node' ? 'the event loop' : 'asyncio';
  return {
    work: 'mixed',
    sentence: `Wait on ${loop}, and send what computes to a ${pool} of ${figures.workers}: each part is done by what was better at it.`,
  };
}
