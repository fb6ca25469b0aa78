import { formatDuration } from '../../shared/format.ts';
import { figuresOf } from '../recording/figures.ts';
import { printPdf } from './pdf.ts';
import {
  ExportFailure,
  type ExportSource,
  type ForeignRecordingFormat,
  type RecordingFormat,
} from './recording-export.ts';
import { recordingToHtml } from './recording-html.ts';
import { leadOf } from './recording-lead.ts';
import { limitsOf, measuredPhases, methodOf, mostShown, phaseCells, phaseHead } from './recording-phases.ts';
import { overviewOf } from './recording-picture.ts';
import { repeatRecording } from './recording-reproduce.ts';
import { visibleText } from './visible-text.ts';
import { factsOf, figureFacts, formatClockTime, type Fact } from './recording-words.ts';

/** A recording as a document for people: one file that needs nothing from outside, and text for a pull request. */
export const htmlFormat: RecordingFormat = {
  extension: '.html',
  description: 'a self-contained page: figures, pictures, phases, environment',
  *write(source) {
    yield recordingToHtml(source);
  },
};

export const pdfFormat: ForeignRecordingFormat = {
  extension: '.pdf',
  description: 'the same page as PDF',
  async *write(source) {
    const printed = await printPdf(recordingToHtml(source));
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

function markdownOf(source: ExportSource): string {
  const { title, manifest, story } = source;
  const overview = overviewOf(source);
  const figures = figuresOf(overview);
  const { shown, left } = measuredPhases(source);
  const lead = leadOf(source, overview, figures, shown);
  const repeat = repeatRecording(source);
  const lines = [
    `## ${escapeMarkdown(title)}`,
    '',
    `**${escapeMarkdown(lead.sentence)}**`,
    '',
    ...(lead.standOuts.length === 0
      ? []
      : [...lead.standOuts.map((line) => `- ${escapeMarkdown(line)}`), '']),
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
            .slice(0, mostShown)
            .map(({ name, atMs }) => `- ${formatClockTime(atMs)} ${escapeMarkdown(name)}`),
          '',
        ]),
    ...(manifest === null ? [] : ['### Environment', '', ...table(['What', 'Value'], factsOf(manifest)), '']),
    '### How it was measured, and what it does not say',
    '',
    ...[...methodOf(source, overview, shown), ...limitsOf(source)].map((line) => `- ${escapeMarkdown(line)}`),
    ...(repeat === null ? [] : ['', `Record it again: ${codeSpan(repeat)}`]),
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

/** A command as code. Its fence is longer than any run of backticks in it, so that nothing in it is markup. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${visibleText(text).replace(/[\r\n]+/g, ' ')}${pad}${fence}`;
}

/** Text that stays text: no HTML, no links or pictures that would be fetched, no table cells. */
export function escapeMarkdown(text: string): string {
  return visibleText(text)
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_[\]<>|#!~]/g, (character) =>
      character === '<' ? '&lt;' : character === '>' ? '&gt;' : `\\${character}`,
    );
}
