import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use, type ECharts } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { HeatScale } from '../../shared/palette.ts';
import type { OpenedRecording, RecordingPicture } from '../../shared/recordings-requests.ts';
import { paletteFor } from '../drawing/palette.ts';
import type { Reduction, ThemeName } from '../drawing/protocol.ts';
import { fontFamilyOf, textMeasure } from './chart-theme.ts';
import { coreRows } from './core-rows.ts';
import { RecordedCells } from './recorded-cells.ts';
import { paintRecordedCells } from './recorded-painter.ts';
import { recordingLayout, type RecordingLayout } from './recording-layout.ts';
import { machineLine, thinned, type LineColumns } from './recording-lines.ts';
import { bandKinds, recordingOption } from './recording-options.ts';
import type { TimeRange } from './time-range.ts';
import { listenForInput, type TimelineCommands } from './timeline-input.ts';

use([CanvasRenderer, CustomChart, GridComponent, LineChart]);

export interface RecordingChartContent {
  readonly opened: OpenedRecording;
  /** Of the whole recording. */
  readonly whole: RecordingPicture;
  /** Of about what is shown, and finer; null before it has come. */
  readonly detail: RecordingPicture | null;
  readonly range: TimeRange;
  readonly theme: ThemeName;
  /** The colours of the heatmap. */
  readonly scale: HeatScale;
  readonly reduction: Reduction;
}

export interface RecordingChart {
  draw(content: RecordingChartContent): void;
  readonly layout: RecordingLayout;
  destroy(): void;
}

/**
 * A recording as pictures one above the other. The heatmap is painted like the live one onto a canvas of its
 * own; ECharts draws axes, lines and phases over it. `onSize` says how high the host has to be and how wide the plots are.
 */
export function createRecordingChart(
  host: HTMLElement,
  commands: TimelineCommands,
  onSize: (layout: RecordingLayout) => void,
): RecordingChart {
  const canvas = document.createElement('canvas');
  const chartElement = document.createElement('div');
  canvas.style.position = 'absolute';
  Object.assign(chartElement.style, { position: 'absolute', inset: '0' });
  host.append(canvas, chartElement);
  let pixelRatio = window.devicePixelRatio;
  let chart: ECharts = createChart();
  let content: RecordingChartContent | null = null;
  let layout = recordingLayout(host.clientWidth, 1, 0);
  const textContext = document.createElement('canvas').getContext('2d');
  const stopInput = listenForInput(host, () => layout.heat, commands);
  const observer = new ResizeObserver(() => {
    if (pixelRatio !== window.devicePixelRatio) {
      // A chart keeps the pixel ratio that it was made with.
      pixelRatio = window.devicePixelRatio;
      chart.dispose();
      chart = createChart();
    }
    redraw();
  });
  observer.observe(host);

  function createChart(): ECharts {
    return init(chartElement, null, { renderer: 'canvas', devicePixelRatio: pixelRatio });
  }

  function redraw(): void {
    if (content === null || host.clientWidth === 0) return;
    const { opened, whole, detail, range, theme } = content;
    const kinds = bandKinds.filter((kind) => opened.phases.some((phase) => phase.kind === kind));
    const bandRows = Math.max(kinds.length, opened.moments.length > 0 ? 1 : 0);
    const next = recordingLayout(host.clientWidth, opened.cores, bandRows);
    const moved = next.heightPx !== layout.heightPx || next.heat.width !== layout.heat.width;
    layout = next;
    host.style.height = `${layout.heightPx}px`;
    if (moved) onSize(layout);
    const fontFamily = fontFamilyOf(host);
    const shown = detail ?? whole;
    const lineOf = (line: LineColumns): LineColumns => thinned(line, shown.sampleCounts, layout.heat.width);
    const { startMs, bucketMs, lines } = shown;
    const rows = coreRows(opened.topology, opened.cores);
    paintHeat(content, rows);
    chart.resize();
    const option = recordingOption({
      layout,
      theme,
      fontFamily,
      range,
      rows,
      kinds,
      phases: opened.phases,
      moments: opened.moments,
      machine: lineOf(machineLine(shown)),
      run: lineOf({ startMs, bucketMs, ...lines.runCpuShare }),
      pss: lineOf({ startMs, bucketMs, ...lines.runPssBytes }),
      rss: lineOf({ startMs, bucketMs, ...lines.runRssBytes }),
      measureText: textMeasure(textContext, fontFamily),
    });
    chart.setOption(option, { notMerge: true });
    // At once, so that heatmap and lines change within the same repaint of the screen.
    chart.getZr().flush();
  }

  function paintHeat(
    { opened, whole, detail, range, theme, scale, reduction }: RecordingChartContent,
    rows: ReturnType<typeof coreRows>,
  ): void {
    const { x, y, width, height } = layout.heat;
    const widthPx = Math.round(width * pixelRatio);
    const heightPx = Math.round(height * pixelRatio);
    Object.assign(canvas.style, {
      left: `${x}px`,
      top: `${y}px`,
      width: `${width}px`,
      height: `${height}px`,
    });
    if (canvas.width !== widthPx) canvas.width = widthPx;
    if (canvas.height !== heightPx) canvas.height = heightPx;
    const context = canvas.getContext('2d');
    if (context === null || rows.length === 0) return;
    const cells = new RecordedCells(opened.span, detail === null ? [whole] : [detail, whole]);
    const view = { widthPx, heightPx, devicePixelRatio: pixelRatio, rows, ...range };
    const pixels = paintRecordedCells(cells, view, paletteFor(theme, scale), reduction);
    context.putImageData(new ImageData(new Uint8ClampedArray(pixels.buffer), widthPx, heightPx), 0, 0);
  }

  return {
    draw(next) {
      content = next;
      redraw();
    },
    get layout() {
      return layout;
    },
    destroy() {
      stopInput();
      observer.disconnect();
      chart.dispose();
      canvas.remove();
      chartElement.remove();
    },
  };
}
