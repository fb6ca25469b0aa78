import Table from 'cli-table3';
import {
  compareRecordings,
  type FigureDelta,
  type RecordingComparison,
} from '../engine/recording/compare.ts';
import { figureWords, formatDelta } from '../engine/recording/span-figures.ts';
import { formatFactor, notAvailable } from '../shared/format.ts';
import { printable, withRecordings } from './recording-files.ts';
import { exitCodes, printProblem, type Terminal } from './terminal.ts';

/** Lays recordings upon one another and prints how they differ. Answers the exit code. */
export async function compareFiles(
  paths: readonly string[],
  options: { readonly align?: string | undefined; readonly json?: true | undefined },
  terminal: Terminal,
): Promise<number> {
  return await withRecordings(paths, terminal, (recordings) => {
    const compared = compareRecordings(recordings, options.align ?? null);
    if (!compared.ok) {
      printProblem(terminal, compared.problem);
      return exitCodes.badInput;
    }
    const text = options.json === true ? jsonOf(compared.value) : textOf(compared.value, terminal);
    terminal.out.write(`${text}\n`);
    return exitCodes.success;
  });
}

function textOf(comparison: RecordingComparison, terminal: Terminal): string {
  const { bold, yellow } = terminal.outColours;
  const { alignedBy, recordings, deltas, differences, comparable, reasons } = comparison;
  const letters = recordings.map((_, index) => String.fromCharCode(65 + index));
  const files = recordings.map(
    ({ path, title, spans }, index) =>
      `${letters[index] ?? ''}  ${printable(title)}  ${path}${spans.length > 1 ? `, median of ${spans.length} spans` : ''}`,
  );
  const sections = [
    files.join('\n'),
    alignedBy === null ? 'Aligned by their beginning.' : `Aligned by "${printable(alignedBy)}".`,
    comparable
      ? bold('The same work on the same machine.')
      : yellow('NOT COMPARABLE: the figures are of different things, and their difference says nothing.'),
    ...(reasons.length === 0 ? [] : [reasons.map((reason) => `- ${printable(reason)}`).join('\n')]),
    ...deltas.map((rows, index) => deltaTable(rows, letters[index + 1] ?? '')),
  ];
  if (differences.length > 0) {
    const table = new Table({
      head: ['setting', ...letters],
      style: { head: [], border: [], compact: true },
    });
    for (const { setting, values } of differences) {
      table.push([setting, ...values.map((value) => printable(value ?? notAvailable))]);
    }
    sections.push(`They differ in:\n${table.toString()}`);
  }
  return sections.join('\n\n');
}

function deltaTable(rows: readonly FigureDelta[], letter: string): string {
  const table = new Table({
    head: ['figure', 'A', letter, 'difference', 'ratio'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });
  for (const { figure, base, other, delta, ratio } of rows) {
    const { name, format } = figureWords[figure];
    table.push([name, format(base), format(other), formatDelta(figure, delta), formatFactor(ratio)]);
  }
  return table.toString();
}

/** Without the pictures: they are for screens. */
function jsonOf({ recordings, ...rest }: RecordingComparison): string {
  const plain = recordings.map(({ path, title, spans, figures }) => ({ path, title, spans, figures }));
  return JSON.stringify({ ...rest, recordings: plain }, null, 2);
}
