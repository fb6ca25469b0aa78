import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import { CellSummary, fullCode } from './cell-summary.ts';
import type { History } from './history.ts';
import { laneEndFor } from './lane-painter.ts';
import { HeatmapPainter, type BucketView, type PainterLayout } from './painter.ts';
import { paletteFor, type Palette } from './palette.ts';
import type { CellColumn, HeatMode, Hit, LaneId, Reduction, ViewAnswer, ViewRequest } from './protocol.ts';
import { rangeStatistics } from './range-statistics.ts';
import { emptyStretch } from './sample-times.ts';
import type { Surface } from './surface.ts';
import { tracksBy, type TrackId } from './track-store.ts';

const defaultWindowMs: Milliseconds = 60_000;
/** More columns than a table can show. */
const mostTableColumns = 2_000;

type Range =
  | { readonly state: 'follow'; readonly windowMs: Milliseconds }
  | { readonly state: 'inspect'; readonly startMs: SessionMs; readonly spanMs: Milliseconds };

/** What a picture needs from the drawing that it belongs to. */
export interface ViewHost {
  readonly history: History | null;
  /** The newest sample's time, or, when the sampler has been silent for long, the time it is now. */
  horizonMs(): SessionMs;
  /** Has `draw` called before the next repaint of the screen. */
  requestDraw(): void;
}

/** One picture of the history: what it shows, how, where, and what lies under its pointer. */
export class DrawingView {
  private readonly host: ViewHost;
  private readonly answer: (answer: ViewAnswer) => void;
  private painter: HeatmapPainter | null = null;
  private layout: PainterLayout | null = null;
  private surface: Surface | null = null;
  private palette: Palette = paletteFor('dark');
  private mode: HeatMode = 'busy';
  private reduction: Reduction = 'max';
  private range: Range = { state: 'follow', windowMs: defaultWindowMs };
  private visible = true;
  private isDue = false;
  private presentedFrom = Number.NaN;
  private readonly stretch = emptyStretch();

  constructor(host: ViewHost, answer: (answer: ViewAnswer) => void) {
    this.host = host;
    this.answer = answer;
  }

  /** Whether time that passes without a sample changes the picture. */
  get isFollowing(): boolean {
    return this.range.state === 'follow';
  }

  /** Whether there is anybody to see what would be drawn. */
  get isSeen(): boolean {
    return this.visible && this.layout !== null && this.layout.widthPx >= 1 && this.layout.heightPx >= 1;
  }

  /** Where to draw from now on; null draws nothing. */
  drawOn(surface: Surface | null): void {
    this.surface = surface;
    this.painter = null;
    this.drawSoon();
  }

  /** A request from the page, except what it hands over: that is made usable first. */
  handle(request: Exclude<ViewRequest, { type: 'canvas' | 'close' }>): void {
    switch (request.type) {
      case 'layout':
        this.layout = request;
        this.painter = null;
        break;
      case 'theme':
        this.palette = paletteFor(request.theme, request.scale);
        break;
      case 'mode':
        this.mode = request.mode;
        break;
      case 'reduction':
        this.reduction = request.reduction;
        break;
      case 'visibility':
        this.visible = request.visible;
        break;
      case 'follow':
        this.range = { state: 'follow', windowMs: request.windowMs };
        break;
      case 'inspect':
        this.range = { state: 'inspect', startMs: request.startMs, spanMs: request.spanMs };
        break;
      case 'hit-test': {
        const { requestId, atMs, core } = request;
        this.answer({ type: 'hit', requestId, hit: this.hit(atMs, core) });
        return;
      }
      case 'summarize': {
        const { requestId, startMs, endMs } = request;
        const { history } = this.host;
        const statistics = history === null ? null : rangeStatistics(history, startMs, endMs);
        this.answer({ type: 'statistics', requestId, statistics });
        return;
      }
      case 'tabulate': {
        const { requestId, startMs, endMs } = request;
        const columns = Math.min(mostTableColumns, Math.max(1, Math.floor(request.columns)));
        const columnMs = (endMs - startMs) / columns;
        this.answer({ type: 'cells', requestId, columnMs, columns: this.cells(startMs, columnMs, columns) });
        return;
      }
    }
    this.drawSoon();
  }

  /** Draws before the next repaint, if there is anybody to see it. */
  drawSoon(): void {
    this.isDue = true;
    if (this.isSeen) this.host.requestDraw();
  }

  /** Draws if it is due. */
  draw(): void {
    const { layout, surface } = this;
    if (!this.isDue || !this.isSeen || layout === null || surface === null) return;
    this.isDue = false;
    const isNew = this.painter === null;
    this.painter ??= new HeatmapPainter(layout);
    const { history } = this.host;
    const view = this.view(layout.widthPx);
    const startMs = view.firstBucket * view.bucketMs;
    const endMs = (view.firstBucket + layout.widthPx) * view.bucketMs;
    const laneEnds = this.laneEnds(history, startMs, endMs);
    if (history !== null) {
      const look = { palette: this.palette, mode: this.mode, reduction: this.reduction, laneEnds };
      const runs = this.painter.paint(history, look, view);
      const isMoved = view.firstBucket !== this.presentedFrom;
      if (isNew || isMoved || runs.length > 0) surface.present(this.painter, runs, view.firstBucket);
      this.presentedFrom = view.firstBucket;
    }
    this.answer({
      type: 'view',
      startMs,
      endMs,
      live: this.isFollowing,
      firstSampleMs: history?.heat.firstMs ?? null,
      latestSampleMs: history?.latestMs ?? null,
      laneEnds,
      newest: this.tracksBefore(history, endMs),
    });
  }

  private tracksBefore(history: History | null, atMs: SessionMs): Readonly<Record<TrackId, number>> {
    const index = (history?.heat.times.firstSampleFrom(atMs) ?? 0) - 1;
    const isKept = history !== null && index >= history.heat.times.firstIndex;
    return tracksBy((id) => (isKept ? history.tracks.value(index, id) : Number.NaN));
  }

  private laneEnds(
    history: History | null,
    startMs: SessionMs,
    endMs: SessionMs,
  ): Readonly<Record<LaneId, number>> {
    if (history === null) return { cores: Number.NaN, wait: Number.NaN, memory: Number.NaN };
    const stretch = history.heat.times.between(startMs, endMs, this.stretch);
    return {
      cores: laneEndFor('cores', history, stretch),
      wait: laneEndFor('wait', history, stretch),
      memory: laneEndFor('memory', history, stretch),
    };
  }

  private view(widthPx: number): BucketView {
    const horizonMs = this.host.horizonMs();
    if (this.range.state === 'inspect') {
      const bucketMs = this.range.spanMs / widthPx;
      return { firstBucket: Math.round(this.range.startMs / bucketMs), bucketMs, horizonMs };
    }
    const bucketMs = this.range.windowMs / widthPx;
    // Until the window is full it stands still and fills from the left; no time before zero is ever shown.
    const endBucket = Math.max(widthPx, Math.floor(horizonMs / bucketMs) + 1);
    return { firstBucket: endBucket - widthPx, bucketMs, horizonMs };
  }

  private hit(atMs: SessionMs, core: number): Hit {
    const { layout } = this;
    const { history } = this.host;
    if (history === null || layout === null || layout.widthPx < 1) return { state: 'outside' };
    const { heat, placements, tracks } = history;
    const { bucketMs, horizonMs } = this.view(layout.widthPx);
    const bucket = Math.floor(atMs / bucketMs);
    const stretch = heat.times.find(bucket, bucketMs, horizonMs, this.stretch);
    if (stretch.state === 'outside') return { state: 'outside' };
    const range = { startMs: bucket * bucketMs, endMs: (bucket + 1) * bucketMs };
    if (stretch.state === 'missing') return { state: 'missing', ...range };
    const summary = new CellSummary(heat.cores);
    summary.clear();
    heat.reduce(stretch, summary);
    const samples = summary.count[core] ?? 0;
    if (samples === 0) return { state: 'missing', ...range };
    const { slot, waitCode } = placements.read(stretch, core);
    return {
      state: 'measured',
      ...range,
      min: (summary.min[core] ?? Number.NaN) / fullCode,
      mean: (summary.sum[core] ?? Number.NaN) / samples / fullCode,
      max: (summary.max[core] ?? Number.NaN) / fullCode,
      samples,
      slot,
      waitShare: shareOfCode(waitCode),
      tracks: tracksBy((id) => tracks.read(stretch, id).mean),
    };
  }

  /** Columns of equal length from `startMs` on. A sample counts for the column in which it ended. */
  private cells(startMs: SessionMs, columnMs: Milliseconds, columns: number): CellColumn[] {
    const { history } = this.host;
    if (history === null) return [];
    const { heat, placements } = history;
    const summary = new CellSummary(heat.cores);
    const place = (core: number) => placements.read(this.stretch, core);
    return Array.from({ length: columns }, (_, column) => {
      const fromMs = startMs + column * columnMs;
      summary.clear();
      heat.reduce(heat.times.between(fromMs, fromMs + columnMs, this.stretch), summary);
      const shareOf = (sum: number, core: number): number =>
        (summary.count[core] ?? 0) === 0 ? Number.NaN : sum / fullCode;
      return {
        startMs: fromMs,
        mean: summary.sum.map((sum, core) => shareOf(sum / (summary.count[core] ?? 1), core)),
        max: Float64Array.from(summary.max, shareOf),
        slot: Uint8Array.from(summary.max, (_, core) => place(core).slot),
        waitShare: Float64Array.from(summary.max, (_, core) => shareOfCode(place(core).waitCode)),
      };
    });
  }
}

function shareOfCode(code: number): number {
  return code > fullCode ? Number.NaN : code / fullCode;
}
