import type { RunPlan } from '../protocol.ts';
import type { SendMessage } from './messages.ts';

/** What of a worker's share has been done and not been told yet. */
export class Share {
  private readonly index: number;
  private readonly tasks: number;
  private readonly step: number;
  private readonly send: SendMessage;
  private beganNs: bigint;
  /** When it is time to tell. As a number, as `lastNs` is. After 104 days without a restart they are off by a nanosecond. */
  dueNs: number;
  private readonly everyNs: number;
  /** When the last task ended, or the first began. */
  lastNs: number;
  /** One each for every task that has been done, in order: the loop over tasks adds to them itself. */
  readonly lengthsNs: number[] = [];
  readonly results: string[] = [];
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
    this.lastNs = Number(beganNs);
    this.dueNs = this.lastNs + everyNs;
    this.firstTask = index;
    this.firstIsTold = index < tasks;
  }

  tell(): void {
    const { lengthsNs, results, firstTask } = this;
    if (results.length === 0) return;
    const next = firstTask + results.length * this.step;
    const nextIsStarted = next < this.tasks;
    this.send({
      type: 'share-tasks',
      ns: String(this.beganNs),
      worker: this.index,
      lengthsNs: lengthsNs.slice(),
      results: results.slice(),
      firstTask,
      taskStep: this.step,
      firstIsTold: this.firstIsTold,
      nextIsStarted,
      sendingNs: this.sendingNs,
    });
    // The arrays themselves stay, for the loop holds on to them.
    lengthsNs.length = 0;
    results.length = 0;
    this.firstTask = next;
    this.firstIsTold = nextIsStarted;
    this.beganNs = process.hrtime.bigint();
    const beganAtNs = Number(this.beganNs);
    this.dueNs = beganAtNs + this.everyNs;
    this.sendingNs = beganAtNs - this.lastNs;
    this.lastNs = beganAtNs;
  }
}
