import type { ForeignData } from '../../engine/import/foreign.ts';
import { formatDuration } from '../../shared/format.ts';
import type { ForeignFile } from '../../shared/recordings-requests.ts';

/** What another tool measured, as the window shows it. */
export function foreignFileOf(path: string, data: ForeignData): ForeignFile {
  const { tool, notes } = data;
  if (data.kind === 'series') {
    const series = data.series.map(({ name, unit, atMs, values }) => ({
      name,
      unit,
      atMs: Float64Array.from(atMs),
      values: Float64Array.from(values),
    }));
    return { kind: 'series', path, tool, command: data.command, series, notes };
  }
  const rows = data.results.map(
    ({ command, wallMs, medianMs, meanMs, deviationMs, minMs, maxMs, userMs, systemMs }) => [
      command,
      wallMs.length === 0 ? 'n/a' : String(wallMs.length),
      formatDuration(medianMs),
      formatDuration(meanMs),
      formatDuration(deviationMs),
      formatDuration(minMs),
      formatDuration(maxMs),
      formatDuration(userMs === null || systemMs === null ? null : userMs + systemMs),
    ],
  );
  const head = ['Command', 'Runs', 'Median', 'Mean', 'Deviation', 'Least', 'Most', 'CPU time'];
  return { kind: 'timings', path, tool, head, rows, notes };
}
