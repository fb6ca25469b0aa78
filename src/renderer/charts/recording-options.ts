import type { CustomSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption } from 'echarts/components';
import type { CustomSeriesRenderItemReturn } from 'echarts';
import type { ComposeOption } from 'echarts/core';
import { formatBytes } from '../../shared/format.ts';
import type { StoryMoment, StoryPhase } from '../../shared/recordings-requests.ts';
import type { ThemeName } from '../drawing/protocol.ts';
import { chartFontSize, chartThemes, type ChartTheme } from './chart-theme.ts';
import type { CoreRow } from './core-rows.ts';
import { memoryAxisEnd } from './memory-axis.ts';
import { bandRowHeightPx, coreLabelStep, type RecordingLayout } from './recording-layout.ts';
import { mostOf, pointsOf, type LineColumns } from './recording-lines.ts';
import { formatSessionTime, timeTicks, type TimeRange } from './time-range.ts';
import type { Rect } from './timeline-layout.ts';

export type RecordingOption = ComposeOption<CustomSeriesOption | LineSeriesOption | GridComponentOption>;

/** Which row a phase stands in: runs, their parts, what the program marked. */
export const bandKinds = ['run', 'part', 'marked'] as const satisfies readonly StoryPhase['kind'][];

export interface RecordingContent {
  readonly layout: RecordingLayout;
  readonly theme: ThemeName;
  readonly fontFamily: string;
  readonly range: TimeRange;
  readonly rows: readonly CoreRow[];
  /** The kinds that there are, from the top. */
  readonly kinds: readonly StoryPhase['kind'][];
  readonly phases: readonly StoryPhase[];
  readonly moments: readonly StoryMoment[];
  readonly machine: LineColumns;
  readonly run: LineColumns;
  readonly pss: LineColumns;
  readonly rss: LineColumns;
  readonly measureText: (text: string) => number;
}

function gridOf({ x, y, width, height }: Rect): GridComponentOption {
  return { left: x, top: y, width, height, outerBoundsMode: 'none' };
}

export function recordingOption(content: RecordingContent): RecordingOption {
  const { layout, theme, fontFamily, range, rows } = content;
  const colours = chartThemes[theme];
  const text = { fontFamily, fontSize: chartFontSize, color: colours.quietText };
  const bare = { axisLine: { show: false }, axisTick: { show: false }, splitLine: { show: false } };
  const { stepMs, ticksMs } = timeTicks(range, layout.heat.width);
  const time = { type: 'value', min: range.startMs, max: range.startMs + range.spanMs } as const;
  const bareTime = { ...time, ...bare, axisLabel: { show: false } } as const;
  const labelStep = coreLabelStep(rows.length, layout.heat.height);
  const coresEnd = Math.max(1, Math.ceil(largest(mostOf(content.machine.max), mostOf(content.run.max))));
  const bytesEnd = memoryAxisEnd(largest(mostOf(content.pss.max), mostOf(content.rss.max)));
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: [gridOf(layout.bands), gridOf(layout.heat), gridOf(layout.cores), gridOf(layout.memory)],
    xAxis: [
      { ...bareTime, gridIndex: 0 },
      { ...bareTime, gridIndex: 1 },
      {
        ...time,
        gridIndex: 2,
        splitLine: { show: false },
        axisTick: { show: false },
        axisLabel: { show: false },
        axisLine: { show: true, onZero: false, lineStyle: { color: colours.line } },
      },
      {
        ...time,
        gridIndex: 3,
        splitLine: { show: false },
        axisLine: { show: true, onZero: false, lineStyle: { color: colours.line } },
        axisTick: { customValues: [...ticksMs], lineStyle: { color: colours.line } },
        axisLabel: {
          ...text,
          customValues: [...ticksMs],
          formatter: (atMs: number) => formatSessionTime(atMs, stepMs),
        },
      },
    ],
    yAxis: [
      {
        type: 'value',
        gridIndex: 0,
        min: 0,
        max: Math.max(1, content.kinds.length),
        ...bare,
        axisLabel: { show: false },
      },
      {
        type: 'category',
        gridIndex: 1,
        inverse: true,
        data: rows.map(({ label }) => label),
        ...bare,
        axisLabel: { ...text, margin: 8, interval: (row: number) => row % labelStep === 0 },
      },
      {
        ...valueAxis(coresEnd, colours),
        gridIndex: 2,
        axisLabel: { ...text, margin: 8, formatter: plainNumber },
      },
      {
        ...valueAxis(bytesEnd, colours),
        gridIndex: 3,
        axisLabel: {
          ...text,
          margin: 8,
          formatter: (bytes: number) => (bytes === 0 ? '0' : formatBytes(bytes)),
        },
      },
    ],
    series: [
      bandSeries(content, colours),
      momentSeries(content, colours),
      ...rangedLine(content.machine, 2, colours.quietText, 'dashed', colours),
      ...rangedLine(content.run, 2, colours.strongLine, 'solid', colours),
      ...rangedLine(content.rss, 3, colours.quietText, 'dashed', colours),
      ...rangedLine(content.pss, 3, colours.strongLine, 'solid', colours),
    ],
  };
}

function valueAxis(end: number, colours: ChartTheme) {
  return {
    type: 'value',
    min: 0,
    max: end,
    interval: end / 2,
    axisLine: { show: false },
    axisTick: { show: false },
    splitLine: { show: true, lineStyle: { color: colours.faintLine } },
  } as const;
}

function plainNumber(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function largest(one: number, other: number): number {
  return Math.max(Number.isNaN(one) ? 0 : one, Number.isNaN(other) ? 0 : other);
}

/** The mean as a line; where the samples of a stretch differ, from smallest to largest as an area behind it. */
function rangedLine(
  line: LineColumns,
  axis: number,
  color: string,
  type: 'solid' | 'dashed',
  { strongLine }: ChartTheme,
): LineSeriesOption[] {
  const bare = { type: 'line', xAxisIndex: axis, yAxisIndex: axis, silent: true, symbol: 'none' } as const;
  const mean: LineSeriesOption = {
    ...bare,
    z: 3,
    lineStyle: { color, width: type === 'solid' ? 1.5 : 1, type: type === 'solid' ? 'solid' : [4, 3] },
    data: pointsOf(line, line.mean).map(([atMs, value]) => [atMs, value ?? '-']),
  };
  if (type === 'dashed' || line.max === line.mean) return [mean];
  const max: LineSeriesOption = {
    ...bare,
    z: 2,
    lineStyle: { width: 0 },
    areaStyle: { color: strongLine, opacity: 0.13, origin: 'start' },
    data: pointsOf(line, line.max).map(([atMs, value]) => [atMs, value ?? '-']),
  };
  return [max, mean];
}

function bandSeries(content: RecordingContent, colours: ChartTheme): CustomSeriesOption {
  const { layout, phases, kinds, range, fontFamily, measureText, theme } = content;
  const { bands } = layout;
  const x = (atMs: number): number => bands.x + ((atMs - range.startMs) / range.spanMs) * bands.width;
  const shown = phases.filter(
    ({ fromMs, toMs }) => toMs > range.startMs && fromMs < range.startMs + range.spanMs,
  );
  return {
    type: 'custom',
    xAxisIndex: 0,
    yAxisIndex: 0,
    silent: true,
    data: shown.map(({ fromMs }) => [fromMs, 0]),
    renderItem: ({ dataIndex }): CustomSeriesRenderItemReturn => {
      const phase = shown[dataIndex];
      if (phase === undefined) return null;
      const left = Math.max(bands.x, x(phase.fromMs));
      const right = Math.min(bands.x + bands.width, x(phase.toMs));
      const top = bands.y + kinds.indexOf(phase.kind) * bandRowHeightPx;
      const width = Math.max(1, right - left - 1);
      const label = phase.isWarmUp && phase.kind === 'run' ? `${phase.name} (warm-up)` : phase.name;
      const fits = measureText(label) + 8 <= width;
      return {
        type: 'group',
        children: [
          {
            type: 'rect',
            shape: { x: left, y: top, width, height: bandRowHeightPx - 3, r: 2 },
            style: {
              fill: bandFill(phase, theme),
              opacity: phase.isWarmUp ? 0.45 : 1,
            },
          },
          {
            type: 'text',
            x: left + 4,
            y: top + (bandRowHeightPx - 3) / 2,
            style: {
              text: fits ? label : '',
              fill: colours.text,
              fontFamily,
              fontSize: chartFontSize - 0.5,
              verticalAlign: 'middle',
            },
          },
        ],
      };
    },
  };
}

/** Quiet fills on which the text colour is readable (at least 7:1); kinds differ by row, so colour says nothing alone. */
function bandFill({ kind, name }: StoryPhase, theme: ThemeName): string {
  const isDark = theme !== 'light';
  if (kind === 'run') return isDark ? '#2c3a58' : '#d5e1f8';
  if (kind === 'marked') return isDark ? '#243c30' : '#d3ecdd';
  if (name === 'work') return isDark ? '#3a3f4a' : '#dfe3ea';
  return isDark ? '#242932' : '#eef0f4';
}

/** Markers and notes: a line down through everything, with a foot in the bands. */
function momentSeries({ layout, moments, range }: RecordingContent, colours: ChartTheme): CustomSeriesOption {
  const { bands, memory } = layout;
  const shown = moments.filter(({ atMs }) => atMs >= range.startMs && atMs <= range.startMs + range.spanMs);
  return {
    type: 'custom',
    xAxisIndex: 0,
    yAxisIndex: 0,
    silent: true,
    z: 4,
    clip: false,
    data: shown.map(({ atMs }) => [atMs, 0]),
    renderItem: ({ dataIndex }): CustomSeriesRenderItemReturn => {
      const moment = shown[dataIndex];
      if (moment === undefined) return null;
      const x = Math.round(bands.x + ((moment.atMs - range.startMs) / range.spanMs) * bands.width) + 0.5;
      const dash = moment.kind === 'note' ? [2, 3] : [6, 3];
      return {
        type: 'group',
        children: [
          {
            type: 'line',
            shape: { x1: x, y1: bands.y, x2: x, y2: memory.y + memory.height },
            style: { stroke: colours.text, lineWidth: 1, opacity: 0.55, lineDash: dash },
          },
          {
            type: 'circle',
            shape: { cx: x, cy: bands.y + 3, r: 3 },
            style:
              moment.kind === 'note' ? { fill: colours.panel, stroke: colours.text } : { fill: colours.text },
          },
        ],
      };
    },
  };
}
