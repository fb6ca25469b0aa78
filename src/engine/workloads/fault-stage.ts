import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hasOneWorker, type NumberParameter, type WorkloadParams } from '../../shared/workload.ts';
import { faultNote, strikeDelayMs } from './fault-note.ts';
import { type Prepared, type PrepareContext, readParameter, type TaskContext } from './node-task.ts';

/**
 * What the workloads that die on purpose have in common. Task 0 goes wrong, and not before all other workers have
 * begun a task: else what they lose would depend on who started sooner. They tell one another by files of the run's
 * folder, which reach threads and processes alike. The Python twin is fault_stage.py.
 */

export const workParameter: NumberParameter = {
  type: 'number',
  name: 'workMs',
  label: 'Other tasks last',
  unit: 'ms',
  min: 0,
  max: 60_000,
  integer: false,
  defaults: { node: 200, python: 200 },
  help: 'How long each of the tasks takes in which nothing goes wrong.',
};

export const patienceParameter: NumberParameter = {
  type: 'number',
  name: 'patienceMs',
  label: 'Patience',
  unit: 'ms',
  min: 10,
  max: 60_000,
  integer: false,
  defaults: { node: 300, python: 300 },
  help: 'How long the worker is left as it is before the host ends it from outside, where it can.',
};

const lookEveryMs = 5;
/** A worker that takes longer to begin is not waited for. */
const mostWaitMs = 10_000;

/** A task in which nothing goes wrong. */
export async function doOtherTask(params: WorkloadParams, context: TaskContext): Promise<string> {
  if (!hasOneWorker(context.strategy)) mark(context.folder, `begun-${context.worker}`);
  await delay(readParameter(params, 'workMs'));
  return finishTask(context);
}

/** The result of a task, for those that come to one. */
export function finishTask(context: TaskContext): string {
  if (!hasOneWorker(context.strategy)) mark(context.folder, `done-${context.task}`);
  return `done ${context.task}`;
}

/** Waits until all others are at work, says that the fault comes, and returns when it is due. */
export async function approachFault(context: TaskContext): Promise<void> {
  const deadlineMs = performance.now() + mostWaitMs;
  while (!areOthersAtWork(context) && performance.now() < deadlineMs) await delay(lookEveryMs);
  context.note(faultNote);
  await delay(strikeDelayMs);
}

/** For faults that end the whole process: a host that dies cannot clear away its folder. */
export function clearBeforeHostDies(context: TaskContext): void {
  const isHost = context.strategy === 'threads' || context.strategy === 'thread-pool';
  if (isHost) rmSync(context.folder, { recursive: true, force: true });
}

function areOthersAtWork(context: TaskContext): boolean {
  if (hasOneWorker(context.strategy)) return true;
  const others = readdirSync(context.folder).filter(
    (file) => file.startsWith('begun-') && file !== `begun-${context.worker}`,
  );
  return others.length >= Math.min(context.workers, context.tasks) - 1;
}

/** Asks the host to end this worker, which does not end by itself. */
export function askForEnd(context: TaskContext): void {
  if (!hasOneWorker(context.strategy)) mark(context.folder, 'stuck', String(context.worker));
}

/**
 * In the host: once a worker has asked for its end and all of `tasksDone` are done, ends it after the patience and
 * reports how long that took. On one thread the host is stuck itself, and nobody watches.
 */
export function endStuckWorker(context: PrepareContext, tasksDone: readonly number[]): Prepared {
  if (hasOneWorker(context.strategy)) return {};
  const { folder } = context;
  let patience: NodeJS.Timeout | undefined;
  let ending: Promise<void> | null = null;

  async function endNow(): Promise<void> {
    const startMs = performance.now();
    const worker = Number(readFileSync(path.join(folder, 'stuck'), 'utf8'));
    if (await context.endWorker(worker)) {
      context.report('ended from outside after', performance.now() - startMs, 'ms');
    }
  }
  function look(): void {
    const awaited = ['stuck', ...tasksDone.map((task) => `done-${task}`)];
    if (!awaited.every((file) => existsSync(path.join(folder, file)))) return;
    clearInterval(watch);
    patience = setTimeout(
      () => {
        ending = endNow();
      },
      readParameter(context.params, 'patienceMs'),
    );
  }

  const watch = setInterval(look, lookEveryMs);
  return {
    finish: () => ending ?? Promise.resolve(),
    close() {
      clearInterval(watch);
      clearTimeout(patience);
      return Promise.resolve();
    },
  };
}

function mark(folder: string, file: string, text = ''): void {
  const target = path.join(folder, file);
  // Whoever sees the file finds its text in it: one byte or two are written at once.
  if (!existsSync(target)) writeFileSync(target, text);
}
