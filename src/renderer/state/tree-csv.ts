import { rowName, type TreeColumn } from './tree-columns.ts';
import type { TreeLine } from './tree-lines.ts';

/**
 * The lines as CSV (RFC 4180): depth, name, command line, then the columns. Numbers are as they were measured, in the
 * unit that the heading names; what is unknown is an empty field.
 */
export function linesToCsv(lines: readonly TreeLine[], columns: readonly TreeColumn[]): string {
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
