import { CustomChart } from 'echarts/charts';
import { AxisPointerComponent, GraphicComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { HeatScale } from '../../shared/palette.ts';
import type { Milliseconds } from '../../shared/units.ts';
import {
  type HeatMode,
  type LaneId,
  type PageMessage,
  type Reduction,
  type ThemeName,
  type ViewMessage,
} from '../drawing/protocol.ts';
import type { RangeStatistics } from '../drawing/range-statistics.ts';
import { fontFamilyOf, textMeasure } from './chart-theme.ts';
import type { CoreRow } from './core-rows.ts';
import { bandBoxes, type BandBox, type RunBand } from './run-bands.ts';
import type { ShownRange, Timeline, TimelineSettings } from './timeline-contract.ts';
import { prepareHost, scrollLayer } from './timeline-elements.ts';
import { TimelineHover } from './timeline-hover.ts';
import { listenForInput } from './timeline-input.ts';
import { isSameEnds, unknownEnds, unknownTracks } from './timeline-lanes.ts';
import { layoutRequest, timelineLayout, type TimelineLayout } from './timeline-layout.ts';
import { TimelineLink, type CellTable } from './timeline-link.ts';
import { timelineOption, timelineUpdate, type TimelineContent } from './timeline-options.ts';
import { TimelinePick } from './timeline-pick.ts';
import { clampRange, panRange, zoomRange, type TimeBounds, type TimeRange } from './time-range.ts';

use([AxisPointerComponent, CanvasRenderer, CustomChart, GraphicComponent, GridComponent, TooltipComponent]);

/**
 * A redraw of the chart costs about 10 ms on two slow cores, whatever has changed. Between two redraws the parts
 * that scroll are moved as a picture, so a longer pause only means that new memory values show later.
 */
const leastRedrawEveryMs: Milliseconds = 500;
/**
 * Between two moves of the scrolling parts, which have the page rastered anew under them. Smaller: smoother labels,
 * for up to 8 ms of CPU a move. Larger: they lag behind the heatmap by more than the eye forgives.
 */
const leastScrollEveryMs: Milliseconds = 180;
const defaultLiveWindowMs: Milliseconds = 60_000;
/** How far the scrolling parts reach past the plot; what comes in is empty axis and the run that is on. */
const overhangPx = 20;

export function createTimeline(settings: TimelineSettings): Timeline {
  return new LiveTimeline(settings);
}

class LiveTimeline implements Timeline {
  private readonly host: HTMLElement;
  private readonly worker: Worker;
  private readonly link: TimelineLink;
  private readonly pick: TimelinePick;
  private readonly hover: TimelineHover;
  private readonly canvas = document.createElement('canvas');
  private readonly chartElement = document.createElement('div');
  private readonly abort = new AbortController();
  private readonly resizeObserver: ResizeObserver;
  private readonly stopInput: () => void;
  private readonly rangeListeners = new Set<(range: ShownRange) => void>();
  private readonly textContext = document.createElement('canvas').getContext('2d');
  private chart: ECharts;
  private theme: ThemeName;
  private scale: HeatScale;
  private rows: readonly CoreRow[];
  private lanes: readonly LaneId[];
  private mode: HeatMode = 'busy';
  private bands: readonly RunBand[] = [];
  private layout: TimelineLayout;
  private liveWindowMs: Milliseconds;
  private live = true;
  /** The range that the worker drew last, or that has been asked of it. */
  private range: TimeRange;
  private view: ViewMessage | null = null;
  /** The range that the chart was last drawn for; null asks for it to be drawn anew. */
  private drawnRange: TimeRange | null = null;
  private drawnBoxes: readonly BandBox[] = [];
  private redrawEveryMs = leastRedrawEveryMs;
  private redrawnAtMs = Number.NEGATIVE_INFINITY;
  private scrolledAtMs = Number.NEGATIVE_INFINITY;
  private redrawTimer: ReturnType<typeof setTimeout> | null = null;
  private redrawFrame: number | null = null;
  private canvasPx = { width: 0, height: 0 };
  private chartPixelRatio = window.devicePixelRatio;

  constructor(settings: TimelineSettings) {
    const { host, worker, theme, rows, lanes = ['memory'], liveWindowMs = defaultLiveWindowMs } = settings;
    this.host = host;
    this.worker = worker;
    this.theme = theme;
    this.scale = settings.scale ?? 'inferno';
    this.rows = rows;
    this.lanes = lanes;
    this.liveWindowMs = liveWindowMs;
    this.range = { startMs: 0, spanMs: liveWindowMs };
    this.layout = this.layOut();
    prepareHost(host, this.canvas, this.chartElement);
    this.chart = this.createChart();
    this.link = new TimelineLink(worker, (view) => this.viewDrawn(view));
    this.hover = new TimelineHover(this.link, () => ({
      layout: this.layout,
      range: this.range,
      bounds: this.bounds,
      rows: this.rows,
      mode: this.mode,
      bands: this.bands,
      drawnBoxes: this.drawnBoxes,
    }));
    this.pick = new TimelinePick({
      host,
      link: this.link,
      shown: () => ({ ...this.range, live: this.live }),
      bounds: () => this.bounds,
      scene: () => ({ layout: this.layout, rows: this.rows, mode: this.mode }),
      show: (range) => this.inspect(range),
      onSelect: settings.onSelect ?? (() => undefined),
    });

    const offscreen = this.canvas.transferControlToOffscreen();
    this.link.send({ type: 'canvas', canvas: offscreen }, [offscreen]);
    this.link.send({ type: 'theme', theme, scale: this.scale });
    this.link.send({ type: 'follow', windowMs: liveWindowMs });
    this.sendVisibility();

    const { signal } = this.abort;
    document.addEventListener('visibilitychange', () => this.sendVisibility(), { signal });
    this.stopInput = listenForInput(host, () => this.layout.heat, {
      zoom: (fraction, factor) => this.inspect(zoomRange(this.range, fraction, factor, this.bounds)),
      pan: (fraction) => this.inspect(panRange(this.range, fraction, this.bounds)),
      dragSelect: (phase, fraction) => this.pick.drag(phase, fraction),
      point: (fraction, y) => this.pick.point(fraction, y),
      moveCursor: (columns, cursorRows, isExtending) => this.pick.move(columns, cursorRows, isExtending),
      zoomToSelection: () => {
        if (this.pick.selected === null) this.backToLive();
        else this.inspect(clampRange(this.pick.selected, this.bounds));
      },
      escape: () => {
        if (!this.pick.clear()) this.backToLive();
      },
      togglePause: () => (this.live ? this.pause() : this.backToLive()),
      backToStart: () =>
        this.inspect(clampRange({ ...this.range, startMs: this.bounds.firstMs }, this.bounds)),
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

  get shown(): ShownRange {
    return { ...this.range, live: this.live };
  }

  private get bounds(): TimeBounds {
    return { firstMs: this.view?.firstSampleMs ?? 0, latestMs: this.view?.latestSampleMs ?? 0 };
  }

  setTheme(theme: ThemeName, scale: HeatScale): void {
    if (theme === this.theme && scale === this.scale) return;
    this.theme = theme;
    this.scale = scale;
    this.link.send({ type: 'theme', theme, scale });
    this.redraw('whole');
  }

  setRunBands(bands: readonly RunBand[]): void {
    this.bands = bands;
    this.redrawSoon();
  }

  setRows(rows: readonly CoreRow[]): void {
    if (rows === this.rows) return;
    this.rows = rows;
    this.resize();
  }

  setLanes(lanes: readonly LaneId[]): void {
    if (lanes.join() === this.lanes.join()) return;
    this.lanes = lanes;
    this.resize();
  }

  setMode(mode: HeatMode): void {
    this.mode = mode;
    this.link.send({ type: 'mode', mode });
  }

  setReduction(reduction: Reduction): void {
    this.link.send({ type: 'reduction', reduction });
  }

  setLiveWindow(windowMs: Milliseconds): void {
    if (windowMs === this.liveWindowMs) return;
    this.liveWindowMs = windowMs;
    if (this.live) this.follow();
  }

  setSelection(range: TimeRange | null): void {
    this.pick.setSelected(range);
  }

  setPace(everyMs: Milliseconds): void {
    this.redrawEveryMs = Math.max(leastRedrawEveryMs, 2 * everyMs);
    const message: PageMessage = { type: 'pace', everyMs };
    this.worker.postMessage(message);
  }

  pause(): void {
    if (this.live) this.inspect(this.range);
  }

  backToLive(): void {
    if (!this.live) this.follow();
  }

  summarize({ startMs, spanMs }: TimeRange): Promise<RangeStatistics | null> {
    return this.link.summarize(startMs, startMs + spanMs);
  }

  tabulate({ startMs, spanMs }: TimeRange, columns: number): Promise<CellTable> {
    return this.link.tabulate(startMs, startMs + spanMs, columns);
  }

  onRangeChange(listener: (range: ShownRange) => void): () => void {
    this.rangeListeners.add(listener);
    return () => this.rangeListeners.delete(listener);
  }

  resize(): void {
    this.layout = this.layOut();
    const { x, y, width, height } = this.layout.plot;
    const style = { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` };
    Object.assign(this.canvas.style, style);
    this.sendLayout();
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
    this.pick.remove();
    this.link.close();
    this.chart.dispose();
    this.canvas.remove();
    this.chartElement.remove();
  }

  private layOut(): TimelineLayout {
    const hasGroups = this.rows.some(({ group }) => group !== null);
    return timelineLayout(this.host.clientWidth, this.host.clientHeight, hasGroups, this.lanes);
  }

  private createChart(): ECharts {
    this.chartPixelRatio = window.devicePixelRatio;
    const chart = init(this.chartElement, null, {
      renderer: 'canvas',
      devicePixelRatio: this.chartPixelRatio,
    });
    chart.getZr().on('mousemove', ({ offsetX, offsetY }) => {
      this.hover.moveTo(offsetX, offsetY);
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

  private sendLayout(): void {
    this.link.send(layoutRequest(this.layout, this.canvasPx, this.rows));
  }

  private sendVisibility(): void {
    this.link.send({ type: 'visibility', visible: document.visibilityState === 'visible' });
  }

  private viewDrawn(view: ViewMessage): void {
    const hasNewLabels = this.view?.laneEnds !== undefined && !isSameEnds(this.view, view);
    this.view = view;
    if (hasNewLabels) this.drawnRange = null;
    // A view of the other state was on its way while the state changed.
    if (view.live !== this.live) return;
    if (!view.live) {
      if (hasNewLabels) this.redrawFrame ??= requestAnimationFrame(() => this.redraw('time'));
      return;
    }
    const moved = view.startMs !== this.range.startMs;
    this.range = { startMs: view.startMs, spanMs: this.liveWindowMs };
    const scrolledMs = this.drawnRange === null ? Number.NaN : view.startMs - this.drawnRange.startMs;
    const isDue = performance.now() - this.redrawnAtMs >= this.redrawEveryMs;
    if (isDue || !(scrolledMs >= 0)) {
      this.redraw('time');
    } else {
      if (performance.now() - this.scrolledAtMs >= leastScrollEveryMs) this.scrollChart();
      this.redrawSoon();
    }
    if (moved) this.announceRange();
  }

  private follow(): void {
    this.live = true;
    this.drawnRange = null;
    this.link.send({ type: 'follow', windowMs: this.liveWindowMs });
    this.announceRange();
  }

  private inspect(range: TimeRange): void {
    if (this.bounds.latestMs === 0) return;
    this.live = false;
    this.range = range;
    this.link.send({ type: 'inspect', startMs: range.startMs, spanMs: range.spanMs });
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
    // A hidden view has nothing to draw on; it is drawn when its size comes back.
    if (this.host.clientWidth === 0) return;
    this.redrawnAtMs = performance.now();
    const content = this.content();
    this.drawnRange = content.range;
    this.drawnBoxes = content.bandBoxes;
    if (extent === 'whole') this.chart.setOption(timelineOption(content), { notMerge: true });
    else this.chart.setOption(timelineUpdate(content));
    // At once, so that picture and position change within the same repaint of the screen.
    this.chart.getZr().flush();
    if (extent === 'whole') this.pick.place(this.theme);
    this.scrollChart();
  }

  private content(): TimelineContent {
    const { layout, range, bounds, theme, rows } = this;
    const fontFamily = fontFamilyOf(this.host);
    const measureText = textMeasure(this.textContext, fontFamily);
    return {
      layout,
      theme,
      fontFamily,
      rows,
      range,
      nowMs: bounds.latestMs,
      bandBoxes: bandBoxes(this.bands, range, layout.bands.width, overhangPx, bounds.latestMs, measureText),
      laneEnds: this.view?.laneEnds ?? unknownEnds,
      newest: this.view?.newest ?? unknownTracks,
      overhangPx,
      scrolledMs: () => this.scrolledMs(),
      measureText,
      tooltip: (item, show) => this.hover.card(item.seriesId, item.dataIndex, show),
    };
  }

  private scrolledMs(): Milliseconds {
    return this.drawnRange === null ? 0 : this.range.startMs - this.drawnRange.startMs;
  }

  private scrollChart(): void {
    this.scrolledAtMs = performance.now();
    const { plot } = this.layout;
    const scrolledPx = (this.scrolledMs() * plot.width) / this.range.spanMs;
    scrollLayer(
      this.chartElement,
      plot,
      Math.round(scrolledPx * this.chartPixelRatio) / this.chartPixelRatio,
    );
    this.pick.update();
  }
}
