import { decodeFrame } from '../../shared/frame-codec.ts';
import type { FrameAcknowledgement, SampleFrame, SamplerMessage } from '../../shared/sample.ts';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { FrameForwarder, type ForwarderClock } from './frame-forwarder.ts';
import { CellSummary, fullCode, HeatmapStore } from './heatmap-store.ts';
import { HeatmapPainter, type BucketView, type PainterLayout } from './painter.ts';
import { paletteFor, type Palette } from './palette.ts';
import type { Hit, PageMessage, Reduction, WorkerMessage } from './protocol.ts';
import type { Surface } from './surface.ts';

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
const defaultWindowMs: Milliseconds = 60_000;

type Range =
  | { readonly state: 'follow'; readonly windowMs: Milliseconds }
  | { readonly state: 'inspect'; readonly startMs: SessionMs; readonly spanMs: Milliseconds };

/**
 * The drawing worker without its globals: takes the sampler's frames, keeps the cores' history, draws it when
 * something has changed, answers what lies under the pointer, and passes frames on to the page.
 */
export class Drawing {
  private readonly host: DrawingHost;
  private readonly forwarder: FrameForwarder;
  private store: HeatmapStore | null = null;
  private painter: HeatmapPainter | null = null;
  private layout: PainterLayout | null = null;
  private surface: Surface | null = null;
  private palette: Palette = paletteFor('dark');
  private reduction: Reduction = 'max';
  private range: Range = { state: 'follow', windowMs: defaultWindowMs };
  private visible = true;
  private frameRequested = false;
  private problemReported = false;
  private paceMs: Milliseconds = 0;
  private drawnAtMs = Number.NEGATIVE_INFINITY;
  /** Session time minus the worker's own clock, by the frame that travelled fastest. */
  private clockOffsetMs = Number.NEGATIVE_INFINITY;

  constructor(host: DrawingHost) {
    this.host = host;
    this.forwarder = new FrameForwarder(host, (buffers) => host.post({ type: 'frames', buffers }, buffers));
  }

  /** Where to draw from now on; null draws nothing. */
  drawOn(surface: Surface | null): void {
    this.surface = surface;
    this.painter = null;
    this.requestDraw();
  }

  /** A message from the page, except what it hands over: that is made usable first. */
  handle(message: Exclude<PageMessage, { type: 'samples-port' | 'canvas' }>): void {
    switch (message.type) {
      case 'layout':
        this.layout = message;
        this.painter = null;
        break;
      case 'theme':
        this.palette = paletteFor(message.theme);
        break;
      case 'reduction':
        this.reduction = message.reduction;
        break;
      case 'visibility':
        this.visible = message.visible;
        break;
      case 'follow':
        this.range = { state: 'follow', windowMs: message.windowMs };
        break;
      case 'inspect':
        this.range = { state: 'inspect', startMs: message.startMs, spanMs: message.spanMs };
        break;
      case 'pace':
        this.paceMs = message.everyMs;
        this.forwarder.everyMs = message.everyMs;
        break;
      case 'hit-test':
        this.host.post({
          type: 'hit',
          requestId: message.requestId,
          hit: this.hit(message.atMs, message.core),
        });
        return;
    }
    this.requestDraw();
  }

  /** A message from the sampler. Frames are acknowledged before anything else is done with them. */
  receive(message: SamplerMessage, acknowledge: (acknowledgement: FrameAcknowledgement) => void): void {
    if (message.type === 'entities' || message.type === 'topology') {
      this.host.post(message);
      return;
    }
    const frame = this.decode(message.buffer);
    if (frame === null) return;
    acknowledge({ type: 'acknowledge', sequence: frame.sequence });
    this.keep(frame);
    this.forwarder.offer(message.buffer);
    if (this.host.nowMs() - this.drawnAtMs >= this.paceMs - paceSlackMs) this.requestDraw();
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
    const cores = frame.coreBusy.length;
    if (cores === 0) return;
    if (this.store === null) {
      this.store = new HeatmapStore(cores);
      this.watchForStall();
    } else if (cores > this.store.cores) {
      this.store = this.store.widened(cores);
    }
    this.clockOffsetMs = Math.max(this.clockOffsetMs, frame.atMs - this.host.nowMs());
    this.store.append(frame.atMs, frame.everyMs, frame.coreBusy);
  }

  /** The newest sample's time, or, when the sampler has been silent for long, the time it is now. */
  private horizonMs(): SessionMs {
    const latestMs = this.store?.latestMs ?? 0;
    const nowMs = this.host.nowMs() + this.clockOffsetMs;
    return nowMs - latestMs > stalledAfterMs ? nowMs : latestMs;
  }

  private watchForStall(): void {
    this.host.after(stallCheckEveryMs, () => {
      const isStalled = this.horizonMs() > (this.store?.latestMs ?? 0);
      if (isStalled && this.range.state === 'follow') this.requestDraw();
      this.watchForStall();
    });
  }

  private requestDraw(): void {
    if (this.frameRequested || !this.visible) return;
    this.frameRequested = true;
    this.host.requestFrame(() => {
      this.frameRequested = false;
      this.draw();
    });
  }

  private view(widthPx: number): BucketView {
    const horizonMs = this.horizonMs();
    if (this.range.state === 'inspect') {
      const bucketMs = this.range.spanMs / widthPx;
      return { firstBucket: Math.round(this.range.startMs / bucketMs), bucketMs, horizonMs };
    }
    const bucketMs = this.range.windowMs / widthPx;
    // Until the window is full it stands still and fills from the left; no time before zero is ever shown.
    const endBucket = Math.max(widthPx, Math.floor(horizonMs / bucketMs) + 1);
    return { firstBucket: endBucket - widthPx, bucketMs, horizonMs };
  }

  private draw(): void {
    this.drawnAtMs = this.host.nowMs();
    const { layout, store, surface } = this;
    if (layout === null || surface === null || layout.widthPx < 1 || layout.heightPx < 1) return;
    this.painter ??= new HeatmapPainter(layout);
    const view = this.view(layout.widthPx);
    if (store !== null) {
      const runs = this.painter.paint(store, this.palette, this.reduction, view);
      surface.present(this.painter, runs, view.firstBucket);
    }
    this.host.post({
      type: 'view',
      startMs: view.firstBucket * view.bucketMs,
      endMs: (view.firstBucket + layout.widthPx) * view.bucketMs,
      live: this.range.state === 'follow',
      firstSampleMs: store?.firstMs ?? null,
      latestSampleMs: store?.latestMs ?? null,
    });
  }

  private hit(atMs: SessionMs, core: number): Hit {
    const { store, layout } = this;
    if (store === null || layout === null || layout.widthPx < 1) return { state: 'outside' };
    const { bucketMs, horizonMs } = this.view(layout.widthPx);
    const bucket = Math.floor(atMs / bucketMs);
    const summary = new CellSummary(store.cores);
    const state = store.readBucket(bucket, bucketMs, horizonMs, summary);
    if (state === 'outside') return { state };
    const range = { startMs: bucket * bucketMs, endMs: (bucket + 1) * bucketMs };
    const samples = summary.count[core] ?? 0;
    if (samples === 0) return { state: 'missing', ...range };
    return {
      state: 'measured',
      ...range,
      min: (summary.min[core] ?? Number.NaN) / fullCode,
      mean: (summary.sum[core] ?? Number.NaN) / samples / fullCode,
      max: (summary.max[core] ?? Number.NaN) / fullCode,
      samples,
    };
  }
}
