import type { ThemeName } from '../drawing/protocol.ts';

/** Colours of axes, text and lines on the panel, as canvas text cannot read the page's custom properties. */
export interface ChartTheme {
  readonly panel: string;
  readonly text: string;
  readonly quietText: string;
  readonly line: string;
  readonly faintLine: string;
  readonly strongLine: string;
  readonly tooltip: string;
  readonly accent: string;
  readonly wait: string;
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
    tooltip: '#1e222a',
    accent: '#7aa7ff',
    wait: '#e8a33d',
  },
  light: {
    panel: '#ffffff',
    text: '#1a1d23',
    quietText: '#59616e',
    line: '#c3c8d0',
    faintLine: '#e6e8ec',
    strongLine: '#3c4450',
    tooltip: '#ffffff',
    accent: '#2a5fd0',
    wait: '#d98200',
  },
  'high-contrast': {
    panel: '#000000',
    text: '#ffffff',
    quietText: '#e2e6ec',
    line: '#d5d9e0',
    faintLine: '#8a8f98',
    strongLine: '#ffffff',
    tooltip: '#0b0b0b',
    accent: '#ffd84d',
    wait: '#ffb84d',
  },
};

/** In CSS pixels. */
export const chartFontSize = 11;

/** The page's own font, so that charts and panels read as one. */
export function fontFamilyOf(element: Element): string {
  return getComputedStyle(element).fontFamily || 'sans-serif';
}

/** How wide a text of a chart is, in CSS pixels; a guess where there is no canvas to ask. */
export function textMeasure(
  context: CanvasRenderingContext2D | null,
  fontFamily: string,
): (text: string) => number {
  return (text) => {
    if (context === null) return text.length * chartFontSize;
    context.font = `${chartFontSize}px ${fontFamily}`;
    return context.measureText(text).width;
  };
}
