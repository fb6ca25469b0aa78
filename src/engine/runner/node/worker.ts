import { readlinkSync } from 'node:fs';
import { type WorkerKind } from '../../../shared/experiment-event.ts';
import { type TaskContext } from '../../workloads/node-task.ts';
import { type FinishedTask, type PooledTask, type SendMessage, type StartedTask } from './messages.ts';
import { listenForMarks } from './marks.ts';
import { makeRunFolder } from './run-folder.ts';
import { type Work } from './work.ts';
import { type WorkerStart } from './worker-start.ts';

/**
 * What has happened is told at most every 20 ms: a task of microseconds must not be dwarfed by the message about
 * it. Longer would make the progress on the screen jump; shorter would show in the timings of short tasks.
 */
const tellEveryNs = 20_000_000n;

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
  // A worker that is to die must not take with it what it has done.
  const everyNs = plan.onWorkerFailure === 'observe' ? 0n : tellEveryNs;
  let toldNs = 0n;

  function report(name: string, value: number, unit: string): void {
    if (!Number.isFinite(value)) throw new RangeError(`the figure "${name}" is ${value}`);
    send({ type: 'metric', ns: String(process.hrtime.bigint()), worker: index, name, value, unit });
  }
  function note(text: string): void {
    send({ type: 'note', ns: String(process.hrtime.bigint()), worker: index, text });
  }
  // Workloads of the catalogue set no marks, and must not pay for listening.
  const marks = work.workload === null ? listenForMarks(index, send) : null;
  const contextFor = (task: number): TaskContext => new Context(start, task, report, note);

  function ready(firstTask: number | null): void {
    toldNs = process.hrtime.bigint();
    const worker = { index, name: `worker ${index + 1}`, pid: process.pid, tid: readThreadId(), kind };
    send({ type: 'ready', ns: String(toldNs), worker, firstTask });
  }

  async function doShare(): Promise<void> {
    let started: StartedTask[] = [];
    let finished: FinishedTask[] = [];
    let sendingNs = 0;
    function tell(): void {
      if (started.length + finished.length === 0) return;
      const beganNs = process.hrtime.bigint();
      send({ type: 'tasks', worker: index, started, finished, sendingNs });
      sendingNs = Number(process.hrtime.bigint() - beganNs);
      started = [];
      finished = [];
    }
    ready(index < tasks ? index : null);
    try {
      for (let task = index; task < tasks; task += workers) {
        const outcome = work.run(contextFor(task));
        // Waiting for what is there already would cost a short task as much as it takes.
        const result = typeof outcome === 'string' ? outcome : await outcome;
        const ns = process.hrtime.bigint();
        marks?.tell();
        finished.push({ task, ns: String(ns), result });
        // The end of one task is the start of the next: one reading of the clock serves both.
        if (task + workers < tasks) started.push({ task: task + workers, ns: String(ns) });
        if (ns - toldNs >= everyNs) {
          tell();
          toldNs = ns;
        }
      }
    } finally {
      marks?.tell();
      tell();
    }
  }

  async function doTask(task: number): Promise<PooledTask> {
    const startedNs = process.hrtime.bigint();
    const tellNow = startedNs - toldNs >= everyNs;
    if (tellNow) {
      const started = [{ task, ns: String(startedNs) }];
      send({ type: 'tasks', worker: index, started, finished: [], sendingNs: 0 });
      toldNs = startedNs;
    }
    const result = await work.run(contextFor(task));
    const finishedNs = String(process.hrtime.bigint());
    marks?.tell();
    return {
      task,
      worker: index,
      startedNs: String(startedNs),
      startIsTold: tellNow,
      finishedNs,
      result,
    };
  }

  return { ready, doShare, doTask, contextFor };
}

/** Made for every task: a class costs a fraction of an object with a getter of its own. */
class Context implements TaskContext {
  readonly task: number;
  readonly tasks: number;
  readonly worker: number;
  readonly workers: number;
  readonly strategy: TaskContext['strategy'];
  readonly seed: number;
  readonly shared: unknown;
  readonly report: TaskContext['report'];
  readonly note: TaskContext['note'];
  readonly #folder: string;

  constructor(
    { plan, index, shared, folder }: WorkerStart,
    task: number,
    report: TaskContext['report'],
    note: TaskContext['note'],
  ) {
    this.task = task;
    this.tasks = plan.tasks;
    this.worker = index;
    this.workers = plan.workers;
    this.strategy = plan.strategy;
    this.seed = plan.seed;
    this.shared = shared;
    this.report = report;
    this.note = note;
    this.#folder = folder;
  }

  get folder(): string {
    return makeRunFolder(this.#folder);
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
