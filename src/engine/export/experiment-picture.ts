import type { Experiment } from '../../shared/experiment.ts';
import type { Result } from '../../shared/result.ts';
import { drawPng } from './pdf.ts';
import { wallTimeChart, wallTimeChartSize } from './report-chart.ts';
import { lightColours } from './report-style.ts';

/** Sharp on any screen, and in print. */
const pixelsPerUnit = 2;

/**
 * The report's chart of wall times alone, for a slide or a page of one's own: always light, needing nothing else.
 * `scale` times as large as in the report.
 */
export function experimentToSvg(experiment: Experiment, scale = 1): string {
  const { widthPx, heightPx } = wallTimeChartSize(experiment);
  const style = `svg { background: var(--page); font-family: system-ui, sans-serif;${lightColours} }`;
  return wallTimeChart(experiment).text.replace(
    /^<svg ([^>]*)>/,
    (_start, attributes: string) =>
      `<svg width="${widthPx * scale}" height="${heightPx * scale}" ${attributes}><style>${style}</style>`,
  );
}

/** The same in pixels; a problem where there is no Electron to draw it. */
export async function experimentToPng(experiment: Experiment): Promise<Result<Uint8Array>> {
  const { widthPx, heightPx } = wallTimeChartSize(experiment);
  return await drawPng(experimentToSvg(experiment, pixelsPerUnit), {
    widthPx: widthPx * pixelsPerUnit,
    heightPx: heightPx * pixelsPerUnit,
  });
}
