import type { TooltipComponentOption } from 'echarts/components';
import { formatDuration } from '../../shared/format.ts';
import { chartFontSize, type ChartTheme } from './chart-theme.ts';

/** What the options of several charts have in common. */

export interface ChartText {
  readonly fontFamily: string;
  readonly fontSize: number;
  readonly color: string;
}

/** Of axes and legends. */
export function quietText({ quietText: color }: ChartTheme, fontFamily: string): ChartText {
  return { fontFamily, fontSize: chartFontSize, color };
}

/** The card that tells of one mark of a chart. */
export function cardOption(colours: ChartTheme, fontFamily: string): TooltipComponentOption {
  return {
    trigger: 'item',
    confine: true,
    transitionDuration: 0,
    backgroundColor: colours.tooltip,
    borderColor: colours.line,
    padding: [6, 9],
    textStyle: { fontFamily, fontSize: 12, color: colours.text },
  };
}

/** A mark of a time axis: `0`, `200 ms`, `1.5 s`. Marks are round numbers, so digits that say so are left out. */
export function axisDuration(milliseconds: number): string {
  return milliseconds === 0
    ? '0'
    : formatDuration(milliseconds)
        .replace(/\.(\d*?)0+(?= )/, '.$1')
        .replace(/\.(?= )/, '');
}
