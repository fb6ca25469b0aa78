import { BarChart, CustomChart, type CustomSeriesOption } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { Experiment, RunRecord } from '../../shared/experiment.ts';
import { formatDuration } from '../../shared/format.ts';
import { strategyName } from '../analysis/runs.ts';
import { isRecommended } from './describe.ts';
import { escapeText, trustedMarkup, type Markup } from './markup.ts';

use([BarChart, CustomChart, GridComponent, SVGRenderer]);

const widthPx = 860;
const rowPx = 62;
const grid = { left: 118, right: 84, top: 12, bottom: 46 };
/** How far the dots of the first and last run stand from the middle of their row. */
const dotSpreadPx = 15;

/** Colours are CSS variables of the report's style sheet, so that one drawing serves light, dark and paper. */
const colour = {
  ink: 'var(--ink)',
  muted: 'var(--muted)',
  line: 'var(--line)',
  bar: 'var(--bar)',
  winner: 'var(--winner)',
  page: 'var(--page)',
} as const;
const fontFamily = 'inherit';

export function wallTimeChartSize({ strategies }: Experiment): { widthPx: number; heightPx: number } {
  return { widthPx, heightPx: grid.top + grid.bottom + rowPx * strategies.length };
}

/**
 * Wall times as an SVG drawing: a bar for each median, a bracket for its 95 % interval, and a dot for every finished
 * run (hollow: warm-up), in the order in which they ran from top to bottom.
 */
export function wallTimeChart(experiment: Experiment): Markup {
  const { strategies } = experiment;
  const { heightPx } = wallTimeChartSize(experiment);
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: widthPx, height: heightPx });
  chart.setOption({
    animation: false,
    grid,
    xAxis: {
      type: 'value',
      min: 0,
      name: 'wall time (shorter is faster)',
      nameLocation: 'middle',
      nameGap: 30,
      nameTextStyle: { color: colour.muted, fontSize: 13, fontFamily },
      axisLabel: {
        color: colour.muted,
        fontSize: 13,
        fontFamily,
        formatter: (milliseconds: number) => formatDuration(milliseconds),
      },
      splitLine: { lineStyle: { color: colour.line } },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: strategies.map(strategyName),
      axisLabel: { color: colour.ink, fontSize: 14, fontFamily },
      axisLine: { show: true, lineStyle: { color: colour.muted } },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'bar',
        silent: true,
        barWidth: 36,
        data: strategies.map((result) => ({
          value: result.wallMs?.median ?? Number.NaN,
          itemStyle: { color: isRecommended(result, experiment) ? colour.winner : colour.bar },
        })),
      },
      dotSeries(experiment),
      intervalSeries(experiment),
    ],
  });
  const drawing = chart.renderToSVGString();
  chart.dispose();
  return trustedMarkup(finish(drawing, describe(experiment)));
}

/** One number per run: [wall ms, row, place within the row from -1 to 1, warm-up]. */
function dotSeries({ strategies }: Experiment): CustomSeriesOption {
  const dots = strategies.flatMap((result, row) => {
    const finished = result.runs.filter(isFinished);
    return finished.map((run, index) => {
      const place = finished.length === 1 ? 0 : (2 * index) / (finished.length - 1) - 1;
      return [run.wallMs, row, place, Number(run.warmUp)];
    });
  });
  return {
    type: 'custom',
    silent: true,
    // Above the bars.
    z: 5,
    data: dots,
    renderItem: (_params, api) => {
      const [x = 0, y = 0] = api.coord([api.value(0), api.value(1)]);
      const isWarmUp = Number(api.value(3)) === 1;
      return {
        type: 'circle',
        shape: { cx: x, cy: y + Number(api.value(2)) * dotSpreadPx, r: 3.2 },
        style: {
          fill: isWarmUp ? 'none' : colour.ink,
          stroke: isWarmUp ? colour.muted : colour.page,
          lineWidth: 1,
        },
      };
    },
  };
}

/** One row per strategy: [row, low, high, median, where the label goes]. */
function intervalSeries({ strategies }: Experiment): CustomSeriesOption {
  const rows = strategies.flatMap((result, row) => {
    if (result.wallMs === null) return [];
    const [low, high] = result.wallMs.ci95;
    const rightmost = Math.max(high, ...result.runs.filter(isFinished).map((run) => run.wallMs));
    return [[row, low, high, result.wallMs.median, rightmost]];
  });
  return {
    type: 'custom',
    silent: true,
    // Above the bars.
    z: 5,
    // Without it the axis ends at the longest bar and cuts off what reaches further.
    encode: { x: [1, 2, 4], y: 0 },
    data: rows,
    renderItem: (_params, api) => {
      const row = api.value(0);
      const xOf = (dimension: number): number => api.coord([api.value(dimension), row])[0] ?? 0;
      const y = api.coord([0, row])[1] ?? 0;
      const [low, high] = [xOf(1), xOf(2)];
      const style = { stroke: colour.ink, lineWidth: 2 };
      const line = (x1: number, y1: number, x2: number, y2: number) => ({
        type: 'line' as const,
        shape: { x1, y1, x2, y2 },
        style,
      });
      const middleY = y + dotSpreadPx + 8;
      return {
        type: 'group',
        children: [
          line(low, middleY, high, middleY),
          line(low, middleY - 4, low, middleY + 4),
          line(high, middleY - 4, high, middleY + 4),
          {
            type: 'text',
            x: xOf(4) + 12,
            y,
            style: {
              text: formatDuration(Number(api.value(3))),
              fill: colour.ink,
              fontSize: 14,
              fontWeight: 'bold',
              fontFamily,
              verticalAlign: 'middle',
            },
          },
        ],
      };
    },
  };
}

function isFinished(run: RunRecord): run is Extract<RunRecord, { state: 'finished' }> {
  return run.state === 'finished';
}

function describe({ strategies }: Experiment): string {
  const medians = strategies.map(
    (result) => `${strategyName(result)} ${formatDuration(result.wallMs?.median)}`,
  );
  return `Median wall times: ${medians.join(', ')}.`;
}

/**
 * ECharts numbers its drawings in style classes, so the same experiment would not give the same file twice, and marks
 * every shape for its own script; both are for pointing at things, which a report does not do. It writes fonts into
 * style attributes, which the report's content policy forbids, and fixes the size in pixels, so that the drawing would
 * not shrink with the page.
 */
function finish(drawing: string, label: string): string {
  return drawing
    .replaceAll(/<style[^>]*>.*?<\/style>/gs, '')
    .replaceAll(/ (?:class|pointer-events|ecmeta_\w+)="[^"]*"/g, '')
    .replaceAll(/ style="([^"]*)"/g, (_attribute, style: string) => fontAttributes(style))
    .replace(
      /^<svg width="\d+" height="\d+"/,
      `<svg class="drawing" role="img" aria-label="${escapeText(label)}"`,
    );
}

function fontAttributes(style: string): string {
  const size = /font-size:([^;]+)/.exec(style)?.[1];
  const weight = /font-weight:([^;]+)/.exec(style)?.[1];
  return `${size === undefined ? '' : ` font-size="${size}"`}${weight === undefined ? '' : ` font-weight="${weight}"`}`;
}
