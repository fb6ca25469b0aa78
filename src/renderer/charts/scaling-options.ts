import type { CustomSeriesRenderItemAPI, CustomSeriesRenderItemReturn } from 'echarts';
import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { formatFactor, formatInterval } from '../../shared/format.ts';
import type { ThemeName } from '../drawing/protocol.ts';
import { cardOption, quietText, type ChartText } from './chart-options.ts';
import { chartThemes } from './chart-theme.ts';
import type { ScalingLine } from './scaling-points.ts';
import { strategyColour } from './strategy-colours.ts';

export type ScalingOption = ComposeOption<
  CustomSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption
>;

export interface ScalingContent {
  readonly lines: readonly ScalingLine[];
  readonly kinks: readonly { readonly atWorkers: number; readonly reason: string }[];
}

/** Strategies of one family have one colour; their symbols and dashes tell them apart. */
const symbols = ['circle', 'diamond', 'rect', 'triangle', 'pin'] as const;
const whiskerPx = 4;

/** The chart in words, for those who do not see it. */
export function scalingText({ lines, kinks }: ScalingContent): string {
  const sentences = lines.map(
    ({ strategy, points }) =>
      `${strategy}: ${points.map(({ workers, speedup }) => `${workers} workers ${formatFactor(speedup?.median)}`).join(', ')}.`,
  );
  const limits = kinks.map(({ atWorkers, reason }) => `${atWorkers} is ${reason}.`);
  return ['Speed-up by number of workers.', ...sentences, ...limits].join(' ');
}

/**
 * Speed-up over the number of workers: points with their intervals, joined where no curve was fitted and with the curve
 * where one was; the ideal line; an upright line where the machine has a limit.
 */
export function scalingOption(
  { lines, kinks }: ScalingContent,
  theme: ThemeName,
  fontFamily: string,
): ScalingOption {
  const colours = chartThemes[theme];
  const text = quietText(colours, fontFamily);
  const counts = [...new Set(lines.flatMap(({ points }) => points.map(({ workers }) => workers)))];
  const mostWorkers = Math.max(1, ...counts);
  const highest = Math.max(
    1,
    ...lines.flatMap(({ points }) => points.map(({ speedup }) => speedup?.ci95[1] ?? 0)),
  );
  const highestMedian = Math.max(
    1,
    ...lines.flatMap(({ points }) => points.map(({ speedup }) => speedup?.median ?? 0)),
  );
  // Ideal is as high as the workers: with many of them the measured points would lie flat on the axis. An interval that
  // is wider than all of that leaves the picture, rather than press everything else flat.
  const top = Math.max(Math.min(mostWorkers, highest * 1.25), highestMedian * 1.1);
  const known = lines.map((line) => ({
    ...line,
    points: line.points.flatMap(({ workers, speedup }) => (speedup === null ? [] : [{ workers, speedup }])),
  }));
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: { left: 46, right: 18, top: 24, bottom: 42, outerBoundsMode: 'none' },
    xAxis: {
      type: 'value',
      min: 0,
      max: mostWorkers + Math.max(0.3, mostWorkers * 0.04),
      name: 'workers',
      nameLocation: 'middle',
      nameGap: 24,
      nameTextStyle: text,
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { customValues: counts },
      splitLine: { show: false },
      axisLabel: { ...text, customValues: counts, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      // A step of a half would leave a mark just below the last.
      max: top > 2 ? Math.ceil(top) : Math.ceil(top * 2) / 2,
      name: 'speed-up',
      nameTextStyle: { ...text, align: 'left' },
      nameGap: 10,
      splitNumber: 4,
      splitLine: { lineStyle: { color: colours.faintLine } },
      axisLabel: { ...text, formatter: (factor: number) => `${factor}×` },
    },
    tooltip: cardOption(colours, fontFamily),
    series: [
      {
        type: 'line',
        id: 'ideal',
        silent: true,
        symbol: 'none',
        data: [
          [0, 0],
          [mostWorkers, mostWorkers],
        ],
        clip: true,
        lineStyle: { color: colours.quietText, width: 1, type: [2, 4] },
      },
      {
        type: 'custom',
        id: 'kinks',
        silent: true,
        data: kinks.map(({ atWorkers }) => [atWorkers, 0]),
        renderItem: ({ dataIndex }, api) => kinkShape(kinks[dataIndex], api, colours.line, text),
      },
      ...known.map(({ strategy, points, curve }, index): LineSeriesOption => ({
        type: 'line',
        id: `curve ${strategy}`,
        silent: true,
        symbol: 'none',
        data: (curve.length > 0
          ? curve
          : points.map(({ workers, speedup }) => [workers, speedup.median] as const)
        ).map((pair) => [...pair]),
        lineStyle: {
          color: strategyColour(theme, strategy).fill,
          width: curve.length > 0 ? 2 : 1.25,
          type: curve.length > 0 ? 'solid' : index % 2 === 0 ? [5, 3] : [2, 3],
        },
      })),
      ...known.map(({ strategy, points }, index): CustomSeriesOption => ({
        type: 'custom',
        id: `intervals ${strategy}`,
        silent: true,
        clip: true,
        z: 4,
        data: points.map(({ workers, speedup }) => [workers, ...speedup.ci95]),
        encode: { x: 0, y: [1, 2] },
        renderItem: (_params, api) =>
          whiskerShape(api, strategyColour(theme, strategy).fill, sidestep(index, known.length)),
      })),
      ...known.map(({ strategy, points }, index): LineSeriesOption => ({
        type: 'line',
        id: strategy,
        z: 5,
        symbol: symbols[index % symbols.length] ?? 'circle',
        symbolSize: 8,
        symbolOffset: [sidestep(index, known.length), 0],
        lineStyle: { width: 0 },
        itemStyle: {
          color: strategyColour(theme, strategy).fill,
          borderColor: colours.panel,
          borderWidth: 1,
        },
        data: points.map(({ workers, speedup }) => [workers, speedup.median]),
        tooltip: {
          formatter: ({ dataIndex }) => {
            const point = points[dataIndex];
            if (point === undefined) return '';
            return `${strategy} × ${point.workers}: ${formatFactor(point.speedup.median)}, 95 % interval ${formatInterval(point.speedup, formatFactor)}`;
          },
        },
      })),
    ],
  };
}

/** Points of strategies that scale alike would hide one another: each stands a little to its side. */
function sidestep(index: number, count: number): number {
  return (index - (count - 1) / 2) * 5;
}

function whiskerShape(
  api: CustomSeriesRenderItemAPI,
  stroke: string,
  offsetPx: number,
): CustomSeriesRenderItemReturn {
  const [x = 0, lowY = 0] = api.coord([api.value(0), api.value(1)]);
  const [, highY = 0] = api.coord([api.value(0), api.value(2)]);
  const at = x + offsetPx;
  const line = (x1: number, y1: number, x2: number, y2: number) => ({
    type: 'line' as const,
    shape: { x1, y1, x2, y2 },
    style: { stroke, lineWidth: 1.5 },
  });
  return {
    type: 'group',
    children: [
      line(at, lowY, at, highY),
      line(at - whiskerPx, lowY, at + whiskerPx, lowY),
      line(at - whiskerPx, highY, at + whiskerPx, highY),
    ],
  };
}

function kinkShape(
  kink: ScalingContent['kinks'][number] | undefined,
  api: CustomSeriesRenderItemAPI,
  stroke: string,
  text: ChartText,
): CustomSeriesRenderItemReturn {
  if (kink === undefined) return null;
  const [x = 0, y = 0] = api.coord([kink.atWorkers, 0]);
  const top = 24;
  return {
    type: 'group',
    children: [
      {
        type: 'line',
        shape: { x1: x, y1: y, x2: x, y2: top },
        style: { stroke, lineWidth: 1, lineDash: [3, 3] },
      },
      {
        type: 'text',
        x: x + 4,
        y: top,
        style: {
          text: kink.reason.replace(/^the /, ''),
          fill: text.color,
          fontFamily: text.fontFamily,
          fontSize: text.fontSize,
        },
      },
    ],
  };
}
