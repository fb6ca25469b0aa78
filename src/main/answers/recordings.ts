import { readFile, unlink } from 'node:fs/promises';
import { createExportSource } from '../../engine/export/recording-export.ts';
import { findRecordingFormat } from '../../engine/export/recording-formats.ts';
import { writeStreamSafely } from '../../engine/export/write-stream.ts';
import { importForeign } from '../../engine/import/index.ts';
import { editRecording } from '../../engine/recording/edit-recording.ts';
import { fileProblem } from '../../engine/recording/file-problem.ts';
import { pinRecording, unpinRecording } from '../../engine/recording/library.ts';
import { isLocked } from '../../engine/recording/lock.ts';
import type { RecordingRequests, RecordingSpan } from '../../shared/recordings-requests.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { foreignFileOf } from './foreign-file.ts';
import { OpenRecordings } from './open-recordings.ts';
import { compareOpen } from './recording-comparison.ts';
import { processesOf } from './recording-processes.ts';
import { addNote, listShelf, type RecordingPlace } from './recording-shelf.ts';

/** What the engine's process is asked about recordings: what main answers without it (dialogs, trash) is not here. */
export type RecordingEngineRequests = Pick<
  RecordingRequests,
  | 'recordings:list'
  | 'recordings:pin'
  | 'recordings:edit'
  | 'recordings:compare'
  | 'recording:open'
  | 'recording:span'
  | 'recording:processes'
  | 'recording:add-note'
  | 'recording:close'
  | 'foreign:open'
> & {
  /** Whether the file may be removed, and nothing holds it open any more. */
  'recordings:let-go': { readonly request: { readonly path: string }; readonly response: null };
  'recordings:erase': { readonly request: { readonly path: string }; readonly response: null };
  'recording:write-export': {
    readonly request: {
      readonly path: string;
      readonly format: string;
      readonly span: RecordingSpan | null;
      readonly target: string;
    };
    readonly response: { readonly path: string };
  };
};

export type RecordingAnswers = {
  readonly [Name in keyof RecordingEngineRequests]: (
    payload: RecordingEngineRequests[Name]['request'],
  ) => Promise<Result<RecordingEngineRequests[Name]['response']>>;
};

/** Larger files of other tools are not measurements of one program; reading one must not exhaust the memory. */
const mostForeignBytes = 200_000_000;

export function createRecordingAnswers(place: () => RecordingPlace): RecordingAnswers {
  const open = new OpenRecordings();
  const now = <Value>(value: Result<Value>): Promise<Result<Value>> => Promise.resolve(value);
  return {
    'recordings:list': () => now(listShelf(place())),
    'recordings:pin': ({ path, pinned }) => now(done(pinned ? pinRecording(path) : unpinRecording(path))),
    'recordings:edit': ({ path, ...edit }) => now(done(editRecording(path, edit))),
    'recordings:compare': ({ paths, alignBy }) => now(compareOpen(open, paths, alignBy)),
    'recordings:let-go': ({ path }) => {
      if (isLocked(path)) return now(stillWritten(path));
      open.close(path);
      return now(succeed(null));
    },
    'recordings:erase': async ({ path }) => {
      try {
        await unlink(path);
      } catch (error) {
        return fileProblem(path, error, 'removed');
      }
      return done(unpinRecording(path));
    },
    'recording:open': ({ path }) => now(open.describe(path)),
    'recording:span': ({ path, fromMs, toMs, columns }) => now(open.picture(path, { fromMs, toMs }, columns)),
    'recording:processes': ({ path, fromMs, toMs }) => {
      const recording = open.get(path);
      return now(recording.ok ? succeed(processesOf(recording.value, { fromMs, toMs })) : recording);
    },
    'recording:add-note': ({ path, atMs, text }) => now(addNote(path, atMs, text)),
    'recording:write-export': async ({ path, format: name, span, target }) => {
      const format = findRecordingFormat(name);
      if (!format.ok) return format;
      const recording = open.get(path);
      if (!recording.ok) return recording;
      const source = createExportSource(recording.value, span ?? recording.value.span);
      const written = await writeStreamSafely(target, format.value.write(source));
      return written.ok ? succeed({ path: written.value.path }) : written;
    },
    'recording:close': ({ path }) => {
      open.close(path);
      return now(succeed(null));
    },
    'foreign:open': ({ path }) => openForeign(path),
  };
}

function stillWritten(path: string): Result<never> {
  return fail(
    'recording-in-use',
    `${path} is being written.`,
    'Wait until what it records has ended, then try again.',
  );
}

async function openForeign(path: string): Promise<Result<RecordingRequests['foreign:open']['response']>> {
  let text: string;
  try {
    const bytes = await readFile(path);
    if (bytes.length > mostForeignBytes) {
      return fail('import-too-large', `${path} is larger than 200 MB.`, 'Export a shorter measurement.');
    }
    text = bytes.toString('utf8');
  } catch (error) {
    return fileProblem(path, error, 'read');
  }
  const read = importForeign(text, path);
  return read.ok ? succeed(foreignFileOf(path, read.value)) : read;
}

function done(result: Result<void>): Result<null> {
  return result.ok ? succeed(null) : result;
}
