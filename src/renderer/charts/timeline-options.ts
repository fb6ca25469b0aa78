import type { CustomSeriesOption } from 'echarts/charts';
import type { GraphicComponentOption, GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import type { SessionMs } from '../../shared/units.ts';
import { chartFontSize, chartThemes } from './chart-theme.ts';
import type { CoreRow } from './core-rows.ts';
import { formatSessionTime } from './time-range.ts';
import { laneFrames, type LaneFramesContent } from './timeline-lanes.ts';
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

/** What the chart shows: all that stays where it is while time goes on. */
export interface TimelineContent extends LaneFramesContent {
  readonly rows: readonly CoreRow[];
  readonly measureText: (text: string) => number;
  /** The time at a place in the plot, 0 left and 1 right, at the moment when it is asked. */
  readonly timeAt: (fraction: number) => SessionMs;
  /** The card for a datum: what to show at once, and `show` for what comes later. */
  readonly tooltip: (item: TooltipItem, show: (card: HTMLElement) => void) => HTMLElement | string;
}

export const seriesIds = { bands: 'bands', heat: 'heat', lanes: 'lanes' } as const;

function gridOf({ x, y, width, height }: Rect): GridComponentOption {
  return { left: x, top: y, width, height, outerBoundsMode: 'none' };
}

/** What ECharts needs of its lanes when the ends of their axes have changed. */
export function framesUpdate(content: LaneFramesContent): TimelineOption {
  return { graphic: { elements: laneFrames(content) } };
}

/**
 * The whole option: for a new size, theme or number of cores. Time is no part of it, so that it need not be drawn
 * anew while time goes on: the axes reach from 0 to 1, and the strips beside them say what that is.
 */
export function timelineOption(content: TimelineContent): TimelineOption {
  const { layout, theme, rows, fontFamily } = content;
  const colours = chartThemes[theme];
  const text = { fontFamily, fontSize: chartFontSize, color: colours.quietText };
  const labelStep = coreLabelStep(rows.length, layout.heat.height);
  const bare = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  const bareTime = { type: 'value', min: 0, max: 1, ...bare, axisLabel: { show: false } } as const;
  const pointer = {
    show: true,
    type: 'line',
    lineStyle: { color: colours.text, width: 1, type: 'solid', opacity: 0.5 },
  } as const;
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: [gridOf(layout.bands), gridOf(layout.heat), gridOf(layout.allLanes)],
    axisPointer: { link: [{ xAxisIndex: 'all' }], triggerTooltip: false },
    xAxis: [
      { ...bareTime, gridIndex: 0, axisPointer: { ...pointer, label: { show: false } } },
      { ...bareTime, gridIndex: 1, axisPointer: { ...pointer, label: { show: false } } },
      {
        ...bareTime,
        gridIndex: 2,
        axisPointer: {
          ...pointer,
          label: {
            ...text,
            show: true,
            color: colours.panel,
            backgroundColor: colours.text,
            padding: [3, 5],
            margin: 5,
            formatter: ({ value }) => formatSessionTime(content.timeAt(Number(value)), 100),
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
      hitArea(seriesIds.bands, 0, layout.bands),
      hitArea(seriesIds.heat, 1, layout.heat),
      hitArea(seriesIds.lanes, 2, layout.allLanes),
    ],
    graphic: { elements: [...laneFrames(content), ...rowShapes(content)] },
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
      // Found by the pointer, and not drawn: even what is transparent would be drawn with every picture below it.
      invisible: true,
      shape: { x, y, width, height },
    }),
  };
}
