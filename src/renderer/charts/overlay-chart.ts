import { LineChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { formatBytes } from '../../shared/format.ts';
import type { ThemeName } from '../drawing/protocol.ts';
import { memoryAxisEnd } from './memory-axis.ts';
import { chartFontSize, chartThemes, fontFamilyOf } from './chart-theme.ts';
import { formatSessionTime, timeTicks } from './time-range.ts';

use([CanvasRenderer, GridComponent, LineChart]);

/** Lines that are told apart by colour and by dash, so that neither is needed alone. */
export const overlayStyles: Readonly<
  Record<ThemeName, readonly { readonly colour: string; readonly dash: 'solid' | readonly number[] }[]>
> = {
  // Okabe and Ito's colours, darkened or lightened until they stand out from the panel by at least 3:1.
  light: [
    { colour: '#0072b2', dash: 'solid' },
    { colour: '#b84a00', dash: [7, 3] },
    { colour: '#00795a', dash: [2, 3] },
    { colour: '#a3457f', dash: [8, 3, 2, 3] },
  ],
  dark: [
    { colour: '#6cb8f0', dash: 'solid' },
    { colour: '#f08a4b', dash: [7, 3] },
    { colour: '#3cc9a0', dash: [2, 3] },
    { colour: '#e09cc6', dash: [8, 3, 2, 3] },
  ],
  'high-contrast': [
    { colour: '#56b4ff', dash: 'solid' },
    { colour: '#ffb000', dash: [7, 3] },
    { colour: '#5cf0c0', dash: [2, 3] },
    { colour: '#ffa8dc', dash: [8, 3, 2, 3] },
  ],
};

export type OverlayUnit = 'cores' | 'bytes';

export interface OverlayLine {
  readonly name: string;
  /** Times since the alignment in ms; NaN values break the line. */
  readonly points: readonly (readonly [atMs: number, value: number])[];
}

export interface OverlayContent {
  readonly lines: readonly OverlayLine[];
  readonly theme: ThemeName;
  readonly unit: OverlayUnit;
}

export interface OverlayChart {
  draw(content: OverlayContent): void;
  destroy(): void;
}

/** Lines of several recordings upon one another, all beginning at 0. The host must have a size. */
export function createOverlayChart(host: HTMLElement): OverlayChart {
  let chart = init(host, null, { renderer: 'canvas' });
  let content: OverlayContent | null = null;
  const observer = new ResizeObserver(() => {
    if (chart.getDevicePixelRatio() !== window.devicePixelRatio) {
      chart.dispose();
      chart = init(host, null, { renderer: 'canvas' });
    }
    redraw();
  });
  observer.observe(host);

  function redraw(): void {
    if (content === null || host.clientWidth === 0) return;
    const { lines, theme, unit } = content;
    const colours = chartThemes[theme];
    const text = { fontFamily: fontFamilyOf(host), fontSize: chartFontSize, color: colours.quietText };
    const values = lines.flatMap(({ points }) => points.map(([, value]) => value));
    const most = axisEnd(
      values.reduce((one, other) => (other > one ? other : one), 0),
      unit,
    );
    const lastMs = lines.reduce((one, { points }) => Math.max(one, points.at(-1)?.[0] ?? 0), 1);
    const { stepMs, ticksMs } = timeTicks({ startMs: 0, spanMs: lastMs }, host.clientWidth - 90);
    chart.resize();
    chart.setOption(
      {
        animation: false,
        grid: { left: 64, right: 24, top: 8, bottom: 24, outerBoundsMode: 'none' },
        xAxis: {
          type: 'value',
          min: 0,
          max: lastMs,
          splitLine: { show: false },
          axisLine: { lineStyle: { color: colours.line } },
          axisTick: { customValues: [...ticksMs], lineStyle: { color: colours.line } },
          axisLabel: {
            ...text,
            customValues: [...ticksMs],
            formatter: (atMs: number) => formatSessionTime(atMs, stepMs),
          },
        },
        yAxis: {
          type: 'value',
          min: 0,
          max: most,
          interval: most / 2,
          splitLine: { lineStyle: { color: colours.faintLine } },
          axisLine: { show: false },
          axisTick: { show: false },
          axisLabel: { ...text, margin: 8, formatter: (value: number) => axisText(value, unit) },
        },
        series: lines.map(({ name, points }, index) => {
          const style = overlayStyles[theme][index % overlayStyles[theme].length];
          return {
            type: 'line',
            name,
            silent: true,
            symbol: 'none',
            lineStyle: {
              color: style?.colour ?? colours.text,
              width: 1.6,
              type: style === undefined || style.dash === 'solid' ? 'solid' : [...style.dash],
            },
            data: points.map(([atMs, value]) => [atMs, Number.isNaN(value) ? '-' : value]),
          };
        }),
      },
      { notMerge: true },
    );
  }

  return {
    draw(next) {
      content = next;
      redraw();
    },
    destroy() {
      observer.disconnect();
      chart.dispose();
    },
  };
}

/** A round number that is not below the largest value, so that its half is round too. */
function axisEnd(most: number, unit: OverlayUnit): number {
  return unit === 'bytes' ? memoryAxisEnd(most) : Math.max(1, Math.ceil(most * 2) / 2);
}

function axisText(value: number, unit: OverlayUnit): string {
  if (unit === 'cores') return String(Math.round(value * 100) / 100);
  return value === 0 ? '0' : formatBytes(value);
}
