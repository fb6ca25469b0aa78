import type { Buckets, Overview } from '../../shared/recording.ts';
import { formatBytes, formatClockTime, formatCores } from './recording-words.ts';
import { mergeBuckets } from '../recording/merge-buckets.ts';
import { shareOfCode } from '../recording/open-recording.ts';
import { lanesOf, type Phase } from '../recording/phases.ts';
import { rasterToPng, type CoreRaster } from './core-raster.ts';
import { markup, trustedMarkup, type Markup } from './markup.ts';
import { drawPng, largestPicturePx } from './pdf.ts';
import {
  ExportFailure,
  type ExportSource,
  type ForeignRecordingFormat,
  type RecordingFormat,
} from './recording-export.ts';
import { coresTable, seriesTable } from './recording-tables.ts';

/** The drawing's own units; the page scales it. */
const width = 900;
export const left = 74;
const right = 12;
const axisHeight = 24;
const laneHeight = 16;

/** Phases that lie in one another stand below one another; deeper ones are left to the table. */
const mostLanes = 4;
export const plotWidth = width - left - right;

/** Every chart with its names, phases and time axis, one below the other. */
export const svgFormat: RecordingFormat = {
  extension: '.svg',
  description: 'cores, CPU and memory over time, with axes and phases',
  *write(source) {
    yield drawSvg(source, width).svg;
  },
};

/** The same picture in pixels. */
export const pngFormat: ForeignRecordingFormat = {
  extension: '.png',
  description: 'the same as a picture of pixels (drawn by Electron)',
  async *write(source) {
    // Twice its own units is sharp on any screen; more where more columns than that were asked for.
    const widthPx = Math.min(
      largestPicturePx,
      Math.max(2 * width, Math.ceil((source.columns * width) / plotWidth)),
    );
    const { svg, height } = drawSvg(source, widthPx);
    const heightPx = Math.min(largestPicturePx, Math.ceil((height * widthPx) / width));
    const drawn = await drawPng(svg, { widthPx, heightPx });
    if (!drawn.ok) throw new ExportFailure(drawn.problem);
    yield drawn.value;
  },
};

/** The cores alone, a row each, unknown transparent: pixels and nothing else, drawn by this program itself. */
export const pngCoresFormat: RecordingFormat = {
  extension: '.png',
  description: 'the load of every core alone: a band each, no axes',
  *write(source) {
    yield rasterToPng(enlarged(rasterOf(overviewOf(source)), 1600, 480), 'light');
  },
};

/** `widthPx`: how large it shows itself; its own units stay the same. */
function drawSvg(source: ExportSource, widthPx: number): { readonly svg: string; readonly height: number } {
  const overview = overviewOf(source);
  const parts = chartsOf(source, overview);
  const height = parts.reduce((sum, part) => sum + part.height + 30, 10);
  let y = 0;
  const placed = parts.map((part) => {
    y += 30;
    const at = y;
    y += part.height;
    return markup`<text x="${left}" y="${at - 10}" font-weight="600">${part.title}</text><g transform="translate(0 ${at})">${part.drawing}</g>`;
  });
  const { text } =
    markup`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${widthPx}" height="${Math.ceil((height * widthPx) / width)}" role="img" aria-label="${source.title}">
<style>${trustedMarkup(pictureStyle)}</style>
<rect width="${width}" height="${height}" fill="#ffffff"/>
${placed}
</svg>
`;
  return { svg: text, height };
}

/** Of an SVG file of its own. A page has its own colours for the same classes. */
const pictureStyle = `text{font:12.5px system-ui,sans-serif;fill:#16191d}.axis{stroke:#596069;fill:none}.line{fill:none;stroke:#0f6b57;stroke-width:1.5}.range{fill:#0f6b57;opacity:.25}.phase{fill:#c3cad4;stroke:#596069}.no-sample{fill:#eceef1}.dark{display:none}`;

/** At most as many columns as are wanted, and more than half of that where there are as many samples. */
export function overviewOf({ recording, span, columns }: ExportSource): Overview {
  return mergeBuckets(recording.overview(span, Math.ceil(columns / 2)), columns);
}

/** A picture with what it shows in words. */
export interface Chart {
  readonly title: string;
  readonly height: number;
  /** Of the plot within the drawing. */
  readonly plot: { readonly top: number; readonly height: number; readonly rows: number };
  readonly drawing: Markup;
  /** The same as a table. */
  readonly table: Markup;
}

export function chartsOf(source: ExportSource, overview: Overview): Chart[] {
  const charts = [heatmapChart(source, overview)];
  const { runCpuShare, runPssBytes, runRssBytes } = overview.series;
  const isKnown = (values: Float32Array): boolean => values.some((value) => !Number.isNaN(value));
  if (isKnown(runCpuShare.max)) {
    charts.push(
      lineChart(source, overview, 'CPU of the watched processes, in cores', runCpuShare, formatCores),
    );
  }
  const [memory, title] = isKnown(runPssBytes.max)
    ? [runPssBytes, 'Memory of the watched processes (PSS)']
    : [runRssBytes, 'Memory of the watched processes (RSS added up: shared pages count more than once)'];
  if (isKnown(memory.max)) charts.push(lineChart(source, overview, title, memory, formatBytes));
  return charts;
}

export function rasterOf({ cores, bucketCount }: Overview): CoreRaster {
  const shares = new Float64Array(cores.length * bucketCount);
  cores.forEach(({ mean }, core) => {
    mean.forEach((code, bucket) => {
      shares[core * bucketCount + bucket] = shareOfCode(code);
    });
  });
  return { cores: cores.length, columns: bucketCount, shares };
}

/** Cells repeated, so that the picture is about as large in an image viewer as a page would show it. */
function enlarged(raster: CoreRaster, wide: number, high: number): CoreRaster {
  const across = Math.max(1, Math.floor(wide / Math.max(1, raster.columns)));
  const down = Math.max(1, Math.min(40, Math.floor(high / Math.max(1, raster.cores))));
  const [columns, cores] = [Math.max(1, raster.columns * across), Math.max(1, raster.cores * down)];
  const shares = new Float64Array(columns * cores).fill(Number.NaN);
  for (let y = 0; y < cores; y += 1) {
    for (let x = 0; x < columns; x += 1) {
      const from = Math.floor(y / down) * raster.columns + Math.floor(x / across);
      shares[y * columns + x] = raster.shares[from] ?? Number.NaN;
    }
  }
  return { cores, columns, shares };
}

function heatmapChart(source: ExportSource, overview: Overview): Chart {
  const cores = overview.cores.length;
  const rowHeight = cores <= 8 ? 22 : cores <= 32 ? 10 : 4;
  const plotHeight = Math.max(rowHeight, cores * rowHeight);
  const every = Math.ceil(13 / rowHeight);
  const raster = rasterOf(overview);
  const runs = source.story.phases.filter(({ kind }) => kind === 'run' || kind === 'marked');
  const lanes = lanesOf(runs.slice(0, mostBars)).slice(0, mostLanes);
  const top = lanes.length === 0 ? 0 : lanes.length * laneHeight + 4;
  const x = xOf(source);
  const endMs = overview.startMs + overview.bucketCount * overview.bucketMs;
  const image = (theme: 'light' | 'dark'): Markup | null =>
    raster.shares.length === 0
      ? null
      : markup`<image class="${theme}" x="${x(overview.startMs)}" y="${top}" width="${round(x(endMs) - x(overview.startMs))}" height="${plotHeight}" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,${Buffer.from(rasterToPng(raster, theme)).toString('base64')}"/>`;
  return {
    title: 'What the cores did',
    height: top + plotHeight + axisHeight,
    plot: { top, height: plotHeight, rows: cores },
    table: coresTable(overview),
    drawing: markup`<rect class="no-sample" x="${left}" y="${top}" width="${plotWidth}" height="${plotHeight}"/>
${image('light')}${image('dark')}
${overview.cores.map((_, core) => (core % every === 0 ? markup`<text x="${left - 8}" y="${top + core * rowHeight + rowHeight / 2}" text-anchor="end" dominant-baseline="central">core ${core}</text>` : null))}
${lanes.map((phases, lane) => phases.map((phase) => phaseBar(phase, x, lane)))}
${timeAxis(source, top + plotHeight)}`,
  };
}

/** More bars than this cannot be told apart. */
const mostBars = 200;

function phaseBar({ name, fromMs, toMs }: Phase, x: (atMs: number) => number, lane: number): Markup {
  const wide = Math.max(1, round(x(toMs) - x(fromMs)));
  // Seven units a letter: a name that does not fit is only told when pointed at.
  const label =
    name.length * 7 < wide
      ? markup`<text x="${round(x(fromMs)) + 4}" y="${lane * laneHeight + 12}">${name}</text>`
      : null;
  return markup`<g><title>${name}</title><rect class="phase" x="${round(x(fromMs))}" y="${lane * laneHeight + 1}" width="${wide}" height="${laneHeight - 2}"/>${label}</g>`;
}

function lineChart(
  source: ExportSource,
  overview: Overview,
  title: string,
  values: Buckets<Float32Array>,
  format: (value: number) => string,
): Chart {
  const { min, mean, max } = values;
  const height = 110;
  const x = xOf(source);
  const most = max.reduce((one, other) => (other > one ? other : one), 0) || 1;
  const y = (value: number): number => round(height - (value / most) * (height - 8));
  const middle = (bucket: number): number => round(x(overview.startMs + (bucket + 0.5) * overview.bucketMs));
  const line: string[] = [];
  const ranges: Markup[] = [];
  let isDrawing = false;
  for (let bucket = 0; bucket < overview.bucketCount; bucket += 1) {
    const value = mean[bucket] ?? Number.NaN;
    if (Number.isNaN(value)) {
      isDrawing = false;
      continue;
    }
    line.push(`${isDrawing ? 'L' : 'M'}${middle(bucket)} ${y(value)}`);
    isDrawing = true;
    const [low, high] = [min[bucket] ?? value, max[bucket] ?? value];
    if (y(low) - y(high) >= 1) {
      const wide = Math.max(1, round(plotWidth / overview.bucketCount));
      ranges.push(
        markup`<rect class="range" x="${middle(bucket) - wide / 2}" y="${y(high)}" width="${wide}" height="${round(y(low) - y(high))}"/>`,
      );
    }
  }
  return {
    title,
    height: height + axisHeight,
    plot: { top: 0, height, rows: 0 },
    table: seriesTable(overview, title, values, format),
    drawing: markup`<text x="${left - 8}" y="10" text-anchor="end">${format(most)}</text><text x="${left - 8}" y="${height}" text-anchor="end">0</text>
<path class="axis" d="M${left} 0V${height}H${left + plotWidth}"/>${ranges}<path class="line" d="${line.join('')}"/>
${timeAxis(source, height)}`,
  };
}

function xOf({ span }: ExportSource): (atMs: number) => number {
  const wide = Math.max(span.toMs - span.fromMs, 1e-3);
  return (atMs) => left + (Math.min(Math.max(atMs - span.fromMs, 0), wide) / wide) * plotWidth;
}

function timeAxis(source: ExportSource, y: number): Markup[] {
  const { fromMs, toMs } = source.span;
  const x = xOf(source);
  const stepMs = steps.find((step) => (toMs - fromMs) / step <= 8) ?? 86_400_000;
  const first = Math.ceil(fromMs / stepMs);
  return Array.from({ length: Math.floor(toMs / stepMs) - first + 1 }, (_, index) => {
    const atMs = (first + index) * stepMs;
    const at = round(x(atMs));
    const anchor = at > left + plotWidth - 24 ? 'end' : 'middle';
    const label =
      atMs === 0 ? '0' : stepMs < 1000 ? `${atMs} ms` : formatClockTime(atMs).replace('.0 s', ' s');
    return markup`<path class="axis" d="M${at} ${y}v5"/><text x="${at}" y="${y + 17}" text-anchor="${anchor}">${label}</text>`;
  });
}

/** Steps of a time axis that read well, in milliseconds. */
const [second, minute, hour] = [1000, 60_000, 3_600_000];
const steps = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 20, 30].map((count) => count * second),
  ...[1, 2, 5, 10, 20, 30].map((count) => count * minute),
  ...[1, 2, 3, 6, 12].map((count) => count * hour),
];

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
