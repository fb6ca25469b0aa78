import { HeatmapChart } from 'echarts/charts';
import { GridComponent, VisualMapComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { coreRows } from '../../../src/renderer/charts/core-rows.ts';
import { createTimeline } from '../../../src/renderer/charts/timeline.ts';
import { laneIds } from '../../../src/renderer/drawing/protocol.ts';
import type { ViewAnswer } from '../../../src/renderer/drawing/protocol.ts';
import { legendColours } from '../../../src/renderer/drawing/palette.ts';
import { startDrawingWorker } from '../../../src/renderer/lib/drawing-worker.ts';
import type { DayRedraw, PageFigures } from '../plan.ts';

use([CanvasRenderer, GridComponent, HeatmapChart, VisualMapComponent]);

const query = new URLSearchParams(location.search);
const show = query.get('show');
const cores = Number(query.get('cores'));
const columns = Number(query.get('columns'));
const columnMs = 100;
const host = document.querySelector<HTMLElement>('#host');
if (host === null) throw new Error('the page has no host');

let updates = 0;
const lateMs: number[] = [];
let longTasks = 0;
const heartbeatEveryMs = 50;

function startHeartbeat(): void {
  let dueMs = performance.now() + heartbeatEveryMs;
  const beat = (): void => {
    const nowMs = performance.now();
    lateMs.push(nowMs - dueMs);
    dueMs = nowMs + heartbeatEveryMs;
    setTimeout(beat, heartbeatEveryMs);
  };
  setTimeout(beat, heartbeatEveryMs);
  new PerformanceObserver((list) => (longTasks += list.getEntries().length)).observe({ type: 'longtask' });
}

/** The feeding process's port, as soon as it has been handed over. */
const samplesPort = new Promise<MessagePort>((resolve) => {
  window.addEventListener('message', ({ data, ports: [port] }) => {
    if (data === 'samples' && port !== undefined) resolve(port);
  });
});

/** Counts the pictures that the drawing worker says it has drawn: nobody but the timeline has that port. */
function countViews(): void {
  const onmessage = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
  if (onmessage?.set === undefined) throw new Error('a port has no onmessage to look at');
  Object.defineProperty(MessagePort.prototype, 'onmessage', {
    ...onmessage,
    set(this: MessagePort, listener: (event: MessageEvent<ViewAnswer>) => void) {
      onmessage.set?.call(this, (event: MessageEvent<ViewAnswer>) => {
        if (event.data.type === 'view') updates += 1;
        listener(event);
      });
    },
  });
}

function showOurs(element: HTMLElement): void {
  countViews();
  const ignore = (): void => undefined;
  // The page takes the frames in, as the app's does; what it counts from them is no part of drawing.
  const drawing = startDrawingWorker({
    onFrames: (buffers) => buffers,
    onEntities: ignore,
    onTopology: ignore,
    onProblem: ({ message }) => console.error(message),
  });
  const timeline = createTimeline({
    host: element,
    worker: drawing.worker,
    theme: 'dark',
    rows: coreRows(null, cores),
    lanes: laneIds,
    liveWindowMs: columns * columnMs,
  });
  timeline.setMode(query.get('mode') === 'lines' ? 'lines' : 'busy');
  void samplesPort.then((port) => drawing.attachSamples(port));
}

/** ECharts' own heatmap, as its examples make one: a datum per cell, drawn in one go. */
function showECharts(element: HTMLElement): void {
  const chart = init(element, null, { renderer: 'canvas' });
  const history: Float64Array[] = [];
  const data = (): number[][] =>
    history.flatMap((shares, column) => Array.from(shares, (share, core) => [column, core, share]));
  chart.setOption({
    animation: false,
    grid: { left: 60, right: 26, top: 28, bottom: 26 },
    xAxis: { type: 'category', data: Array.from({ length: columns }, (_, column) => column) },
    yAxis: { type: 'category', data: Array.from({ length: cores }, (_, core) => `core ${core}`) },
    visualMap: { show: false, min: 0, max: 1, inRange: { color: legendColours('dark', 12) } },
    series: [{ type: 'heatmap', progressive: 0, data: [] }],
  });
  let isWaiting = false;
  const take = ({ data: shares }: MessageEvent<Float64Array>): void => {
    history.push(shares);
    if (history.length > columns) history.shift();
    // What came while the chart was busy is drawn at once with the rest: a queue would only grow.
    if (history.length < columns || isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      chart.setOption({ series: [{ data: data() }] });
      chart.getZr().flush();
      updates += 1;
    }, 0);
  };
  void samplesPort.then((port) => (port.onmessage = take));
}

const day = show === 'day' ? new Worker(new URL('./day.ts', import.meta.url), { type: 'module' }) : null;

/** `order` is a span in ms to redraw, or 'fill'; what comes back depends on it. */
function askDay(order: number | 'fill'): Promise<number | DayRedraw> {
  return new Promise((resolve, reject) => {
    if (day === null) {
      reject(new Error('this page has no day'));
      return;
    }
    day.onmessage = ({ data }: MessageEvent<number | DayRedraw>) => resolve(data);
    day.postMessage(order);
  });
}

async function start(element: HTMLElement) {
  // Only what is shown is loaded: an idle page is one that has loaded nothing.
  const more =
    show === 'tree'
      ? (await import('./tree.ts')).showTree(element)
      : show === 'replay'
        ? (await import('./replay.ts')).showReplay(element, cores, samplesPort)
        : {};
  if (show === 'ours') showOurs(element);
  if (show === 'echarts') showECharts(element);
  // Nobody asks how the page answers while it shows the table, and each beat would be counted as drawing.
  if (show !== 'tree') startHeartbeat();
  return {
    begin: (): void => {
      updates = 0;
      longTasks = 0;
      lateMs.length = 0;
    },
    updates: (): number => updates,
    figures: (): PageFigures => {
      const sorted = lateMs.toSorted((one, other) => one - other);
      return {
        updates,
        longTasks,
        devicePixelRatio,
        heartbeatP95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
      };
    },
    askDay,
    ...more,
  };
}

Object.assign(window, { bench: start(host) });
