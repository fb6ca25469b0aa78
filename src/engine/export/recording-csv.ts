import { sumColumns, sumRows } from '../recording/row-sums.ts';
import { orNull, type Chunk, type ExportSource, type RecordingFormat } from './recording-export.ts';
import { visibleText } from './visible-text.ts';
import { tidyColumns, tidyRows } from './tidy-rows.ts';

/** CSV after RFC 4180, with units in the header; what is unknown is an empty field. */

const lineEnd = '\r\n';

/** Lines that are handed on at once: fewer calls for the disk. */
const linesPerChunk = 512;

/** A line per sample: the machine's cores and the sums over the watched trees. Made for a spreadsheet. */
export const csvFormat: RecordingFormat = {
  extension: '.csv',
  description: 'a line per sample: every core, CPU and memory of the run; for a spreadsheet',
  *write(source) {
    const cores = Array.from({ length: source.cores }, (_, core) => core);
    const header = [
      'time (ms)',
      'run CPU (cores)',
      'run memory PSS (bytes)',
      'run memory RSS sum (bytes)',
      'run processes',
      'run waiting (threads)',
      'throttled (share)',
      'lateness (ms)',
      'Corescope CPU (cores)',
      'phase',
      ...cores.map((core) => `core ${core} busy (share)`),
    ];
    yield lineOf(header);
    yield* inChunks(sampleLines(source, cores));
  },
};

function* sampleLines(source: ExportSource, cores: readonly number[]): Generator<string> {
  const runs = source.story.phases.filter(({ kind }) => kind === 'run' || kind === 'marked');
  let next = 0;
  let under: typeof runs = [];
  const columns = [...sumColumns, 'coreBusy', 'throttledShare', 'latenessMs', 'ownCpuShare'];
  for (const frame of source.frames(columns)) {
    for (; next < runs.length && (runs[next]?.fromMs ?? 0) <= frame.atMs; next += 1) {
      const phase = runs[next];
      if (phase !== undefined) under.push(phase);
    }
    under = under.filter(({ toMs }) => toMs >= frame.atMs);
    const sum = sumRows(frame, source.entities);
    yield lineOf([
      frame.atMs,
      sum.cpuShare,
      sum.pssBytes,
      sum.rssBytes,
      sum.processes,
      sum.waitShare,
      frame.throttledShare,
      frame.latenessMs,
      frame.ownCpuShare,
      under.map(({ name }) => name).join('; '),
      ...cores.map((core) => frame.coreBusy[core] ?? null),
    ]);
  }
}

/** A line per sample and core, process and thread. */
export const csvRowsFormat: RecordingFormat = {
  extension: '.csv',
  description: 'a line per sample and core, process and thread; for data frames',
  *write(source) {
    yield lineOf(tidyColumns.map(({ name, unit }) => (unit === '' ? name : `${name} (${unit})`)));
    yield* inChunks(lines(source));
  },
};

function* lines(source: ExportSource): Generator<string> {
  for (const row of tidyRows(source)) yield lineOf(row);
}

function* inChunks(texts: Iterable<string>): Generator<Chunk> {
  let waiting: string[] = [];
  for (const text of texts) {
    waiting.push(text);
    if (waiting.length < linesPerChunk) continue;
    yield waiting.join('');
    waiting = [];
  }
  if (waiting.length > 0) yield waiting.join('');
}

function lineOf(fields: readonly (string | number | null)[]): string {
  return fields.map(fieldOf).join(',') + lineEnd;
}

function fieldOf(value: string | number | null): string {
  if (typeof value === 'number') return String(orNull(value) ?? '');
  if (value === null) return '';
  // A spreadsheet takes a text that begins so for a formula and runs it: names of processes come from anybody.
  const seen = visibleText(value);
  const safe = /^[=+\-@\t\r]/.test(seen) ? `'${seen}` : seen;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
