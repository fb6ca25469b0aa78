import type { Buckets, Overview } from '../../shared/recording.ts';
import { formatPercent, notAvailable } from '../../shared/format.ts';
import { shareOfCode } from '../recording/open-recording.ts';
import { markup, type Markup } from './markup.ts';
import { formatClockTime } from './recording-words.ts';

/** The charts of a recording as tables, for those who cannot see them, or want the numbers. */

/** A table that is read, not searched: its lines stand for equal parts of the time. */
const mostLines = 24;

/** As many cores as fit beside one another on paper; more are told by their extremes. */
const mostCoreColumns = 8;

interface Part {
  readonly fromMs: number;
  readonly from: number;
  readonly to: number;
}

function partsOf({ bucketCount, bucketMs, startMs }: Overview): Part[] {
  const size = Math.max(1, Math.ceil(bucketCount / mostLines));
  const parts: Part[] = [];
  for (let from = 0; from < bucketCount; from += size) {
    const fromMs = Math.max(0, startMs + from * bucketMs);
    parts.push({ fromMs, from, to: Math.min(bucketCount, from + size) });
  }
  return parts;
}

export function coresTable(overview: Overview): Markup {
  const { cores, sampleCounts } = overview;
  const meanOf = (core: Buckets<Uint8Array>, part: Part): number =>
    weightedMean(part, sampleCounts, (bucket) => shareOfCode(core.mean[bucket] ?? Number.NaN));
  const isNarrow = cores.length <= mostCoreColumns;
  const head = isNarrow
    ? cores.map((_, core) => `Core ${core}`)
    : ['Idlest core', 'Mean of all', 'Busiest core', 'Cores over 50 %'];
  const lines = partsOf(overview).map((part) => {
    const means = cores.map((core) => meanOf(core, part));
    if (isNarrow) return [part, means.map(formatPercent)] as const;
    const known = means.filter((share) => !Number.isNaN(share));
    if (known.length === 0) return [part, head.map(() => notAvailable)] as const;
    const mean = known.reduce((sum, share) => sum + share, 0) / known.length;
    const busy = known.filter((share) => share > 0.5).length;
    const [least, most] = [Math.min(...known), Math.max(...known)];
    return [part, [...[least, mean, most].map(formatPercent), `${busy} of ${known.length}`]] as const;
  });
  return drawTable('Mean load of the cores', head, lines);
}

export function seriesTable(
  overview: Overview,
  title: string,
  { min, mean, max }: Buckets<Float32Array>,
  format: (value: number) => string,
): Markup {
  const lines = partsOf(overview).map((part) => {
    const [lows, highs] = [min, max].map((values) =>
      [...values.subarray(part.from, part.to)].filter((value) => !Number.isNaN(value)),
    );
    return [
      part,
      [
        lows === undefined || lows.length === 0 ? notAvailable : format(Math.min(...lows)),
        format(weightedMean(part, overview.sampleCounts, (bucket) => mean[bucket] ?? Number.NaN)),
        highs === undefined || highs.length === 0 ? notAvailable : format(Math.max(...highs)),
      ],
    ] as const;
  });
  return drawTable(title, ['Least', 'Mean', 'Most'], lines);
}

function weightedMean({ from, to }: Part, weights: Uint32Array, valueOf: (bucket: number) => number): number {
  let [sum, weight] = [0, 0];
  for (let bucket = from; bucket < to; bucket += 1) {
    const value = valueOf(bucket);
    if (Number.isNaN(value)) continue;
    sum += value * (weights[bucket] ?? 0);
    weight += weights[bucket] ?? 0;
  }
  // 0 / 0 is NaN: a part without a sample stays unknown.
  return sum / weight;
}

function drawTable(
  title: string,
  head: readonly string[],
  lines: readonly (readonly [part: Part, cells: readonly string[]])[],
): Markup {
  return markup`<details><summary>As a table</summary><div class="scroll"><table class="runs"><caption>${title}; a line tells of the time until the next</caption><thead><tr><th scope="col">From</th>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${lines.map(([part, cells]) => markup`<tr><th scope="row">${formatClockTime(part.fromMs)}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`)}</tbody></table></div></details>`;
}
