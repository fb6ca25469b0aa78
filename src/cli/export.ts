import { once } from 'node:events';
import {
  createExportSource,
  ExportFailure,
  usualColumns,
  type ExportSource,
} from '../engine/export/recording-export.ts';
import {
  exportPathOf,
  findRecordingFormat,
  type AnyRecordingFormat,
} from '../engine/export/recording-formats.ts';
import { writeStreamSafely } from '../engine/export/write-stream.ts';
import type { Recording, TimeSpan } from '../engine/recording/open-recording.ts';
import { formatBytes } from '../shared/format.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import { withRecordings } from './recording-files.ts';
import { exitCodes, printNote, printProblem, type Terminal } from './terminal.ts';

export interface ExportOptions {
  readonly to: string;
  readonly output?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly columns?: string | undefined;
  readonly quiet?: true | undefined;
}

/** Writes a recording in another format. Answers the exit code. */
export async function exportRecording(
  path: string,
  options: ExportOptions,
  terminal: Terminal,
): Promise<number> {
  const format = findRecordingFormat(options.to);
  if (!format.ok) {
    printProblem(terminal, format.problem);
    return exitCodes.badInput;
  }
  return await withRecordings([path], terminal, async ([recording]) => {
    if (recording === undefined) throw new Error('one path opens one recording');
    const span = spanOf(recording, options);
    if (!span.ok) {
      printProblem(terminal, span.problem);
      return exitCodes.badInput;
    }
    const columns = columnsOf(options);
    if (!columns.ok) {
      printProblem(terminal, columns.problem);
      return exitCodes.badInput;
    }
    const source = createExportSource(recording, span.value, columns.value);
    return await write(source, format.value, options, terminal);
  });
}

async function write(
  source: ExportSource,
  format: AnyRecordingFormat,
  { output, quiet }: ExportOptions,
  terminal: Terminal,
): Promise<number> {
  const chunks = format.write(source);
  if (output === '-') {
    try {
      for await (const chunk of chunks) {
        // A pipe that is read slowly must not make us hold the whole export.
        if (!terminal.out.write(chunk)) await once(terminal.out, 'drain');
      }
      return exitCodes.success;
    } catch (error) {
      if (!(error instanceof ExportFailure)) throw error;
      printProblem(terminal, error.problem);
      return exitCodes.badInput;
    }
  }
  const written = await writeStreamSafely(output ?? exportPathOf(source.recording.path, format), chunks);
  if (!written.ok) {
    printProblem(terminal, written.problem);
    return exitCodes.badInput;
  }
  if (quiet !== true)
    printNote(terminal, `Wrote ${written.value.path} (${formatBytes(written.value.bytes)})`);
  return exitCodes.success;
}

/** More columns than a recording has samples, or than can be drawn, help nobody. */
const mostColumns = 16_000;

function columnsOf({ columns }: ExportOptions): Result<number> {
  if (columns === undefined) return succeed(usualColumns);
  const number = columns.trim() === '' ? Number.NaN : Number(columns);
  if (Number.isInteger(number) && number >= 1 && number <= mostColumns) return succeed(number);
  return fail(
    'invalid-columns',
    `--columns ${columns} is not a whole number from 1 to ${mostColumns}.`,
    `Write it like --columns 4000; without it, pictures have up to ${usualColumns}.`,
  );
}

/** `--from` and `--until` are seconds since the recording began. */
function spanOf(recording: Recording, { from, until }: ExportOptions): Result<TimeSpan> {
  const { fromMs, toMs } = recording.span;
  const given = { '--from': from, '--until': until };
  for (const [flag, text] of Object.entries(given)) {
    if (text !== undefined && (text.trim() === '' || !Number.isFinite(Number(text)))) {
      return fail(
        'invalid-time',
        `${flag} ${text} is not a number of seconds.`,
        `Write it like ${flag} 12.5.`,
      );
    }
  }
  const span = {
    fromMs: from === undefined ? fromMs : Math.max(fromMs, Number(from) * 1000),
    toMs: until === undefined ? toMs : Math.min(toMs, Number(until) * 1000),
  };
  if (span.fromMs < span.toMs || (from === undefined && until === undefined)) return succeed(span);
  return fail(
    'empty-span',
    `Nothing of ${recording.path} lies between --from and --until.`,
    `It goes from ${(fromMs / 1000).toFixed(1)} to ${(toMs / 1000).toFixed(1)} seconds.`,
  );
}
