import { decodeFrame } from '../../shared/frame-codec.ts';
import type { FrameAcknowledgement, SampleFrame, SamplerMessage } from '../../shared/sample.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { DrawingView, type ViewHost } from './drawing-view.ts';
import { FrameForwarder, type ForwarderClock } from './frame-forwarder.ts';
import { HistoryKeeper, type History } from './history.ts';
import type { PageMessage, ViewAnswer, WorkerMessage } from './protocol.ts';

/** What the drawing needs from the worker that it runs in. */
export interface DrawingHost extends ForwarderClock {
  post(message: WorkerMessage, transfer?: readonly ArrayBuffer[]): void;
  /** Calls back before the next repaint of the screen; never while the page is hidden. */
  requestFrame(draw: () => void): void;
}

/**
 * Silence after which the sampler counts as stalled and the time that passes is drawn as missing. Smaller: a busy
 * machine's late frame shows as a stall for an instant. Larger: a stall is seen later.
 */
const stalledAfterMs: Milliseconds = 1_500;
const stallCheckEveryMs: Milliseconds = 500;
/** A sample that comes a little early for the pace is drawn: waiting for the next one would miss it by a whole tick. */
const paceSlackMs: Milliseconds = 50;

/**
 * The drawing worker without its globals: takes the sampler's frames, keeps their history, has it drawn on every
 * view when something has changed, and passes frames on to the page.
 */
export class Drawing implements ViewHost {
  private readonly host: DrawingHost;
  private readonly forwarder: FrameForwarder;
  private readonly keeper = new HistoryKeeper();
  private readonly views = new Set<DrawingView>();
  private frameRequested = false;
  private problemReported = false;
  private isWatched = false;
  private paceMs: Milliseconds = 0;
  private drawnAtMs = Number.NEGATIVE_INFINITY;
  /** Session time minus the worker's own clock, by the frame that travelled fastest. */
  private clockOffsetMs = Number.NEGATIVE_INFINITY;

  constructor(host: DrawingHost) {
    this.host = host;
    this.forwarder = new FrameForwarder(host, (buffers) => host.post({ type: 'frames', buffers }, buffers));
  }

  get history(): History | null {
    return this.keeper.history;
  }

  /** One more picture; what it has to say goes to `answer`. */
  openView(answer: (answer: ViewAnswer) => void): DrawingView {
    const view = new DrawingView(this, answer);
    this.views.add(view);
    return view;
  }

  closeView(view: DrawingView): void {
    view.drawOn(null);
    this.views.delete(view);
  }

  /** A message from the page, except what it hands over: that is made usable first. */
  handle(message: Exclude<PageMessage, { type: 'samples-port' | 'open-view' | 'spent' }>): void {
    switch (message.type) {
      case 'pace':
        this.paceMs = message.everyMs;
        this.forwarder.everyMs = message.everyMs;
        break;
      case 'workers':
        this.keeper.setWorkers(message.workers);
        break;
    }
  }

  /** A message from the sampler. Frames are acknowledged before anything else is done with them. */
  receive(message: SamplerMessage, acknowledge: (acknowledgement: FrameAcknowledgement) => void): void {
    if (message.type !== 'frame') {
      this.host.post(message);
      if (message.type === 'entities') this.keepEntities(message);
      return;
    }
    const frame = this.decode(message.buffer);
    if (frame === null) return;
    acknowledge({ type: 'acknowledge', sequence: frame.sequence });
    this.keep(frame);
    this.forwarder.offer(message.buffer);
    if (this.host.nowMs() - this.drawnAtMs >= this.paceMs - paceSlackMs) this.drawViews();
  }

  private keepEntities({ appeared, goneKeys }: Extract<SamplerMessage, { type: 'entities' }>): void {
    const processes = this.keeper.receiveEntities(appeared, goneKeys);
    if (processes.length === 0) return;
    this.host.post({ type: 'placed', sinceMs: this.history?.latestMs ?? 0, processes });
  }

  private decode(buffer: ArrayBuffer): SampleFrame | null {
    try {
      return decodeFrame(buffer);
    } catch (error) {
      // Said once: a sampler that speaks another layout would otherwise say so ten times a second.
      if (!this.problemReported) {
        this.problemReported = true;
        const problem = {
          kind: 'frame-unreadable',
          message: `The sampler sent a frame that cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
          advice: 'Restart Corescope; if it happens again, report it with the version shown in About.',
        };
        this.host.post({ type: 'problem', problem });
      }
      return null;
    }
  }

  private keep(frame: SampleFrame): void {
    if (!this.keeper.receive(frame)) return;
    this.clockOffsetMs = Math.max(this.clockOffsetMs, frame.atMs - this.host.nowMs());
    if (this.isWatched) return;
    this.isWatched = true;
    this.watchForStall();
  }

  horizonMs(): SessionMs {
    const latestMs = this.history?.latestMs ?? 0;
    const nowMs = this.host.nowMs() + this.clockOffsetMs;
    return nowMs - latestMs > stalledAfterMs ? nowMs : latestMs;
  }

  private watchForStall(): void {
    this.host.after(stallCheckEveryMs, () => {
      if (this.horizonMs() > (this.history?.latestMs ?? 0)) {
        for (const view of this.views) if (view.isFollowing) view.drawSoon();
      }
      this.watchForStall();
    });
  }

  private drawViews(): void {
    for (const view of this.views) view.drawSoon();
  }

  requestDraw(): void {
    if (this.frameRequested) return;
    this.frameRequested = true;
    this.host.requestFrame(() => {
      this.frameRequested = false;
      this.drawnAtMs = this.host.nowMs();
      for (const view of this.views) view.draw();
    });
  }
}
