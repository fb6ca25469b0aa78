import { readlinkSync } from 'node:fs';
import { type WorkerKind } from '../../../shared/experiment-event.ts';
import { type TaskContext } from '../../workloads/node-task.ts';
import { mostTasksPerMessage } from '../protocol.ts';
import { listenForMarks } from './marks.ts';
import { type PooledTask, type SendMessage } from './messages.ts';
import { makeRunFolder } from './run-folder.ts';
import { type Work } from './work.ts';
import { type WorkerStart } from './worker-start.ts';

/**
 * What has happened is told at most every 20 ms: a task of microseconds must not be dwarfed by the message about
 * it. Longer would make the progress on the screen jump; shorter would show in the timings of short tasks.
 */
const tellEveryNs = 20_000_000;

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
  const everyNs = plan.onWorkerFailure === 'observe' ? 0 : tellEveryNs;
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
    let lengthsNs: number[] = [];
    let results: string[] = [];
    let sendingNs = 0;
    let firstTask = index;
    let firstIsTold = index < tasks;
    ready(firstIsTold ? index : null);
    let beganNs = toldNs;
    let lastNs = toldNs;

    function tell(): void {
      if (results.length === 0) return;
      const next = firstTask + results.length * workers;
      const nextIsStarted = next < tasks;
      send({
        type: 'share-tasks',
        ns: String(beganNs),
        worker: index,
        lengthsNs,
        results,
        firstTask,
        taskStep: workers,
        firstIsTold,
        nextIsStarted,
        sendingNs,
      });
      lengthsNs = [];
      results = [];
      firstTask = next;
      firstIsTold = nextIsStarted;
      beganNs = process.hrtime.bigint();
      sendingNs = Number(beganNs - lastNs);
      lastNs = beganNs;
    }
    // A number, not a difference of two readings: one fewer object for each task.
    let untoldNs = 0;
    try {
      for (let task = index; task < tasks; task += workers) {
        const outcome = work.run(contextFor(task));
        // Waiting for what is there already would cost a short task as much as it takes.
        const result = typeof outcome === 'string' ? outcome : await outcome;
        // The end of one task is the start of the next: one reading of the clock serves both.
        const ns = process.hrtime.bigint();
        const lengthNs = Number(ns - lastNs);
        lastNs = ns;
        results.push(result);
        lengthsNs.push(lengthNs);
        untoldNs += lengthNs;
        if (untoldNs >= everyNs || results.length >= mostTasksPerMessage) {
          marks?.tell();
          tell();
          untoldNs = 0;
        }
      }
    } finally {
      marks?.tell();
      tell();
    }
  }

  async function doTask(task: number): Promise<PooledTask> {
    const startedNs = process.hrtime.bigint();
    const tellNow = Number(startedNs - toldNs) >= everyNs;
    if (tellNow) {
      send({ type: 'task-started', ns: String(startedNs), worker: index, task });
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

/**
 * Made for every task: a class costs a fraction of an object with a getter of its own. Its fields are declared only:
 * a field that is defined before it is assigned takes ten times as long, which is as much as a short task.
 */
class Context implements TaskContext {
  declare readonly task: number;
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
