import { CustomChart } from 'echarts/charts';
import { AxisPointerComponent, GraphicComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { HeatScale } from '../../shared/palette.ts';
import type { Milliseconds } from '../../shared/units.ts';
import type {
  HeatMode,
  LaneId,
  PageMessage,
  Reduction,
  ThemeName,
  ViewMessage,
} from '../drawing/protocol.ts';
import type { RangeStatistics } from '../drawing/range-statistics.ts';
import { fontFamilyOf, textMeasure } from './chart-theme.ts';
import type { CoreRow } from './core-rows.ts';
import { bandBoxes, type BandBox, type RunBand } from './run-bands.ts';
import { workerName } from './slot-names.ts';
import type { ShownRange, Timeline, TimelineSettings } from './timeline-contract.ts';
import { prepareHost } from './timeline-elements.ts';
import { TimelineHover } from './timeline-hover.ts';
import { listenForInput } from './timeline-input.ts';
import { isSameEnds, unknownEnds, unknownTracks } from './timeline-lanes.ts';
import { layoutRequest, timelineLayout, type TimelineLayout } from './timeline-layout.ts';
import { TimelineLink, type CellTable } from './timeline-link.ts';
import { framesUpdate, timelineOption, type TimelineContent } from './timeline-options.ts';
import { TimelinePick } from './timeline-pick.ts';
import { TimelineStrips } from './timeline-strips.ts';
import { clampRange, panRange, zoomRange, type TimeBounds, type TimeRange } from './time-range.ts';

use([AxisPointerComponent, SVGRenderer, CustomChart, GraphicComponent, GridComponent, TooltipComponent]);

/**
 * Between two redraws of what goes on with time beside the heatmap. Smaller: smoother labels, for about 1 ms of CPU
 * each. Larger: they lag behind the heatmap by more than the eye forgives.
 */
const leastStripsEveryMs: Milliseconds = 180;
const defaultLiveWindowMs: Milliseconds = 60_000;

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
  private readonly chart: ECharts;
  private readonly strips: TimelineStrips;
  private theme: ThemeName;
  private scale: HeatScale;
  private rows: readonly CoreRow[];
  private lanes: readonly LaneId[];
  private mode: HeatMode = 'busy';
  private bands: readonly RunBand[] = [];
  private layout: TimelineLayout;
  private liveWindowMs: Milliseconds;
  private live = true;
  private isBegun = false;
  /** The range that the worker drew last, or that has been asked of it. */
  private range: TimeRange;
  private view: ViewMessage | null = null;
  private drawnBoxes: readonly BandBox[] = [];
  private stripsDrawnAtMs = Number.NEGATIVE_INFINITY;
  private stripsTimer: ReturnType<typeof setTimeout> | null = null;
  private stripsFrame: number | null = null;
  private canvasPx = { width: 0, height: 0 };
  private pixelRatio = window.devicePixelRatio;

  constructor(settings: TimelineSettings) {
    const { host, worker, theme, rows, lanes = ['memory'], liveWindowMs = defaultLiveWindowMs } = settings;
    const { nameOf = workerName } = settings;
    this.host = host;
    this.worker = worker;
    this.theme = theme;
    this.scale = settings.scale ?? 'inferno';
    this.rows = rows;
    this.lanes = lanes;
    this.liveWindowMs = liveWindowMs;
    this.range = { startMs: 0, spanMs: liveWindowMs };
    this.layout = this.layOut();
    prepareHost(host, this.canvas);
    this.strips = new TimelineStrips(host);
    // Above the strips, so that the pointer's time covers their labels.
    Object.assign(this.chartElement.style, { position: 'absolute', inset: '0' });
    host.append(this.chartElement);
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
      nameOf,
    }));
    this.pick = new TimelinePick({
      host,
      link: this.link,
      shown: () => ({ ...this.range, live: this.live }),
      bounds: () => this.bounds,
      scene: () => ({ layout: this.layout, rows: this.rows, mode: this.mode }),
      show: (range) => this.inspect(range),
      onSelect: settings.onSelect ?? (() => undefined),
      nameOf,
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
    this.drawStripsSoon();
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
    this.pixelRatio = window.devicePixelRatio;
    this.strips.place(this.layout, this.pixelRatio);
    this.chart.resize();
    this.redraw('whole');
  }

  destroy(): void {
    this.abort.abort();
    this.stopInput();
    this.resizeObserver.disconnect();
    this.cancelStrips();
    this.rangeListeners.clear();
    this.pick.remove();
    this.link.close();
    this.chart.dispose();
    this.strips.remove();
    this.canvas.remove();
    this.chartElement.remove();
  }

  private layOut(): TimelineLayout {
    const hasGroups = this.rows.some(({ group }) => group !== null);
    return timelineLayout(this.host.clientWidth, this.host.clientHeight, hasGroups, this.lanes);
  }

  /** As elements, not as a canvas: where it shows nothing it costs nothing, neither memory nor drawing. */
  private createChart(): ECharts {
    const chart = init(this.chartElement, null, { renderer: 'svg' });
    const zr = chart.getZr();
    zr.on('mousemove', ({ offsetX, offsetY }) => this.hover.moveTo(offsetX, offsetY));
    zr.on('globalout', () => this.hover.leave());
    return chart;
  }

  private resized(entries: readonly ResizeObserverEntry[]): void {
    for (const { target, devicePixelContentBoxSize } of entries) {
      if (target === this.host) this.resize();
      const size = devicePixelContentBoxSize[0];
      if (target !== this.canvas || size === undefined) continue;
      this.canvasPx = { width: size.inlineSize, height: size.blockSize };
      this.sendLayout();
      if (this.pixelRatio !== window.devicePixelRatio) this.resize();
    }
  }

  private sendLayout(): void {
    this.link.send(layoutRequest(this.layout, this.canvasPx, this.rows));
  }

  private sendVisibility(): void {
    this.link.send({ type: 'visibility', visible: document.visibilityState === 'visible' });
  }

  private viewDrawn(view: ViewMessage): void {
    const hasNewEnds = this.view === null || !isSameEnds(this.view, view);
    this.view = view;
    if (hasNewEnds) this.redraw('frames');
    // A view of the other state was on its way while the state changed.
    if (view.live !== this.live) return;
    if (!view.live) {
      this.stripsFrame ??= requestAnimationFrame(() => this.drawStrips());
      return;
    }
    if (view.latestSampleMs !== null && !this.isBegun) {
      this.isBegun = true;
      // For whoever asks how long starting takes, as `npm run bench:render` does.
      performance.mark('heatmap:first-column');
    }
    const moved = view.startMs !== this.range.startMs;
    this.range = { startMs: view.startMs, spanMs: this.liveWindowMs };
    this.drawStripsSoon();
    if (moved) this.announceRange();
  }

  private follow(): void {
    this.live = true;
    this.link.send({ type: 'follow', windowMs: this.liveWindowMs });
    this.announceRange();
  }

  private inspect(range: TimeRange): void {
    if (this.bounds.latestMs === 0) return;
    this.live = false;
    this.range = range;
    this.link.send({ type: 'inspect', startMs: range.startMs, spanMs: range.spanMs });
    this.stripsFrame ??= requestAnimationFrame(() => this.drawStrips());
    this.announceRange();
  }

  private announceRange(): void {
    for (const listener of this.rangeListeners) listener({ ...this.range, live: this.live });
  }

  private drawStripsSoon(): void {
    const waitMs = this.stripsDrawnAtMs + leastStripsEveryMs - performance.now();
    if (waitMs <= 0) this.drawStrips();
    else this.stripsTimer ??= setTimeout(() => this.drawStrips(), waitMs);
  }

  private cancelStrips(): void {
    if (this.stripsTimer !== null) clearTimeout(this.stripsTimer);
    if (this.stripsFrame !== null) cancelAnimationFrame(this.stripsFrame);
    this.stripsTimer = null;
    this.stripsFrame = null;
  }

  /** A hidden view has nothing to draw on; it is drawn when its size comes back. */
  private get isHidden(): boolean {
    return this.layout.widthPx < 1;
  }

  private redraw(extent: 'whole' | 'frames'): void {
    if (this.isHidden) return;
    const content = this.content();
    if (extent === 'frames') {
      this.chart.setOption(framesUpdate(content));
      return;
    }
    this.chart.setOption(timelineOption(content), { notMerge: true });
    this.pick.place(this.theme);
    this.drawStrips();
  }

  /** What time moves on: all but the heatmap and the lanes, which are the worker's. */
  private drawStrips(): void {
    this.cancelStrips();
    if (this.isHidden) return;
    this.stripsDrawnAtMs = performance.now();
    const { layout, range, theme, bounds } = this;
    const fontFamily = fontFamilyOf(this.host);
    const measureText = textMeasure(this.textContext, fontFamily);
    this.drawnBoxes = bandBoxes(this.bands, range, layout.bands.width, 0, bounds.latestMs, measureText);
    const newest = this.view?.newest ?? unknownTracks;
    const bandBoxesNow = this.drawnBoxes;
    this.strips.draw({ layout, theme, fontFamily, range, bandBoxes: bandBoxesNow, newest, measureText });
    this.pick.update();
    this.hover.refresh((x, y) => this.chart.dispatchAction({ type: 'showTip', x, y }));
  }

  private content(): TimelineContent {
    const { layout, theme, rows } = this;
    const fontFamily = fontFamilyOf(this.host);
    return {
      layout,
      theme,
      fontFamily,
      rows,
      laneEnds: this.view?.laneEnds ?? unknownEnds,
      measureText: textMeasure(this.textContext, fontFamily),
      timeAt: (fraction) => this.range.startMs + fraction * this.range.spanMs,
      tooltip: (item, show) => this.hover.card(item.seriesId, show),
    };
  }
}
