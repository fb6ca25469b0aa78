import type { RunPlan } from '../protocol.ts';
import type { SendMessage } from './messages.ts';

/** What of a worker's share has been done and not been told yet. */
export class Share {
  private readonly index: number;
  private readonly tasks: number;
  private readonly step: number;
  private readonly send: SendMessage;
  private beganNs: bigint;
  /** Numbers, for two of them differ without a new object; they lose a nanosecond after 104 days without a restart. */
  private beganAtNs: number;
  private lastNs: number;
  private lengthsNs: number[] = [];
  private results: string[] = [];
  private firstTask: number;
  private firstIsTold: boolean;
  private sendingNs = 0;

  /** The first task begins at `beganNs`, and that has been told. */
  constructor(index: number, { tasks, workers }: RunPlan, beganNs: bigint, send: SendMessage) {
    this.index = index;
    this.tasks = tasks;
    this.step = workers;
    this.send = send;
    this.beganNs = beganNs;
    this.beganAtNs = Number(beganNs);
    this.lastNs = this.beganAtNs;
    this.firstTask = index;
    this.firstIsTold = index < tasks;
  }

  /**
   * The next task has just ended. Returns for how long nothing has been told. The end of one task is the start of the
   * next: one reading of the clock serves both.
   */
  add(result: string): number {
    const ns = Number(process.hrtime.bigint());
    this.lengthsNs.push(ns - this.lastNs);
    this.results.push(result);
    this.lastNs = ns;
    return ns - this.beganAtNs;
  }

  tell(): void {
    const { lengthsNs, results, firstTask, lastNs } = this;
    if (results.length === 0) return;
    const next = firstTask + results.length * this.step;
    const nextIsStarted = next < this.tasks;
    this.send({
      type: 'share-tasks',
      ns: String(this.beganNs),
      worker: this.index,
      lengthsNs,
      results,
      firstTask,
      taskStep: this.step,
      firstIsTold: this.firstIsTold,
      nextIsStarted,
      sendingNs: this.sendingNs,
    });
    this.lengthsNs = [];
    this.results = [];
    this.firstTask = next;
    this.firstIsTold = nextIsStarted;
    this.beganNs = process.hrtime.bigint();
    this.beganAtNs = Number(this.beganNs);
    this.lastNs = this.beganAtNs;
    this.sendingNs = this.beganAtNs - lastNs;
  }
}
