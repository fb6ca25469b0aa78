import { stripVTControlCharacters } from 'node:util';

/**
 * Rows as lines: the first column to the left, the others to the right, two blanks between. Escape codes have no
 * width. A short row leaves its last columns empty.
 */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const blanks = ' '.repeat((widths[column] ?? 0) - widthOf(cell));
          return column === 0 ? `${cell}${blanks}` : `${blanks}${cell}`;
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** Cells are ASCII, save for × and the like, which take one place too. */
function widthOf(text: string): number {
  return Array.from(stripVTControlCharacters(text)).length;
}
