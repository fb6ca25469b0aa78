import path from 'node:path';
import { formatBytes, formatDuration } from '../../shared/format.ts';
import type { RecordingEntry } from '../../shared/recording.ts';
import { printable } from '../recording-files.ts';
import type { Colours } from '../terminal.ts';
import { shortId } from './find-recording.ts';

const dateOf = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short' });

/**
 * A line each, newest first: id, local time, length, size, what is special about it, title, tags. `all` are those that
 * an id has to be told from.
 */
export function describeEntries(
  entries: readonly RecordingEntry[],
  all: readonly RecordingEntry[],
  { bold, cyan, dim, yellow }: Colours,
): string {
  const rows = entries.map((entry) => {
    const { manifest, problem, state, pinned, modifiedUnixMs, sizeBytes } = entry;
    return {
      id: printable(shortId(entry, all)),
      when: dateOf.format(manifest?.startedUnixMs ?? modifiedUnixMs),
      length: manifest?.summary ? formatDuration(manifest.summary.durationMs) : state,
      size: formatBytes(sizeBytes),
      title: manifest === null ? (problem?.message ?? path.basename(entry.path)) : manifest.title,
      marks: [...(pinned ? ['pinned'] : []), ...(manifest?.tags ?? []).map((tag) => `#${tag}`)],
    };
  });
  const widthOf = (column: 'id' | 'length' | 'size'): number =>
    rows.reduce((most, row) => Math.max(most, row[column].length), 0);
  const [idWidth, lengthWidth, sizeWidth] = [widthOf('id'), widthOf('length'), widthOf('size')];
  return rows
    .map(({ id, when, length, size, title, marks }) =>
      [
        yellow(id.padEnd(idWidth)),
        dim(when),
        length.padStart(lengthWidth),
        size.padStart(sizeWidth),
        bold(printable(title)),
        ...marks.map((mark) => cyan(printable(mark))),
      ].join('  '),
    )
    .join('\n');
}
