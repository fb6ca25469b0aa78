import type { SampleFrame } from '../../shared/sample.ts';
import { cellText, rowName, type TreeColumn } from './tree-columns.ts';
import type { TreeLine } from './tree-lines.ts';

/** A line, and the frame that has its numbers. */
export type CopiedLine = Pick<TreeLine, 'node' | 'depth'> & { readonly frame: SampleFrame };

/**
 * The lines as CSV (RFC 4180): depth, name, command line, then the columns. Numbers are as they were measured, in the
 * unit that the heading names; what is unknown is an empty field.
 */
export function linesToCsv(lines: readonly CopiedLine[], shown: readonly TreeColumn[]): string {
  const columns = shown.filter(({ isDrawn }) => isDrawn !== true);
  const heading = [
    'depth',
    'worker',
    'name',
    'command line',
    ...columns.map(({ label, unit }) => (unit === '' ? label : `${label} (${unit})`)),
  ];
  const rows = lines.map(({ node, frame, depth }) => [
    String(depth),
    node.workerName ?? '',
    rowName(node),
    node.entity.commandLine,
    ...columns.map((column) => csvValue(column, column.value(node, frame))),
  ]);
  return [heading, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

/** The lines as they stand on the screen, in columns of spaces: for a message or a note. */
export function linesToText(lines: readonly CopiedLine[], shown: readonly TreeColumn[]): string {
  const columns = shown.filter(({ isDrawn }) => isDrawn !== true);
  const rows = lines.map((line) => [
    `${'  '.repeat(line.depth)}${[line.node.workerName ?? '', rowName(line.node)].join(' ').trim()}`,
    ...columns.map((column) => cellText(column, line.node, line.frame)),
  ]);
  const table = [['Process', ...columns.map(({ label }) => label)], ...rows];
  const widths = table[0]?.map((_, at) => Math.max(...table.map((row) => row[at]?.length ?? 0))) ?? [];
  const pad = (cell: string, at: number): string =>
    at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0);
  return table.map((row) => `${row.map(pad).join('  ').trimEnd()}\n`).join('');
}

function csvValue({ id, format }: TreeColumn, value: number | string): string {
  if (typeof value === 'string') return value;
  if (Number.isNaN(value)) return '';
  // A state is a letter's code to the machine, and a word to everybody else.
  return id === 'state' ? format(value) : String(value);
}

/** A leading = + - or @ would be run as a formula by spreadsheets: names and command lines come from anywhere. */
function csvField(text: string): string {
  const isNumber = text !== '' && Number.isFinite(Number(text));
  const harmless = /^[=+\-@\t]/.test(text) && !isNumber ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
