import type { RunPlan } from '../protocol.ts';
import type { SendMessage } from './messages.ts';

/** What of a worker's share has been done and not been told yet. */
export class Share {
  private readonly index: number;
  private readonly tasks: number;
  private readonly step: number;
  private readonly send: SendMessage;
  private beganNs: bigint;
  /** As a number; so are the ends. After 104 days without a restart they are off by a nanosecond. */
  private dueNs: number;
  private readonly everyNs: number;
  private endsNs: number[] = [];
  private results: string[] = [];
  private firstTask: number;
  private firstIsTold: boolean;
  private sendingNs = 0;

  /** The first task begins at `beganNs`, and that has been told. */
  constructor(
    index: number,
    { tasks, workers }: RunPlan,
    beganNs: bigint,
    everyNs: number,
    send: SendMessage,
  ) {
    this.index = index;
    this.tasks = tasks;
    this.step = workers;
    this.send = send;
    this.beganNs = beganNs;
    this.everyNs = everyNs;
    this.dueNs = Number(beganNs) + everyNs;
    this.firstTask = index;
    this.firstIsTold = index < tasks;
  }

  /**
   * The next task has just ended. Returns whether it is time to tell. The end of one task is the start of the next: one
   * reading of the clock serves both; what can be computed from it waits.
   */
  add(result: string): boolean {
    const ns = Number(process.hrtime.bigint());
    this.endsNs.push(ns);
    this.results.push(result);
    return ns >= this.dueNs;
  }

  tell(): void {
    const { endsNs, results, firstTask } = this;
    if (results.length === 0) return;
    const next = firstTask + results.length * this.step;
    const nextIsStarted = next < this.tasks;
    let lastNs = Number(this.beganNs);
    const lengthsNs = endsNs.map((ns) => {
      const lengthNs = ns - lastNs;
      lastNs = ns;
      return lengthNs;
    });
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
    this.endsNs = [];
    this.results = [];
    this.firstTask = next;
    this.firstIsTold = nextIsStarted;
    this.beganNs = process.hrtime.bigint();
    const beganAtNs = Number(this.beganNs);
    this.dueNs = beganAtNs + this.everyNs;
    this.sendingNs = beganAtNs - lastNs;
  }
}
