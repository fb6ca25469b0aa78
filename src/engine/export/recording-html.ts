import { createHash } from 'node:crypto';
import { formatDuration } from '../../shared/format.ts';
import type { Overview } from '../../shared/recording.ts';
import { figuresOf } from '../recording/figures.ts';
import { markup, trustedMarkup, type Markup } from './markup.ts';
import type { ExportSource } from './recording-export.ts';
import { leadOf } from './recording-lead.ts';
import { left, chartsOf, overviewOf, plotWidth, type Chart } from './recording-picture.ts';
import { limitsOf, measuredPhases, methodOf, mostShown, phaseCells, phaseHead } from './recording-phases.ts';
import { repeatRecording } from './recording-reproduce.ts';
import { chartData, chartScript } from './recording-script.ts';
import { factsOf, figureFacts, formatClockTime, type Fact } from './recording-words.ts';
import { hatchPattern, heatmapLegend } from './report-heatmap.ts';
import { reportStyle } from './report-style.ts';

/**
 * A recording as one self-contained page: the answer, the pictures, the phases, then how it was measured and what it
 * does not say. Its one script is named by its hash; nothing else may run, and nothing may load.
 */
export function recordingToHtml(source: ExportSource): string {
  const { title, manifest, story, span } = source;
  const overview = overviewOf(source);
  const figures = figuresOf(overview);
  const { shown, left: unshown } = measuredPhases(source);
  const lead = leadOf(source, overview, figures, shown);
  const facts: Fact[] = [['Length', formatDuration(span.toMs - span.fromMs)], ...figureFacts(figures)];
  const repeat = repeatRecording(source);
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trustedMarkup(pageStyle)}</style>
</head>
<body>
<header><h1>${title}</h1>${manifest === null ? null : markup`<p>${describeOrigin(manifest)}</p>`}</header>
<main>
<section class="verdict" aria-label="In short">
<div class="state">In short</div>
<p>${lead.sentence}</p>
${lead.standOuts.length === 0 ? null : markup`<ul>${lead.standOuts.map((line) => markup`<li>${line}</li>`)}</ul>`}
</section>
<section><h2>Figures</h2>${list(facts)}</section>
<section><h2>Over time</h2>
${hatchPattern}${heatmapLegend()}
${chartsOf(source, overview).map((chart) => figure(chart))}
</section>
${shown.length === 0 ? null : markup`<section><h2>Phases</h2>${phaseTable(shown.map(phaseCells))}${unshown === 0 ? null : markup`<p class="note">${unshown} more are not shown.</p>`}</section>`}
${story.moments.length === 0 ? null : markup`<section><h2>Markers and notes</h2>${moments(source)}</section>`}
<section><h2>How it was measured</h2>${bullets(methodOf(source, overview, shown))}</section>
${manifest === null ? null : markup`<section><h2>Environment</h2>${list(factsOf(manifest))}</section>`}
<section><h2>What this does not say</h2>${bullets(limitsOf(source))}</section>
${repeat === null ? null : markup`<section><h2>Record it again</h2><pre>${repeat}</pre></section>`}
</main>
<footer>${manifest === null ? 'Corescope' : `Corescope ${manifest.corescopeVersion}, recording ${manifest.id}`}</footer>
${plotData(overview, source)}
<script>${trustedMarkup(chartScript)}</script>
</body>
</html>
`.text;
}

function describeOrigin({ startedUnixMs, machine }: NonNullable<ExportSource['manifest']>): string {
  const at = new Date(startedUnixMs).toISOString();
  const on = machine === null ? '' : ` on ${machine.cpuModel}, ${machine.logicalCores} logical cores`;
  return `Recorded ${at.slice(0, 10)} at ${at.slice(11, 16)} UTC${on}.`;
}

function figure({ title, height, plot, drawing, table }: Chart): Markup {
  const keys =
    plot.rows > 0
      ? 'left and right move in time, up and down change the core'
      : 'left and right move in time';
  return markup`<figure class="cores"><figcaption><strong>${title}</strong> <span class="told" aria-live="polite"></span></figcaption><svg class="drawing" role="img" aria-label="${title}. Arrow keys: ${keys}; the table below has the same" viewBox="0 0 900 ${height}" data-top="${plot.top}" data-height="${plot.height}" data-rows="${plot.rows}">${drawing}<path class="cursor" d=""/></svg>${table}</figure>`;
}

function moments({ story }: ExportSource): Markup {
  const shown = story.moments.slice(0, mostShown);
  const more = story.moments.length - shown.length;
  return markup`<ul>${shown.map(({ name, atMs }) => markup`<li>${formatClockTime(atMs)}: ${name}</li>`)}</ul>${more === 0 ? null : markup`<p class="note">${more} more are not shown.</p>`}`;
}

function plotData(overview: Overview, { span }: ExportSource): Markup {
  const toMs = Math.max(span.toMs, span.fromMs + 1e-3);
  return chartData(overview, { left, width: plotWidth, fromMs: span.fromMs, toMs });
}

function bullets(lines: readonly string[]): Markup {
  return markup`<ul>${lines.map((line) => markup`<li>${line}</li>`)}</ul>`;
}

function list(facts: readonly Fact[]): Markup {
  return markup`<dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function phaseTable(rows: readonly (readonly string[])[]): Markup {
  const drawn = rows.map(
    ([name = '', ...cells]) =>
      markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`,
  );
  return markup`<div class="scroll"><table><thead><tr>${phaseHead.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${drawn}</tbody></table></div>`;
}

/** The report's style, and what its drawings do not have: lines, their range, bars of phases, a cursor, tables. */
const pageStyle = `${reportStyle}
.line { fill: none; stroke: var(--accent); stroke-width: 1.5; }
.range { fill: var(--accent); opacity: 0.25; }
.phase { fill: var(--bar); stroke: var(--muted); stroke-width: 0.5; }
.verdict ul { margin: 0.7rem 0 0; max-width: none; color: var(--muted); }
svg[tabindex] { cursor: crosshair; }
svg[tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
.cursor { fill: none; stroke: #fff; stroke-width: 1.5; mix-blend-mode: difference; pointer-events: none; }
.told { font-variant-numeric: tabular-nums; }
figure.cores { margin: 1.6rem 0 0; }
details { margin: 0.3rem 0 0; }
summary { color: var(--muted); font-size: 0.88rem; cursor: pointer; }
summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
caption { caption-side: bottom; text-align: left; color: var(--muted); font-size: 0.82rem; padding-top: 0.3rem; }
@media print {
  .cursor, .told, details { display: none; }
}
`;

/** The style sheet, the one attribute that says how pixels scale, and the script: each named by its hash. */
const contentPolicy = [
  "default-src 'none'",
  'img-src data:',
  `style-src 'unsafe-hashes' ${[pageStyle, 'image-rendering:pixelated'].map(hashOf).join(' ')}`,
  `script-src ${hashOf(chartScript)}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
