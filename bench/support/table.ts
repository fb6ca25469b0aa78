/** A table in plain text: the first column to the left, figures to the right, two spaces between. */
export function drawTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const draw = (line: readonly string[]): string =>
    widths
      .map((width, column) => {
        const cell = line[column] ?? '';
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('  ');
  return [draw(heads), rule, ...rows.map(draw)].join('\n');
}

/** At least three significant digits below 100, and `n/a` for what is not known. */
export function showNumber(value: number): string {
  if (Number.isNaN(value)) return 'n/a';
  const size = Math.abs(value);
  return value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

/** A ratio as people say it: 0.125 is `1/8.00`, 2 is `2.00x`. */
export function showRatio(value: number): string {
  if (Number.isNaN(value)) return 'n/a';
  return value < 1 && value > 0 ? `1/${showNumber(1 / value)}` : `${showNumber(value)}x`;
}
