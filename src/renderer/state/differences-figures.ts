import {
  roundsOf,
  thoroughnesses,
  type DifferencesReport,
  type Finding,
  type Thoroughness,
} from '../../shared/differences.ts';
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

/**
 * What a measurement takes here: as on two idle cores (`expectedMs`), but as much slower as the last one was. Null
 * where nothing is known.
 */
export function expectedHereMs(
  expectedMs: Readonly<Record<Thoroughness, number>> | null,
  last: Pick<DifferencesReport, 'rounds' | 'durationMs'> | null,
  thoroughness: Thoroughness,
): number | null {
  if (expectedMs === null) return null;
  const known = thoroughnesses.find((candidate) => roundsOf[candidate] === last?.rounds);
  const slowness = last === null || known === undefined ? 1 : last.durationMs / expectedMs[known];
  return expectedMs[thoroughness] * slowness;
}

/** Those that say more than the cell's own text does. */
export function figuresBeyond({ text, figures }: Finding): Finding['figures'] {
  const [only, ...others] = figures;
  return only !== undefined && others.length === 0 && text.startsWith(formatFigure(only)) ? [] : figures;
}
