import type { Finding } from '../../shared/differences.ts';
import { formatBytes, formatCores, formatDuration, formatFactor } from '../../shared/format.ts';

/** A figure of a cell with its unit: `12.3 ms`, `0.98 cores`, `19 300 /s`. */
export function formatFigure({ value, unit }: Finding['figures'][number]): string {
  switch (unit) {
    case 'ms':
      return formatDuration(value);
    case 'B':
      return formatBytes(value);
    case '×':
      return formatFactor(value);
    case 'cores':
      return `${formatCores(value)} cores`;
    case '1/s':
      return `${plain(value)} /s`;
    case '':
      return plain(value);
    default:
      return `${plain(value)} ${unit}`;
  }
}

/** Three digits: more would be noise. Thin spaces between thousands. */
function plain(value: number): string {
  const rounded = Number(value.toPrecision(3));
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 })
    .format(rounded)
    .replaceAll(',', '\u2009');
}
