import type { ThemeName } from '../drawing/protocol.ts';

/** Colours of axes, text and lines on the panel, as canvas text cannot read the page's custom properties. */
export interface ChartTheme {
  readonly panel: string;
  readonly text: string;
  readonly quietText: string;
  readonly line: string;
  readonly faintLine: string;
  readonly strongLine: string;
  readonly areaFill: string;
  readonly tooltip: string;
}

/** The same values as `--surface`, `--text` and so on in theme.css. */
export const chartThemes: Readonly<Record<ThemeName, ChartTheme>> = {
  dark: {
    panel: '#171a20',
    text: '#e7eaf0',
    quietText: '#9aa3b2',
    line: '#3a414d',
    faintLine: '#272c35',
    strongLine: '#c7cedb',
    areaFill: 'rgba(199, 206, 219, 0.12)',
    tooltip: '#1e222a',
  },
  light: {
    panel: '#ffffff',
    text: '#1a1d23',
    quietText: '#59616e',
    line: '#c3c8d0',
    faintLine: '#e6e8ec',
    strongLine: '#3c4450',
    areaFill: 'rgba(60, 68, 80, 0.08)',
    tooltip: '#ffffff',
  },
};

/** In CSS pixels. */
export const chartFontSize = 11;

/** The page's own font, so that charts and panels read as one. */
export function fontFamilyOf(element: Element): string {
  return getComputedStyle(element).fontFamily || 'sans-serif';
}
