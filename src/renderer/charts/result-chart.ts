import { CustomChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { StrategyResult } from '../../shared/experiment.ts';
import { formatDuration } from '../../shared/format.ts';
import type { ThemeName } from '../drawing/protocol.ts';
import { fontFamilyOf } from './chart-theme.ts';
import { resultOption, resultText } from './result-options.ts';

use([CanvasRenderer, CustomChart, GridComponent, TooltipComponent]);

export interface ResultChart {
  setResults(strategies: readonly StrategyResult[]): void;
  setTheme(theme: ThemeName): void;
  resize(): void;
  destroy(): void;
}

/** Median wall time per strategy with its 95 % interval and every single run. The host must have a size. */
export function createResultChart(host: HTMLElement, theme: ThemeName): ResultChart {
  let shownTheme = theme;
  let results: readonly StrategyResult[] = [];
  let pixelRatio = window.devicePixelRatio;
  let chart = createChart();
  host.setAttribute('role', 'img');

  function createChart() {
    return init(host, null, { renderer: 'canvas', devicePixelRatio: pixelRatio });
  }
  function draw(): void {
    const size = { widthPx: host.clientWidth, heightPx: host.clientHeight };
    chart.setOption(resultOption(results, shownTheme, fontFamilyOf(host), size), { notMerge: true });
    host.setAttribute('aria-label', resultText(results, formatDuration));
  }
  function resize(): void {
    if (pixelRatio === window.devicePixelRatio) {
      chart.resize();
    } else {
      pixelRatio = window.devicePixelRatio;
      chart.dispose();
      chart = createChart();
    }
    draw();
  }
  const observer = new ResizeObserver(resize);
  observer.observe(host);

  return {
    setResults(strategies) {
      results = strategies;
      draw();
    },
    setTheme(name) {
      shownTheme = name;
      draw();
    },
    resize,
    destroy() {
      observer.disconnect();
      chart.dispose();
    },
  };
}
