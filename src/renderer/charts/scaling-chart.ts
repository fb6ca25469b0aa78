import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { ThemeName } from '../drawing/protocol.ts';
import { fontFamilyOf } from './chart-theme.ts';
import { scalingOption, scalingText, type ScalingContent } from './scaling-options.ts';

use([CanvasRenderer, CustomChart, GridComponent, LineChart, TooltipComponent]);

export interface ScalingChart {
  setContent(content: ScalingContent): void;
  setTheme(theme: ThemeName): void;
  destroy(): void;
}

/** The host must have a size. */
export function createScalingChart(host: HTMLElement, theme: ThemeName): ScalingChart {
  let shownTheme = theme;
  let content: ScalingContent = { lines: [], kinks: [] };
  const chart = init(host, null, { renderer: 'canvas', devicePixelRatio: window.devicePixelRatio });
  host.setAttribute('role', 'img');

  function draw(): void {
    chart.setOption(scalingOption(content, shownTheme, fontFamilyOf(host)), { notMerge: true });
    host.setAttribute('aria-label', scalingText(content));
  }
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(host);

  return {
    setContent(next) {
      content = next;
      draw();
    },
    setTheme(name) {
      shownTheme = name;
      draw();
    },
    destroy() {
      observer.disconnect();
      chart.dispose();
    },
  };
}
