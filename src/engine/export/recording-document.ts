import { createHash } from 'node:crypto';
import { formatBytes, formatCores, formatDuration } from '../../shared/format.ts';
import { figuresOf, measureSpan, type SpanFigures } from '../recording/figures.ts';
import type { Phase } from '../recording/phases.ts';
import { markup, trustedMarkup, type Markup } from './markup.ts';
import { printPdf } from './pdf.ts';
import {
  ExportFailure,
  type ExportSource,
  type ForeignRecordingFormat,
  type RecordingFormat,
} from './recording-export.ts';
import { chartsOf, overviewOf } from './recording-picture.ts';
import { factsOf, figureFacts, formatClockTime, type Fact } from './recording-words.ts';
import { reportStyle } from './report-style.ts';

/** A recording as a document for people: one file without a script or anything from outside, and text for a pull request. */
export const htmlFormat: RecordingFormat = {
  extension: '.html',
  description: 'a self-contained page: figures, pictures, phases, environment',
  *write(source) {
    yield htmlOf(source);
  },
};

export const pdfFormat: ForeignRecordingFormat = {
  extension: '.pdf',
  description: 'the same page as PDF',
  async *write(source) {
    const printed = await printPdf(htmlOf(source));
    if (!printed.ok) throw new ExportFailure(printed.problem);
    yield printed.value;
  },
};

export const markdownFormat: RecordingFormat = {
  extension: '.md',
  description: 'a summary for a pull request',
  *write(source) {
    yield markdownOf(source);
  },
};

/** Phases that are measured one by one: each is read sample by sample. */
const mostPhases = 200;

interface MeasuredPhase {
  readonly phase: Phase;
  readonly figures: SpanFigures;
}

function measuredPhases({ story, recording }: ExportSource): { shown: MeasuredPhase[]; left: number } {
  const phases = story.phases.filter(({ kind }) => kind === 'run' || kind === 'marked');
  return {
    shown: phases.slice(0, mostPhases).map((phase) => ({ phase, figures: measureSpan(recording, phase) })),
    left: Math.max(0, phases.length - mostPhases),
  };
}

const phaseHead = ['Phase', 'From', 'Length', 'CPU time', 'Cores', 'Peak PSS', 'Waiting'] as const;

function phaseCells({ phase, figures }: MeasuredPhase): readonly string[] {
  const block = phase.details['block'];
  return [
    block === undefined ? phase.name : `${phase.name} (${block === 'warm-up' ? block : `block ${block}`})`,
    formatClockTime(phase.fromMs),
    formatDuration(figures.durationMs) + (phase.ended ? '' : ', cut off'),
    formatDuration(figures.cpuSeconds * 1000),
    formatCores(figures.meanCores),
    formatBytes(figures.peakPssBytes),
    formatCores(figures.meanWaiting),
  ];
}

const notes = [
  'Cores: CPU of the watched processes per time. Peak PSS: most memory at one sample, shared pages divided among their users. Waiting: threads that were ready and had no core, on average.',
  'A sample tells of the time since the one before: what lasts less than an interval is seen only in sums. The picture of the cores is of the whole machine, other programs included.',
  'Figures are of one recording and have no interval: whether a difference is real, only repeated runs can tell (corescope compare).',
] as const;

function markdownOf(source: ExportSource): string {
  const { title, manifest, recording, story } = source;
  const figures = figuresOf(overviewOf(source));
  const { shown, left } = measuredPhases(source);
  const lines = [
    `## ${escapeMarkdown(title)}`,
    '',
    ...table(['Figure', 'Value'], [lengthFact(source), ...figureFacts(figures)]),
    '',
    ...(shown.length === 0 ? [] : ['### Phases', '', ...table(phaseHead, shown.map(phaseCells)), '']),
    ...(left === 0 ? [] : [`${left} more phases are not shown.`, '']),
    ...(story.moments.length === 0
      ? []
      : [
          '### Markers and notes',
          '',
          ...story.moments
            .slice(0, mostPhases)
            .map(({ name, atMs }) => `- ${formatClockTime(atMs)} ${escapeMarkdown(name)}`),
          '',
        ]),
    ...(manifest === null ? [] : ['### Environment', '', ...table(['What', 'Value'], factsOf(manifest)), '']),
    ...recording.problems().map(({ message }) => `> ${escapeMarkdown(message)}`),
    ...notes.map((note) => `- ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

function lengthFact({ span }: ExportSource): Fact {
  return ['Length', formatDuration(span.toMs - span.fromMs)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const lineOf = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  return [lineOf(head), `|${' --- |'.repeat(head.length)}`, ...rows.map(lineOf)];
}

/** Text that stays text: no HTML, no links or pictures that would be fetched, no table cells. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_[\]<>|#!~]/g, (character) =>
      character === '<' ? '&lt;' : character === '>' ? '&gt;' : `\\${character}`,
    );
}

function htmlOf(source: ExportSource): string {
  const { title, manifest, recording, story } = source;
  const overview = overviewOf(source);
  const charts = chartsOf(source, overview);
  const { shown, left } = measuredPhases(source);
  const facts = [lengthFact(source), ...figureFacts(figuresOf(overview))];
  const problems = recording.problems();
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
<header><h1>${title}</h1></header>
<main>
<section><h2>What was seen</h2>${list(facts)}</section>
<section>
${charts.map(({ title: name, height, drawing }) => markup`<figure class="cores"><figcaption><strong>${name}</strong></figcaption><svg class="drawing" role="img" aria-label="${name}; the figures above and below say it in words" viewBox="0 0 900 ${height}">${hatch}${drawing}</svg></figure>`)}
</section>
${shown.length === 0 ? null : markup`<section><h2>Phases</h2>${phaseTable(shown)}${left === 0 ? null : markup`<p class="note">${left} more are not shown.</p>`}</section>`}
${story.moments.length === 0 ? null : markup`<section><h2>Markers and notes</h2><ul>${story.moments.slice(0, mostPhases).map(({ name, atMs }) => markup`<li>${formatClockTime(atMs)} ${name}</li>`)}</ul></section>`}
${manifest === null ? null : markup`<section><h2>Environment</h2>${list(factsOf(manifest))}</section>`}
${problems.length === 0 ? null : markup`<section><h2>What is missing</h2><ul>${problems.map(({ message }) => markup`<li>${message}</li>`)}</ul></section>`}
<section><h2>How to read this</h2><ul>${notes.map((note) => markup`<li>${note}</li>`)}</ul></section>
</main>
<footer>${manifest === null ? 'Corescope' : `Corescope ${manifest.corescopeVersion}, recording ${manifest.id}`}</footer>
</body>
</html>
`.text;
}

const hatch = trustedMarkup(
  '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern></defs>',
);

/** The report's style, and what its drawings do not have: lines, their range, bars of phases. */
const pageStyle = `${reportStyle}
.line { fill: none; stroke: var(--accent); stroke-width: 1.5; }
.range { fill: var(--accent); opacity: 0.25; }
.phase { fill: var(--bar); stroke: var(--muted); }
`;

/** Nothing may load or run; the style sheet is named by its hash, and the one attribute that says how pixels scale. */
const contentPolicy = [
  "default-src 'none'",
  'img-src data:',
  `style-src 'unsafe-hashes' ${[pageStyle, 'image-rendering:pixelated'].map(hashOf).join(' ')}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

function hashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

function list(facts: readonly Fact[]): Markup {
  return markup`<dl>${facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function phaseTable(phases: readonly MeasuredPhase[]): Markup {
  const rows = phases.map((phase) => {
    const [name = '', ...cells] = phaseCells(phase);
    return markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`;
  });
  return markup`<div class="scroll"><table><thead><tr>${phaseHead.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
