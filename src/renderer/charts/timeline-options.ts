import type { CustomSeriesOption } from 'echarts/charts';
import type { GraphicComponentOption, GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { CustomSeriesRenderItemReturn } from 'echarts';
import type { ComposeOption } from 'echarts/core';
import type { Milliseconds, SessionMs } from '../../shared/units.ts';
import type { ThemeName } from '../drawing/protocol.ts';
import { chartFontSize, chartThemes, type ChartTheme } from './chart-theme.ts';
import type { CoreRow } from './core-rows.ts';
import type { BandBox } from './run-bands.ts';
import { strategyColour } from './strategy-colours.ts';
import { pointerLayer, scrollingLayer } from './timeline-elements.ts';
import { formatSessionTime, timeTicks, type TimeRange } from './time-range.ts';
import { laneShapes, type LanesContent } from './timeline-lanes.ts';
import { coreLabelStep, type Rect } from './timeline-layout.ts';
import { rowShapes } from './timeline-rows.ts';

export type TimelineOption = ComposeOption<
  CustomSeriesOption | GridComponentOption | TooltipComponentOption | GraphicComponentOption
>;

/** Which datum the pointer is over. */
export interface TooltipItem {
  readonly seriesId?: string;
  readonly dataIndex: number;
}

/** What the chart shows; everything else follows from it. */
export interface TimelineContent extends LanesContent {
  readonly rows: readonly CoreRow[];
  readonly range: TimeRange;
  /** Where runs that are still on end for now. */
  readonly nowMs: SessionMs;
  readonly bandBoxes: readonly BandBox[];
  /** CSS pixels that the scrolling parts reach beyond the plot, to be scrolled into it before the next redraw. */
  readonly overhangPx: number;
  /** Time that the picture has been scrolled by since the last redraw; read when the axis pointer is drawn. */
  readonly scrolledMs: () => Milliseconds;
  /** The card for a datum: what to show at once, and `show` for what comes later. */
  readonly tooltip: (item: TooltipItem, show: (card: HTMLElement) => void) => HTMLElement | string;
}

export const seriesIds = { bands: 'bands', heat: 'heat', lanes: 'lanes' } as const;

const warmUpOpacity = 0.35;

function gridOf(rect: Rect, overhangPx: number): GridComponentOption {
  return {
    left: rect.x,
    top: rect.y,
    width: rect.width + overhangPx,
    height: rect.height,
    outerBoundsMode: 'none',
  };
}

/** The whole option: for a new size, theme or number of cores. */
export function timelineOption(content: TimelineContent): TimelineOption {
  const { layout, theme, rows, fontFamily } = content;
  const colours = chartThemes[theme];
  const text = { fontFamily, fontSize: chartFontSize, color: colours.quietText };
  const labelStep = coreLabelStep(rows.length, layout.heat.height);
  const bare = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  const bareTime = { type: 'value', ...bare, axisLabel: { show: false } } as const;
  const pointer = {
    show: true,
    zlevel: pointerLayer,
    type: 'line',
    lineStyle: { color: colours.text, width: 1, type: 'solid', opacity: 0.5 },
  } as const;
  const parts = partsOfTime(content, colours);
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: [
      gridOf(layout.bands, content.overhangPx),
      gridOf(layout.heat, 0),
      gridOf(layout.allLanes, content.overhangPx),
    ],
    axisPointer: { link: [{ xAxisIndex: 'all' }], triggerTooltip: false, zlevel: pointerLayer },
    xAxis: [
      { ...bareTime, ...parts.bandsTime, gridIndex: 0, axisPointer: { ...pointer, label: { show: false } } },
      { ...bareTime, ...parts.heatTime, gridIndex: 1, axisPointer: { ...pointer, label: { show: false } } },
      {
        type: 'value',
        gridIndex: 2,
        zlevel: scrollingLayer,
        splitLine: { show: false },
        axisLine: { show: true, onZero: false, lineStyle: { color: colours.line } },
        ...parts.lanesTime,
        axisPointer: {
          ...pointer,
          label: {
            ...text,
            show: true,
            color: colours.panel,
            backgroundColor: colours.text,
            padding: [3, 5],
            margin: 5,
            formatter: ({ value }) => formatSessionTime(Number(value) + content.scrolledMs(), 100),
          },
        },
      },
    ],
    yAxis: [
      { id: 'bands', type: 'value', gridIndex: 0, min: 0, max: 1, ...bare, axisLabel: { show: false } },
      {
        id: 'cores',
        type: 'category',
        gridIndex: 1,
        inverse: true,
        data: rows.map(({ label }) => label),
        ...bare,
        axisLabel: { ...text, margin: 8, interval: (row: number) => row % labelStep === 0 },
      },
      { id: 'lanes', type: 'value', gridIndex: 2, min: 0, max: 1, ...bare, axisLabel: { show: false } },
    ],
    tooltip: {
      trigger: 'item',
      renderMode: 'html',
      confine: true,
      transitionDuration: 0,
      formatter: (
        params: TooltipItem | readonly TooltipItem[],
        ticket: string,
        callback?: (ticket: string, card: HTMLElement) => void,
      ) => {
        const item = 'dataIndex' in params ? params : params[0];
        return item === undefined ? '' : content.tooltip(item, (card) => callback?.(ticket, card));
      },
      backgroundColor: colours.tooltip,
      borderColor: colours.line,
      borderWidth: 1,
      padding: [7, 10],
      textStyle: { ...text, fontSize: 12, color: colours.text },
      extraCssText: 'border-radius: 6px; box-shadow: 0 4px 16px rgb(0 0 0 / 18%);',
    },
    series: [
      hitArea(seriesIds.heat, 1, layout.heat),
      hitArea(seriesIds.lanes, 2, layout.allLanes),
      {
        type: 'custom',
        xAxisIndex: 0,
        yAxisIndex: 0,
        zlevel: scrollingLayer,
        ...parts.bands,
      },
    ],
    graphic: { elements: [...parts.caption.elements, ...rowShapes(content)] },
  };
}

/** What changes with time alone, to be merged into the option that is there: a tenth of the work of the whole. */
export function timelineUpdate(content: TimelineContent): TimelineOption {
  const parts = partsOfTime(content, chartThemes[content.theme]);
  return {
    xAxis: [parts.bandsTime, parts.heatTime, parts.lanesTime],
    series: [{ type: 'custom', ...parts.bands }],
    graphic: parts.caption,
  };
}

/** A series of one datum, as large as its plot and invisible: it gives the tooltip something to be over. */
function hitArea(id: string, gridIndex: number, { x, y, width, height }: Rect): CustomSeriesOption {
  return {
    id,
    type: 'custom',
    xAxisIndex: gridIndex,
    yAxisIndex: gridIndex,
    data: [[0, 0]],
    renderItem: () => ({
      type: 'rect',
      shape: { x, y, width, height },
      style: { fill: 'rgba(0, 0, 0, 0)' },
    }),
  };
}

function partsOfTime(content: TimelineContent, colours: ChartTheme) {
  const { range, layout, overhangPx, theme, fontFamily } = content;
  const text = { fontFamily, fontSize: chartFontSize, color: colours.quietText };
  const endMs = range.startMs + range.spanMs;
  const overhangMs = (overhangPx * range.spanMs) / layout.heat.width;
  const scrolling = { min: range.startMs, max: endMs + overhangMs };
  const { stepMs, ticksMs } = timeTicks(range, layout.heat.width);
  const customValues = [...ticksMs];

  return {
    bandsTime: { id: 'time-bands', ...scrolling },
    // The heatmap's own axis does not scroll: the worker moves what lies under it.
    heatTime: { id: 'time-heat', min: range.startMs, max: endMs },
    lanesTime: {
      id: 'time-lanes',
      ...scrolling,
      axisTick: { show: true, length: 4, lineStyle: { color: colours.line }, customValues },
      axisLabel: {
        ...text,
        margin: 7,
        customValues,
        formatter: (atMs: number) => formatSessionTime(atMs, stepMs),
      },
    },
    bands: {
      id: seriesIds.bands,
      // One datum per band: the tooltip finds the band by the datum's index.
      data: content.bandBoxes.map(({ band }) => [band.startMs, 0]),
      renderItem: ({ dataIndex }: { readonly dataIndex: number }) =>
        bandShape(content.bandBoxes[dataIndex], layout.bands, theme, text, colours),
    },
    caption: { elements: laneShapes(content) },
  };
}

interface TextLook {
  readonly fontFamily: string;
  readonly fontSize: number;
  readonly color: string;
}

function bandShape(
  box: BandBox | undefined,
  row: Rect,
  theme: ThemeName,
  { fontFamily, fontSize }: TextLook,
  colours: ChartTheme,
): CustomSeriesRenderItemReturn {
  if (box === undefined) return null;
  const { band, width, text, work } = box;
  const { fill, onFill } = strategyColour(theme, band.strategy);
  const warmUp = { fill: withAlpha(fill, warmUpOpacity), stroke: fill, lineWidth: 1, lineDash: [2, 2] };
  const inset = band.warmUp && width > 3 ? 0.5 : 0;
  return {
    type: 'group',
    children: [
      {
        type: 'rect',
        shape: {
          x: row.x + box.x + inset,
          y: row.y + inset,
          width: width - 2 * inset,
          height: row.height - 2 * inset,
          r: Math.min(3, width / 2),
        },
        style: band.warmUp ? warmUp : { fill },
      },
      // The work itself, underlined: the rest of the run is start-up and tear-down.
      {
        type: 'rect',
        silent: true,
        ignore: work === null,
        shape: { x: row.x + (work?.x ?? 0), y: row.y + row.height + 1, width: work?.width ?? 0, height: 2 },
        style: { fill: colours.strongLine },
      },
      {
        type: 'text',
        silent: true,
        x: row.x + box.textX,
        y: row.y + row.height / 2 + 0.5,
        style: {
          text,
          fontFamily,
          fontSize,
          fill: band.warmUp ? colours.text : onFill,
          align: 'center',
          verticalAlign: 'middle',
        },
      },
    ],
  };
}

function withAlpha(hex: string, alpha: number): string {
  const channels = [1, 3, 5].map((from) => Number.parseInt(hex.slice(from, from + 2), 16));
  return `rgba(${channels.join(', ')}, ${alpha})`;
}
