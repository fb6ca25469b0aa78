import { fail, succeed, type Result } from '../../shared/result.ts';
import { bytesPerMebibyte, type ForeignColumn, type ForeignSeries } from './foreign.ts';

/** Columns of `psrecord --log` by their titles. Those that are not here (later versions have some) are left out. */
const known: Readonly<Record<string, Pick<ForeignColumn, 'name' | 'unit'> & { readonly factor: number }>> = {
  'CPU (%)': { name: 'CPU', unit: 'cores', factor: 0.01 },
  'Real (MB)': { name: 'RSS', unit: 'bytes', factor: bytesPerMebibyte },
  'Virtual (MB)': { name: 'virtual memory', unit: 'bytes', factor: bytesPerMebibyte },
  'USS (MB)': { name: 'USS', unit: 'bytes', factor: bytesPerMebibyte },
};

const timeTitle = 'Elapsed time';

/** A line that a killed psrecord left half-written at the end is passed over and told; any other one fails. */
export function readPsrecord(text: string, name: string): Result<ForeignSeries> {
  const lines = text.split(/\r?\n/);
  const header = lines[0] ?? '';
  // Titles have single spaces inside, and at least two between them.
  const titles = header
    .replace(/^#\s*/, '')
    .trim()
    .split(/\s{2,}/);
  if (!header.startsWith('#') || titles[0] !== timeTitle) {
    return fail(
      'not-psrecord',
      `${name} does not begin as a log of psrecord does ("# Elapsed time …").`,
      'Choose a file that psrecord --log has written.',
    );
  }
  const rows: number[][] = [];
  const notes = [
    "psrecord's CPU is of the time since the reading before, and its memory counts shared pages in every process.",
  ];
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line.trim() === '') continue;
    const values = line.trim().split(/\s+/).map(Number);
    const isWhole = values.length === titles.length && values.every(Number.isFinite);
    if (isWhole) {
      rows.push(values);
    } else if (index === lines.length - 1) {
      notes.push('The last line is cut off and was left out.');
    } else {
      return fail(
        'damaged-psrecord',
        `Line ${index + 1} of ${name} is not ${titles.length} numbers.`,
        'Remove the line, or record again.',
      );
    }
  }
  const atMs = rows.map(([seconds]) => (seconds ?? 0) * 1000);
  const series = titles.flatMap((title, column) => {
    const meaning = known[title];
    if (meaning === undefined) return [];
    const { factor, ...named } = meaning;
    return [{ ...named, atMs, values: rows.map((row) => (row[column] ?? Number.NaN) * factor) }];
  });
  return succeed({
    kind: 'series',
    tool: 'psrecord',
    command: null,
    startedUnixMs: null,
    series,
    spans: [],
    notes,
  });
}
