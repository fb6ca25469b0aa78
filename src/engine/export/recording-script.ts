import type { Overview } from '../../shared/recording.ts';
import { trustedMarkup, type Markup } from './markup.ts';

/**
 * What makes the report's pictures answer: pointed at, or focused and moved by the arrow keys, they tell core, time
 * and value. One fixed script, named by its hash in the page's policy; all that differs is data, which holds numbers
 * only. Without it (printed, or scripts off) pictures and tables say the same.
 */
export const chartScript = `'use strict';
{
  const data = JSON.parse(document.getElementById('chart-data').textContent);
  const bytes = Uint8Array.from(atob(data.cores), (letter) => letter.charCodeAt(0));
  const svgs = [...document.querySelectorAll('svg[data-top]')];
  let core = 0;
  let bucket = 0;
  const clamp = (value, most) => Math.max(0, Math.min(most, value));
  const clock = (atMs) => {
    if (atMs < 120000) return (atMs / 1000).toFixed(data.bucketMs < 100 ? 2 : 1) + ' s';
    const seconds = Math.floor(atMs / 1000);
    const two = (value) => String(value % 60).padStart(2, '0');
    const minutes = Math.floor(seconds / 60);
    return minutes < 60 ? minutes + ':' + two(seconds) : Math.floor(minutes / 60) + ':' + two(minutes) + ':' + two(seconds);
  };
  const size = (value) => {
    const units = ['B', 'kB', 'MB', 'GB', 'TB'];
    let unit = 0;
    while (value >= 999.5 && unit < 4) { value /= 1000; unit += 1; }
    return (unit === 0 ? value.toFixed(0) : value.toPrecision(3)) + ' ' + units[unit];
  };
  const known = (value, format) => (value === null || value === undefined ? 'n/a' : format(value));
  const told = () => {
    const code = bytes[core * data.bucketCount + bucket];
    const load = code > 250 ? 'no sample' : Math.round(code / 2.5) + ' % busy';
    const at = Math.max(0, data.startMs + bucket * data.bucketMs);
    return clock(at) + ': core ' + core + ' ' + load +
      ' · watched processes ' + known(data.cpu[bucket], (value) => value.toFixed(2)) + ' cores, ' +
      known(data.memory[bucket], size) + ' ' + data.memoryName;
  };
  const show = () => {
    const text = told();
    for (const svg of svgs) {
      const top = Number(svg.dataset.top);
      const high = Number(svg.dataset.height);
      const from = data.left + ((data.startMs + bucket * data.bucketMs - data.fromMs) / (data.toMs - data.fromMs)) * data.width;
      const wide = (data.bucketMs / (data.toMs - data.fromMs)) * data.width;
      const x = clamp(from + wide / 2 - data.left, data.width) + data.left;
      const rows = Number(svg.dataset.rows);
      let path = 'M' + x + ' ' + top + 'v' + high;
      if (rows > 0) {
        const row = high / rows;
        const half = Math.max(wide, 5) / 2;
        path += 'M' + (x - half) + ' ' + (top + core * row) + 'h' + 2 * half + 'v' + row + 'h' + -2 * half + 'z';
      }
      svg.querySelector('.cursor').setAttribute('d', path);
      svg.parentElement.querySelector('.told').textContent = text;
    }
  };
  for (const svg of svgs) {
    const rows = Number(svg.dataset.rows);
    svg.addEventListener('pointermove', (event) => {
      const box = svg.getBoundingClientRect();
      const x = ((event.clientX - box.left) / box.width) * 900 - data.left;
      const y = ((event.clientY - box.top) / box.width) * 900 - Number(svg.dataset.top);
      const atMs = data.fromMs + (x / data.width) * (data.toMs - data.fromMs);
      bucket = clamp(Math.floor((atMs - data.startMs) / data.bucketMs), data.bucketCount - 1);
      if (rows > 0) core = clamp(Math.floor((y / Number(svg.dataset.height)) * rows), rows - 1);
      show();
    });
    svg.addEventListener('focus', show);
    svg.addEventListener('keydown', (event) => {
      const step = event.shiftKey ? 10 : 1;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], Home: [-data.bucketCount, 0], End: [data.bucketCount, 0] };
      const move = moves[event.key];
      if (move === undefined) return;
      event.preventDefault();
      bucket = clamp(bucket + move[0], data.bucketCount - 1);
      core = clamp(core + move[1], data.coreCount - 1);
      show();
    });
    svg.setAttribute('tabindex', '0');
    svg.setAttribute('role', 'application');
  }
}
`;

/** Place of the plots in the drawings, which the script needs to find what it is pointed at. */
export interface PlotPlace {
  readonly left: number;
  readonly width: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export function chartData(overview: Overview, place: PlotPlace): Markup {
  const { bucketCount, bucketMs, startMs, series } = overview;
  const cores = new Uint8Array(overview.cores.length * bucketCount);
  overview.cores.forEach(({ mean }, core) => {
    cores.set(mean.subarray(0, bucketCount), core * bucketCount);
  });
  const hasPss = series.runPssBytes.max.some((value) => !Number.isNaN(value));
  const data = {
    ...place,
    startMs,
    bucketMs,
    bucketCount,
    coreCount: overview.cores.length,
    cores: Buffer.from(cores).toString('base64'),
    cpu: numbers(series.runCpuShare.mean, 1000),
    memory: numbers(hasPss ? series.runPssBytes.mean : series.runRssBytes.mean, 1),
    memoryName: hasPss ? 'PSS' : 'RSS added up',
  };
  // Numbers, base64 and two fixed words: nothing that could end the element.
  return trustedMarkup(`<script type="application/json" id="chart-data">${JSON.stringify(data)}</script>`);
}

/** JSON has no NaN: what is unknown is null. */
function numbers(values: Float32Array, factor: number): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : Math.round(value * factor) / factor));
}
