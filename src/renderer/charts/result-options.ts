import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import type { CustomSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { RunRecord, StrategyResult } from '../../shared/experiment.ts';
import { formatDuration, formatInterval } from '../../shared/format.ts';
import { strategyName } from '../../shared/strategy-name.ts';
import type { ThemeName } from '../drawing/protocol.ts';
import { axisDuration, cardOption, quietText, type ChartText } from './chart-options.ts';
import { chartFontSize, chartThemes, type ChartTheme } from './chart-theme.ts';
import { strategyColour } from './strategy-colours.ts';

export type ResultOption = ComposeOption<CustomSeriesOption | GridComponentOption | TooltipComponentOption>;

type FinishedRun = Extract<RunRecord, { state: 'finished' }>;

/** A measured run as a dot: which row, and how far from the row's middle (-1 to 1) so that dots do not hide one another. */
export interface RunDot {
  readonly row: number;
  readonly run: FinishedRun;
  readonly offset: number;
}

const marginLeft = 116;
const marginRight = 168;
const barThickness = 16;
const whiskerHeight = 11;
const dotRadius = 3;
/** Farthest that a dot strays from the middle of its bar. */
const dotSpreadPx = 14;

/** Runs that count, in order; they alternate around the middle of the row. */
export function runDots(results: readonly StrategyResult[]): RunDot[] {
  return results.flatMap(({ runs }, row) => {
    const measured = runs.filter((run): run is FinishedRun => run.state === 'finished' && !run.warmUp);
    return measured.map((run, index) => ({
      row,
      run,
      offset: measured.length === 1 ? 0 : (2 * index) / (measured.length - 1) - 1,
    }));
  });
}

/** The chart in words, for those who do not see it. */
export function resultText(
  results: readonly StrategyResult[],
  format: (milliseconds: number) => string,
): string {
  if (results.length === 0) return 'No results yet.';
  const sentences = results.map((result) => {
    const { wallMs } = result;
    if (wallMs === null) return `${strategyName(result)}: no run finished.`;
    const count = result.runs.filter((run) => run.state === 'finished' && !run.warmUp).length;
    return `${strategyName(result)}: median ${format(wallMs.median)}, 95 % interval ${formatInterval(wallMs, format)}, ${count} runs.`;
  });
  return `Wall time by strategy; shorter is better. ${sentences.join(' ')}`;
}

export function resultOption(
  results: readonly StrategyResult[],
  theme: ThemeName,
  fontFamily: string,
  { widthPx, heightPx }: { readonly widthPx: number; readonly heightPx: number },
): ResultOption {
  const colours = chartThemes[theme];
  const text = quietText(colours, fontFamily);
  const dots = runDots(results);
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: {
      left: marginLeft,
      right: Math.min(marginRight, widthPx / 3),
      top: 4,
      height: Math.max(20, heightPx - 4 - 44),
      outerBoundsMode: 'none',
    },
    xAxis: {
      type: 'value',
      min: 0,
      name: 'wall time, shorter is better',
      nameLocation: 'middle',
      nameGap: 26,
      nameTextStyle: text,
      axisLine: { show: false },
      axisTick: { show: false },
      splitNumber: 5,
      splitLine: { lineStyle: { color: colours.faintLine } },
      axisLabel: {
        ...text,
        hideOverlap: true,
        formatter: axisDuration,
      },
    },
    yAxis: {
      type: 'category',
      inverse: true,
      data: results.map(strategyName),
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { ...text, fontSize: 12, color: colours.text, margin: 10 },
    },
    tooltip: cardOption(colours, fontFamily),
    series: [
      {
        type: 'custom',
        id: 'medians',
        data: results.map(({ wallMs }, row) => [wallMs?.median ?? 0, row, wallMs?.ci95[1] ?? 0]),
        // The axis must reach to the end of the interval, not only to the median.
        encode: { x: [0, 2], y: 1 },
        renderItem: ({ dataIndex }, api) =>
          medianShape(results[dataIndex], dataIndex, api, theme, text, colours),
        tooltip: { formatter: ({ dataIndex }) => medianTip(results[dataIndex]) },
      },
      {
        type: 'custom',
        id: 'runs',
        data: dots.map(({ row, run }) => [run.wallMs, row]),
        encode: { x: 0, y: 1 },
        renderItem: ({ dataIndex }, api) => dotShape(dots[dataIndex], results, api, theme, colours),
        tooltip: { formatter: ({ dataIndex }) => dotTip(dots[dataIndex]) },
      },
    ],
  };
}

/** Where a value of a row stands, in CSS pixels. */
function place(api: CustomSeriesRenderItemAPI, milliseconds: number, row: number): { x: number; y: number } {
  const [x = Number.NaN, y = Number.NaN] = api.coord([milliseconds, row]);
  return { x, y };
}

function medianShape(
  result: StrategyResult | undefined,
  row: number,
  api: CustomSeriesRenderItemAPI,
  theme: ThemeName,
  { fontFamily }: ChartText,
  colours: ChartTheme,
): CustomSeriesRenderItemReturn {
  if (result === undefined) return null;
  const origin = place(api, 0, row);
  const label = (x: number, words: string, detail: string): CustomSeriesRenderItemReturn => ({
    type: 'text',
    x,
    y: origin.y,
    silent: true,
    style: {
      text: `{value|${words}}${detail === '' ? '' : `\n{detail|${detail}}`}`,
      verticalAlign: 'middle',
      rich: {
        value: { fontFamily, fontSize: 12, fontWeight: 600, fill: colours.text, lineHeight: 15 },
        detail: { fontFamily, fontSize: chartFontSize, fill: colours.quietText, lineHeight: 14 },
      },
    },
  });
  const { wallMs } = result;
  if (wallMs === null) return label(origin.x + 8, 'no run finished', '');

  const median = place(api, wallMs.median, row);
  const low = place(api, wallMs.ci95[0], row);
  const high = place(api, wallMs.ci95[1], row);
  const slowestMs = Math.max(wallMs.ci95[1], ...runDots([result]).map(({ run }) => run.wallMs));
  const labelX = place(api, slowestMs, row).x + 12;
  const whisker = { stroke: colours.text, lineWidth: 1.5 };
  const upright = (x: number) => ({
    type: 'line' as const,
    silent: true,
    shape: { x1: x, x2: x, y1: origin.y - whiskerHeight / 2, y2: origin.y + whiskerHeight / 2 },
    style: whisker,
  });
  const words = label(labelX, formatDuration(wallMs.median), formatInterval(wallMs, formatDuration));
  return {
    type: 'group',
    children: [
      {
        type: 'rect',
        shape: {
          x: origin.x,
          y: origin.y - barThickness / 2,
          width: Math.max(1, median.x - origin.x),
          height: barThickness,
          r: [0, 3, 3, 0],
        },
        style: { fill: strategyColour(theme, result.strategy).fill, opacity: 0.55 },
      },
      {
        type: 'line',
        silent: true,
        shape: { x1: low.x, x2: high.x, y1: origin.y, y2: origin.y },
        style: whisker,
      },
      upright(low.x),
      upright(high.x),
      ...(words ? [words] : []),
    ],
  };
}

function dotShape(
  dot: RunDot | undefined,
  results: readonly StrategyResult[],
  api: CustomSeriesRenderItemAPI,
  theme: ThemeName,
  colours: ChartTheme,
): CustomSeriesRenderItemReturn {
  if (dot === undefined) return null;
  const result = results[dot.row];
  if (result === undefined) return null;
  const { x, y } = place(api, dot.run.wallMs, dot.row);
  return {
    type: 'circle',
    shape: { cx: x, cy: y + dot.offset * dotSpreadPx, r: dotRadius },
    style: { fill: strategyColour(theme, result.strategy).fill, stroke: colours.panel, lineWidth: 1 },
  };
}

function medianTip(result: StrategyResult | undefined): string {
  if (result === undefined || result.wallMs === null) return 'no run finished';
  return `median ${formatDuration(result.wallMs.median)}, 95 % interval ${formatInterval(result.wallMs, formatDuration)}`;
}

function dotTip(dot: RunDot | undefined): string {
  if (dot === undefined) return '';
  return `block ${dot.run.block}, run ${dot.run.order}: ${formatDuration(dot.run.wallMs)}`;
}
