import type { StrategyResult } from '../../shared/experiment.ts';
import { formatDuration } from '../../shared/format.ts';
import { medianRun, strategyName } from '../analysis/runs.ts';
import type { RunTrace } from '../analysis/trace.ts';
import { rasterizeCores, rasterToPng } from './core-raster.ts';
import { markup, trustedMarkup, type Markup } from './markup.ts';

/** The drawing's own units; the page scales it. */
const width = 860;
const left = 64;
const right = 8;
const axisHeight = 24;
const markHeight = 16;
/** More columns than this no screen shows, and they would only make the file larger. */
const columns = 640;

/**
 * The load of every core during the median run of each strategy, one drawing each, all on one scale of time so that
 * lengths compare, and the names of those without samples. Null where no run finished.
 */
export function coreHeatmaps(results: readonly StrategyResult[], traces: readonly RunTrace[]): Markup | null {
  const finished = results.flatMap((result) => {
    const run = medianRun(result);
    const trace = traces.find(({ order, strategy }) => order === run?.order && strategy === result.strategy);
    return run === null ? [] : [{ result, run, trace }];
  });
  if (finished.length === 0) return null;
  const shown = finished.flatMap(({ result, run, trace }) =>
    trace === undefined || trace.sampleMs.length === 0 ? [] : [{ result, run, trace }],
  );
  const unsampled = finished.filter(({ result }) => !shown.some((drawn) => drawn.result === result));
  const missing =
    unsampled.length === 0
      ? null
      : markup`<p class="note">Without samples, and so without a picture: ${unsampled
          .map(({ result, run }) => `${strategyName(result)} (run ${run.order})`)
          .join(
            ', ',
          )}. The document of an experiment holds figures, not samples: of runs made before it was resumed, or read from a file, only those are left; and a very short run may end before the first sample.</p>`;
  if (shown.length === 0) return missing;
  const spanMs = Math.max(...shown.map(({ trace }) => trace.endMs - trace.hostStartMs));
  return markup`${hatchPattern}${heatmapLegend()}${shown.map(
    ({ result, run, trace }) => markup`
<figure class="cores">
<figcaption><strong>${strategyName(result)}</strong> <span>run ${run.order}, block ${run.block}: the work took ${formatDuration(
      run.wallMs,
    )}${describeLoads(trace)}</span></figcaption>
${heatmap(trace, spanMs, strategyName(result))}
</figure>`,
  )}${missing}`;
}

function heatmap(trace: RunTrace, spanMs: number, name: string): Markup {
  const rowHeight = heightOfRow(trace.coreCount);
  const height = rowHeight * trace.coreCount;
  const plotWidth = width - left - right;
  const xOf = (atMs: number): number => left + ((atMs - trace.hostStartMs) / spanMs) * plotWidth;
  const raster = rasterizeCores(trace, spanMs, columns);
  const image = (theme: 'dark' | 'light'): Markup =>
    markup`<image class="${theme}" x="${left}" y="${markHeight}" width="${plotWidth}" height="${height}" preserveAspectRatio="none" href="${pngUri(rasterToPng(raster, theme))}"/>`;
  const bottom = markHeight + height;
  return markup`<svg class="drawing" role="img" viewBox="0 0 ${width} ${bottom + axisHeight}" aria-label="Load of every core while ${name} ran${describeLoads(trace)}">
<rect class="no-sample" x="${left}" y="${markHeight}" width="${round(xOf(trace.endMs) - left)}" height="${height}"/>
${image('light')}${image('dark')}
${coreLabels(trace.coreCount, rowHeight)}
${workMarks(trace, xOf, bottom)}
${timeAxis(spanMs, xOf, trace.hostStartMs, bottom)}
</svg>`;
}

/** Up to 8 cores can be told apart at a glance; 256 must still fit on a page. */
function heightOfRow(cores: number): number {
  if (cores <= 8) return 22;
  return cores <= 32 ? 10 : 3;
}

function coreLabels(cores: number, rowHeight: number): Markup[] {
  const every = Math.ceil(12 / rowHeight);
  return Array.from({ length: cores }, (_, core) => core)
    .filter((core) => core % every === 0)
    .map(
      (core) =>
        markup`<text x="${left - 8}" y="${markHeight + core * rowHeight + rowHeight / 2}" text-anchor="end" dominant-baseline="central">core ${core}</text>`,
    );
}

/** Where the measured interval begins and ends; before and after it the run host starts and leaves. */
function workMarks(trace: RunTrace, xOf: (atMs: number) => number, bottom: number): Markup | null {
  const { workStartMs, workEndMs } = trace;
  if (workStartMs === null || workEndMs === null) return null;
  const [from, to] = [round(xOf(workStartMs)), round(xOf(workEndMs))];
  return markup`<path class="mark" d="M${from} ${bottom}V4H${to}V${bottom}"/><text class="mark-label" x="${round((from + to) / 2)}" y="4" text-anchor="middle" dominant-baseline="central">measured</text>`;
}

function timeAxis(spanMs: number, xOf: (atMs: number) => number, startMs: number, bottom: number): Markup[] {
  const stepMs = niceStep(spanMs / 6);
  const ticks = Array.from({ length: Math.floor(spanMs / stepMs) + 1 }, (_, index) => index * stepMs);
  return ticks.map((tickMs) => {
    const x = round(xOf(startMs + tickMs));
    return markup`<path class="axis" d="M${x} ${bottom}v5"/><text x="${x}" y="${bottom + 16}" text-anchor="middle">${tickLabel(tickMs, stepMs)}</text>`;
  });
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `least`. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power;
}

function tickLabel(tickMs: number, stepMs: number): string {
  if (tickMs === 0) return '0';
  if (stepMs < 100) return `${Math.round(tickMs)} ms`;
  return `${(tickMs / 1000).toFixed(stepMs < 1000 ? 1 : 0)} s`;
}

/** Mean load while the work was measured, in words: the same fact for those who cannot see the drawing. */
function describeLoads(trace: RunTrace): string {
  const { workStartMs, workEndMs } = trace;
  if (workStartMs === null || workEndMs === null) return '';
  const inside = trace.sampleMs.flatMap((atMs, index) =>
    atMs > workStartMs && atMs <= workEndMs ? [trace.coreBusy[index] ?? new Float64Array()] : [],
  );
  const means = Array.from({ length: trace.coreCount }, (_, core) =>
    mean(inside.map((busy) => busy[core] ?? Number.NaN)),
  );
  if (inside.length === 0 || means.some(Number.isNaN)) return '';
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  if (means.length > 8) {
    const busy = means.filter((share) => share > 0.5).length;
    return `; ${busy} of ${means.length} cores were busy more than half of it`;
  }
  return `; mean load ${means.map((share, core) => `core ${core} ${percent(share)}`).join(', ')}`;
}

function mean(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** How busy a colour means. The page must have the `hatch` pattern (`hatchPattern`). */
export function heatmapLegend(): Markup {
  const shares = Float64Array.from({ length: 64 }, (_, step) => step / 63);
  const bar = (theme: 'dark' | 'light'): Markup =>
    markup`<img class="${theme}" alt="" src="${pngUri(rasterToPng({ cores: 1, columns: shares.length, shares }, theme))}">`;
  return markup`<p class="legend">idle ${bar('light')}${bar('dark')} fully busy <svg class="swatch" viewBox="0 0 36 12" aria-hidden="true"><rect class="no-sample" width="36" height="12"/></svg> no sample</p>`;
}

/** One pattern for all drawings of the page, in a drawing of no size. */
export const hatchPattern = trustedMarkup(
  '<svg class="definitions" width="0" height="0" aria-hidden="true"><defs><pattern id="hatch" width="6" height="6" ' +
    'patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs></svg>',
);

function pngUri(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
