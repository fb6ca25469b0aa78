import { CustomChart, LineChart } from 'echarts/charts';
import { AxisPointerComponent, GraphicComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { Milliseconds } from '../../shared/units.ts';
import type {
  Hit,
  PageMessage,
  Reduction,
  ThemeName,
  ViewMessage,
  WorkerMessage,
} from '../drawing/protocol.ts';
import { chartFontSize, fontFamilyOf } from './chart-theme.ts';
import { pointAt, type MemoryPoint } from './memory-series.ts';
import type { CoreRow } from './core-rows.ts';
import { bandAt, bandBoxes, type BandBox, type RunBand } from './run-bands.ts';
import { prepareHost, scrollLayer } from './timeline-elements.ts';
import { listenForInput } from './timeline-input.ts';
import { timelineLayout, type TimelineLayout } from './timeline-layout.ts';
import { seriesIds, timelineOption, timelineUpdate, type TimelineContent } from './timeline-options.ts';
import { bandCard, coreCard, memoryCard } from './timeline-tooltip.ts';
import { panRange, zoomRange, type TimeBounds, type TimeRange } from './time-range.ts';

export type { MemoryPoint } from './memory-series.ts';
export type { RunBand } from './run-bands.ts';

use([
  AxisPointerComponent,
  CanvasRenderer,
  CustomChart,
  GraphicComponent,
  GridComponent,
  LineChart,
  TooltipComponent,
]);

/** What is shown, and whether it follows the newest sample. */
export interface ShownRange extends TimeRange {
  readonly live: boolean;
}

export interface TimelineSettings {
  /** Gets a canvas and a chart as children, is made focusable, and must have a size. */
  readonly host: HTMLElement;
  readonly worker: Worker;
  readonly theme: ThemeName;
  readonly rows: readonly CoreRow[];
  /** Length of the window that follows the newest sample. */
  readonly liveWindowMs?: Milliseconds;
}

export interface Timeline {
  setTheme(theme: ThemeName): void;
  /** In order of time. */
  setRunBands(bands: readonly RunBand[]): void;
  /** In order of time. */
  setMemory(points: readonly MemoryPoint[]): void;
  /** The cores, from the top. */
  setRows(rows: readonly CoreRow[]): void;
  setReduction(reduction: Reduction): void;
  /** Draws new samples no more often than this; 0 draws each as it comes. What the user does is drawn at once. */
  setPace(everyMs: Milliseconds): void;
  backToLive(): void;
  readonly isLive: boolean;
  /** Called when what is shown changes, about as often as frames arrive while live. Returns what ends the calls. */
  onRangeChange(listener: (range: ShownRange) => void): () => void;
  /** Follows the host by itself; for a change of style that leaves the size as it is. */
  resize(): void;
  destroy(): void;
}

/**
 * A redraw of the chart costs about 10 ms on two slow cores, whatever has changed. Between two redraws the parts
 * that scroll are moved as a picture, so a longer pause only means that new memory values show later.
 */
const leastRedrawEveryMs: Milliseconds = 500;
const defaultLiveWindowMs: Milliseconds = 60_000;
/** How far the scrolling parts reach past the plot; what comes in is empty axis and the run that is on. */
const overhangPx = 20;

export function createTimeline(settings: TimelineSettings): Timeline {
  return new LiveTimeline(settings);
}

class LiveTimeline implements Timeline {
  private readonly host: HTMLElement;
  private readonly worker: Worker;
  private readonly liveWindowMs: Milliseconds;
  private readonly canvas = document.createElement('canvas');
  private readonly chartElement = document.createElement('div');
  private readonly abort = new AbortController();
  private readonly resizeObserver: ResizeObserver;
  private readonly stopInput: () => void;
  private readonly rangeListeners = new Set<(range: ShownRange) => void>();
  private readonly textContext = document.createElement('canvas').getContext('2d');
  private chart: ECharts;
  private theme: ThemeName;
  private rows: readonly CoreRow[];
  private bands: readonly RunBand[] = [];
  private memory: readonly MemoryPoint[] = [];
  private layout: TimelineLayout;
  private live = true;
  /** The range that the worker drew last, or that has been asked of it. */
  private range: TimeRange;
  private bounds: TimeBounds = { firstMs: 0, latestMs: 0 };
  /** The range that the chart was last drawn for; null asks for it to be drawn anew. */
  private drawnRange: TimeRange | null = null;
  private drawnBoxes: readonly BandBox[] = [];
  private redrawEveryMs = leastRedrawEveryMs;
  private redrawnAtMs = Number.NEGATIVE_INFINITY;
  private redrawTimer: ReturnType<typeof setTimeout> | null = null;
  private redrawFrame: number | null = null;
  private canvasPx = { width: 0, height: 0 };
  private chartPixelRatio = window.devicePixelRatio;
  private pointer = { x: 0, y: 0 };
  private hitRequest: { readonly id: number; readonly answer: (hit: Hit) => void } | null = null;
  private hitRequests = 0;
  private lastCoreCard: HTMLElement | null = null;

  constructor({ host, worker, theme, rows, liveWindowMs = defaultLiveWindowMs }: TimelineSettings) {
    this.host = host;
    this.worker = worker;
    this.theme = theme;
    this.rows = rows;
    this.liveWindowMs = liveWindowMs;
    this.range = { startMs: 0, spanMs: liveWindowMs };
    this.layout = this.layOut();
    prepareHost(host, this.canvas, this.chartElement);
    this.chart = this.createChart();

    const offscreen = this.canvas.transferControlToOffscreen();
    this.send({ type: 'canvas', canvas: offscreen }, [offscreen]);
    this.send({ type: 'theme', theme });
    this.send({ type: 'follow', windowMs: liveWindowMs });
    this.sendVisibility();

    const { signal } = this.abort;
    worker.addEventListener('message', (event: MessageEvent<WorkerMessage>) => this.receive(event.data), {
      signal,
    });
    document.addEventListener('visibilitychange', () => this.sendVisibility(), { signal });
    this.stopInput = listenForInput(host, () => this.layout.heat, {
      zoom: (fraction, factor) => this.inspect(zoomRange(this.range, fraction, factor, this.bounds)),
      pan: (fraction) => this.inspect(panRange(this.range, fraction, this.bounds)),
      backToLive: () => this.backToLive(),
    });
    this.resizeObserver = new ResizeObserver((entries) => this.resized(entries));
    this.resizeObserver.observe(host);
    // Tells the canvas's size in device pixels, and tells it again when the window moves to another screen.
    this.resizeObserver.observe(this.canvas, { box: 'device-pixel-content-box' });
  }

  get isLive(): boolean {
    return this.live;
  }

  setTheme(theme: ThemeName): void {
    if (theme === this.theme) return;
    this.theme = theme;
    this.send({ type: 'theme', theme });
    this.redraw('whole');
  }

  setRunBands(bands: readonly RunBand[]): void {
    this.bands = bands;
    this.redrawSoon();
  }

  setMemory(points: readonly MemoryPoint[]): void {
    this.memory = points;
    this.redrawSoon();
  }

  setRows(rows: readonly CoreRow[]): void {
    if (rows === this.rows) return;
    this.rows = rows;
    this.sendLayout();
    this.resize();
  }

  setReduction(reduction: Reduction): void {
    this.send({ type: 'reduction', reduction });
  }

  setPace(everyMs: Milliseconds): void {
    this.redrawEveryMs = Math.max(leastRedrawEveryMs, 2 * everyMs);
    this.send({ type: 'pace', everyMs });
  }

  backToLive(): void {
    if (this.live) return;
    this.live = true;
    this.drawnRange = null;
    this.send({ type: 'follow', windowMs: this.liveWindowMs });
  }

  onRangeChange(listener: (range: ShownRange) => void): () => void {
    this.rangeListeners.add(listener);
    return () => this.rangeListeners.delete(listener);
  }

  resize(): void {
    this.layout = this.layOut();
    const { x, y, width, height } = this.layout.heat;
    const style = { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
    Object.assign(this.canvas.style, style);
    if (this.chartPixelRatio === window.devicePixelRatio) {
      this.chart.resize();
    } else {
      // A chart keeps the pixel ratio that it was made with.
      this.chart.dispose();
      this.chart = this.createChart();
    }
    this.redraw('whole');
  }

  destroy(): void {
    this.abort.abort();
    this.stopInput();
    this.resizeObserver.disconnect();
    if (this.redrawTimer !== null) clearTimeout(this.redrawTimer);
    if (this.redrawFrame !== null) cancelAnimationFrame(this.redrawFrame);
    this.rangeListeners.clear();
    this.send({ type: 'canvas', canvas: null });
    this.chart.dispose();
    this.canvas.remove();
    this.chartElement.remove();
  }

  private layOut(): TimelineLayout {
    const hasGroups = this.rows.some(({ group }) => group !== null);
    return timelineLayout(this.host.clientWidth, this.host.clientHeight, hasGroups);
  }

  private createChart(): ECharts {
    this.chartPixelRatio = window.devicePixelRatio;
    const chart = init(this.chartElement, null, {
      renderer: 'canvas',
      devicePixelRatio: this.chartPixelRatio,
    });
    chart.getZr().on('mousemove', ({ offsetX, offsetY }) => {
      this.pointer = { x: offsetX, y: offsetY };
    });
    return chart;
  }

  private resized(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, devicePixelContentBoxSize } of entries) {
      if (target === this.host) this.resize();
      const size = devicePixelContentBoxSize[0];
      if (target !== this.canvas || size === undefined) continue;
      this.canvasPx = { width: size.inlineSize, height: size.blockSize };
      this.sendLayout();
      if (this.chartPixelRatio !== window.devicePixelRatio) this.resize();
    }
  }

  private send(message: PageMessage, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  private sendLayout(): void {
    this.send({
      type: 'layout',
      widthPx: this.canvasPx.width,
      heightPx: this.canvasPx.height,
      devicePixelRatio: window.devicePixelRatio,
      rows: this.rows.map(({ core, gap }) => ({ core, gap })),
    });
  }

  private sendVisibility(): void {
    this.send({ type: 'visibility', visible: document.visibilityState === 'visible' });
  }

  private receive(message: WorkerMessage): void {
    if (message.type === 'view') this.viewDrawn(message);
    if (message.type === 'hit' && message.requestId === this.hitRequest?.id)
      this.hitRequest.answer(message.hit);
  }

  private viewDrawn({ startMs, live, firstSampleMs, latestSampleMs }: ViewMessage): void {
    this.bounds = { firstMs: firstSampleMs ?? 0, latestMs: latestSampleMs ?? 0 };
    // A view of the other state was on its way while the state changed.
    if (live !== this.live || !live) return;
    const moved = startMs !== this.range.startMs;
    this.range = { startMs, spanMs: this.liveWindowMs };
    const scrolledMs = this.drawnRange === null ? Number.NaN : startMs - this.drawnRange.startMs;
    const isDue = performance.now() - this.redrawnAtMs >= this.redrawEveryMs;
    if (isDue || !(scrolledMs >= 0)) {
      this.redraw('time');
    } else {
      this.scrollChart();
      this.redrawSoon();
    }
    if (moved) this.announceRange();
  }

  private inspect(range: TimeRange): void {
    if (this.bounds.latestMs === 0) return;
    this.live = false;
    this.range = range;
    this.send({ type: 'inspect', startMs: range.startMs, spanMs: range.spanMs });
    this.redrawFrame ??= requestAnimationFrame(() => this.redraw('time'));
    this.announceRange();
  }

  private announceRange(): void {
    for (const listener of this.rangeListeners) listener({ ...this.range, live: this.live });
  }

  private redrawSoon(): void {
    const waitMs = Math.max(0, this.redrawnAtMs + this.redrawEveryMs - performance.now());
    this.redrawTimer ??= setTimeout(() => this.redraw('time'), waitMs);
  }

  private redraw(extent: 'whole' | 'time'): void {
    if (this.redrawTimer !== null) clearTimeout(this.redrawTimer);
    if (this.redrawFrame !== null) cancelAnimationFrame(this.redrawFrame);
    this.redrawTimer = null;
    this.redrawFrame = null;
    this.redrawnAtMs = performance.now();
    const content = this.content();
    this.drawnRange = content.range;
    this.drawnBoxes = content.bandBoxes;
    if (extent === 'whole') this.chart.setOption(timelineOption(content), { notMerge: true });
    else this.chart.setOption(timelineUpdate(content));
    // At once, so that picture and position change within the same repaint of the screen.
    this.chart.getZr().flush();
    this.scrollChart();
  }

  private content(): TimelineContent {
    const { layout, range, bounds, theme, rows, memory } = this;
    const fontFamily = fontFamilyOf(this.host);
    const measureText = (text: string): number => {
      if (this.textContext === null) return text.length * chartFontSize;
      this.textContext.font = `${chartFontSize}px ${fontFamily}`;
      return this.textContext.measureText(text).width;
    };
    return {
      layout,
      theme,
      fontFamily,
      rows,
      range,
      nowMs: bounds.latestMs,
      bandBoxes: bandBoxes(this.bands, range, layout.bands.width, overhangPx, bounds.latestMs, measureText),
      memory,
      overhangPx,
      scrolledMs: () => this.scrolledMs(),
      measureText,
      tooltip: (item, show) => this.tooltip(item.seriesId, item.dataIndex, show),
    };
  }

  private scrolledMs(): Milliseconds {
    return this.drawnRange === null ? 0 : this.range.startMs - this.drawnRange.startMs;
  }

  private scrollChart(): void {
    const { memory } = this.layout;
    const scrolledPx = (this.scrolledMs() * memory.width) / this.range.spanMs;
    scrollLayer(
      this.chartElement,
      memory,
      Math.round(scrolledPx * this.chartPixelRatio) / this.chartPixelRatio,
    );
  }

  private tooltip(
    seriesId: string | undefined,
    dataIndex: number,
    show: (card: HTMLElement) => void,
  ): HTMLElement | string {
    const { heat } = this.layout;
    const atMs = this.range.startMs + ((this.pointer.x - heat.x) / heat.width) * this.range.spanMs;
    const band = bandAt(this.bands, atMs);
    if (seriesId === seriesIds.memory) return memoryCard(atMs, pointAt(this.memory, atMs), band);
    if (seriesId === seriesIds.bands) {
      const hovered = band ?? this.drawnBoxes[dataIndex]?.band;
      return hovered === undefined ? '' : bandCard(hovered, this.bounds.latestMs);
    }
    const place = Math.floor(((this.pointer.y - heat.y) / heat.height) * this.rows.length);
    const row = this.rows[Math.min(this.rows.length - 1, Math.max(0, place))];
    if (row === undefined) return '';
    this.hitRequests += 1;
    const answer = (hit: Hit): void => {
      this.hitRequest = null;
      this.lastCoreCard = coreCard(atMs, row, hit, band);
      show(this.lastCoreCard);
    };
    this.hitRequest = { id: this.hitRequests, answer };
    this.send({ type: 'hit-test', requestId: this.hitRequests, atMs, core: row.core });
    // The answer is a frame away: until then the card of the place before stays.
    return this.lastCoreCard ?? '';
  }
}
