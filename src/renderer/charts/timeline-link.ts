import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type {
  CellColumn,
  Hit,
  PageMessage,
  ViewAnswer,
  ViewMessage,
  ViewRequest,
} from '../drawing/protocol.ts';
import type { RangeStatistics } from '../drawing/range-statistics.ts';

type Answer = Extract<ViewAnswer, { readonly requestId: number }>;

export interface CellTable {
  readonly columnMs: Milliseconds;
  readonly columns: readonly CellColumn[];
}

/** One picture's own line to the drawing worker: what it asks, and what comes back for it. */
export class TimelineLink {
  private readonly port: MessagePort;
  private readonly waiting = new Map<number, (answer: Answer) => void>();
  private requests = 0;

  constructor(worker: Worker, onView: (view: ViewMessage) => void) {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    port1.onmessage = ({ data }: MessageEvent<ViewAnswer>) => {
      if (data.type === 'view') {
        onView(data);
        return;
      }
      this.waiting.get(data.requestId)?.(data);
      this.waiting.delete(data.requestId);
    };
    const open: PageMessage = { type: 'open-view', port: port2 };
    worker.postMessage(open, [port2]);
  }

  send(request: ViewRequest, transfer: Transferable[] = []): void {
    this.port.postMessage(request, transfer);
  }

  /** What lies at a time on a core. */
  hit(atMs: SessionMs, core: number, answer: (hit: Hit) => void): void {
    const requestId = this.expect((message) => {
      if (message.type === 'hit') answer(message.hit);
    });
    this.send({ type: 'hit-test', requestId, atMs, core });
  }

  /** Null while nothing was sampled. */
  summarize(startMs: SessionMs, endMs: SessionMs): Promise<RangeStatistics | null> {
    return new Promise((resolve) => {
      const requestId = this.expect((message) => {
        if (message.type === 'statistics') resolve(message.statistics);
      });
      this.send({ type: 'summarize', requestId, startMs, endMs });
    });
  }

  tabulate(startMs: SessionMs, endMs: SessionMs, columns: number): Promise<CellTable> {
    return new Promise((resolve) => {
      const requestId = this.expect((message) => {
        if (message.type === 'cells') resolve({ columnMs: message.columnMs, columns: message.columns });
      });
      this.send({ type: 'tabulate', requestId, startMs, endMs, columns });
    });
  }

  /** What was asked and not answered stays unanswered. */
  close(): void {
    this.send({ type: 'close' });
    this.port.close();
    this.waiting.clear();
  }

  private expect(answer: (message: Answer) => void): number {
    this.requests += 1;
    this.waiting.set(this.requests, answer);
    return this.requests;
  }
}
