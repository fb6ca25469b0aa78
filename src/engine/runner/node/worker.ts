import { readlinkSync } from 'node:fs';
import type { WorkerKind } from '../../../shared/experiment-event.ts';
import type { TaskContext } from '../../workloads/node-task.ts';
import type { PooledTask, SendMessage } from './messages.ts';
import { makeRunFolder } from './run-folder.ts';
import { Share } from './share.ts';
import type { Work } from './work.ts';
import type { WorkerStart } from './worker-start.ts';

/**
 * What has happened is told at most four times a second: telling takes time from the worker's tasks, and from those of
 * others where the host and Corescope need their core for it. More often than that nobody can follow.
 */
const tellEveryNs = 250_000_000;

/** One worker, wherever it runs: does tasks and tells its host. */
export interface Worker {
  ready(firstTask: number | null): void;
  /** Every `workers`-th task, in order, one after the other. Rejects with what a task throws. */
  doShare(): Promise<void>;
  /** One task out of the host's queue. Rejects with what it throws. */
  doTask(task: number): Promise<PooledTask>;
  /** For strategies that find their tasks by themselves. */
  contextFor(task: number): TaskContext;
}

export function createWorker(work: Work, start: WorkerStart, kind: WorkerKind, send: SendMessage): Worker {
  const { plan, index } = start;
  const { tasks, workers } = plan;
  const { run, params } = work;
  // A worker that is to die must not take with it what it has done.
  const everyNs = plan.onWorkerFailure === 'observe' ? 0 : tellEveryNs;
  let toldNs = 0n;

  function report(name: string, value: number, unit: string): void {
    if (!Number.isFinite(value)) throw new RangeError(`the figure "${name}" is ${value}`);
    send({ type: 'metric', ns: String(process.hrtime.bigint()), worker: index, name, value, unit });
  }
  function note(text: string): void {
    send({ type: 'note', ns: String(process.hrtime.bigint()), worker: index, text });
  }
  const marks = work.listenForMarks?.(index, send) ?? null;
  const newContext = (task: number): Context => new Context(start, task, report, note);

  function ready(firstTask: number | null): void {
    toldNs = process.hrtime.bigint();
    const worker = { index, name: `worker ${index + 1}`, pid: process.pid, tid: readThreadId(), kind };
    send({ type: 'ready', ns: String(toldNs), worker, firstTask });
  }

  async function doShare(): Promise<void> {
    ready(index < tasks ? index : null);
    const share = new Share(index, plan, toldNs, everyNs, send);
    // One for all tasks, for none begins before the one before has ended.
    const context = newContext(index);

    function tell(): void {
      marks?.tell();
      share.tell();
    }
    /**
     * The first result that has to be waited for; null at the end. A plain loop gets fast code sooner than an async one.
     * All in one: V8 compiles each function that the loop calls, and that took 5 ms of a run of 10 000 short tasks.
     */
    function doUntilOneWaits(): Promise<string> | null {
      const { results, lengthsNs } = share;
      for (; context.task < tasks; context.task += workers) {
        const outcome = run(params, context);
        if (typeof outcome !== 'string') return outcome;
        // The end of one task is the start of the next: one reading of the clock serves both.
        const ns = Number(process.hrtime.bigint());
        lengthsNs.push(ns - share.lastNs);
        share.lastNs = ns;
        results.push(outcome);
        if (ns >= share.dueNs) tell();
      }
      return null;
    }
    try {
      for (let outcome = doUntilOneWaits(); outcome !== null; outcome = doUntilOneWaits()) {
        share.results.push(await outcome);
        const ns = Number(process.hrtime.bigint());
        share.lengthsNs.push(ns - share.lastNs);
        share.lastNs = ns;
        if (ns >= share.dueNs) tell();
        context.task += workers;
      }
    } finally {
      tell();
    }
  }

  async function doTask(task: number): Promise<PooledTask> {
    const startedNs = process.hrtime.bigint();
    if (Number(startedNs - toldNs) >= everyNs) {
      send({ type: 'task-started', ns: String(startedNs), worker: index, task });
      toldNs = startedNs;
    }
    const result = await run(params, newContext(task));
    const finishedNs = String(process.hrtime.bigint());
    marks?.tell();
    return {
      task,
      worker: index,
      startedNs: String(startedNs),
      finishedNs,
      result,
    };
  }

  return { ready, doShare, doTask, contextFor: newContext };
}

/**
 * Pools make one for every task: a class costs a fraction of an object with a getter of its own. Its fields are declared
 * only: a field that is defined before it is assigned takes ten times as long, which is as much as a short task.
 */
class Context implements TaskContext {
  declare task: number;
  declare readonly tasks: number;
  declare readonly worker: number;
  declare readonly workers: number;
  declare readonly strategy: TaskContext['strategy'];
  declare readonly seed: number;
  declare readonly shared: unknown;
  declare readonly report: TaskContext['report'];
  declare readonly note: TaskContext['note'];
  declare private readonly start: WorkerStart;

  constructor(start: WorkerStart, task: number, report: TaskContext['report'], note: TaskContext['note']) {
    const { plan, index, shared } = start;
    this.start = start;
    this.task = task;
    this.tasks = plan.tasks;
    this.worker = index;
    this.workers = plan.workers;
    this.strategy = plan.strategy;
    this.seed = plan.seed;
    this.shared = shared;
    this.report = report;
    this.note = note;
  }

  get folder(): string {
    return makeRunFolder(this.start.folder);
  }
}

/** The kernel's id of the calling thread; null where only Linux's /proc would tell it. */
function readThreadId(): number | null {
  try {
    // Reads `PID/task/TID`.
    const tid = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    return Number.isInteger(tid) ? tid : null;
  } catch {
    return null;
  }
}
