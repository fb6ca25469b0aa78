import { statSync } from 'node:fs';
import { recordingFormats } from '../../engine/export/recording-formats.ts';
import { appendEvents } from '../../engine/recording/append-events.ts';
import { codeOf } from '../../engine/recording/file-problem.ts';
import { listRecordings } from '../../engine/recording/library.ts';
import { recordingsFolder } from '../../engine/recording/places.ts';
import type { ExportFormat, RecordingLibrary } from '../../shared/recordings-requests.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { AppSettings } from '../../shared/settings.ts';
import type { Bytes, SessionMs } from '../../shared/units.ts';

/** Where the app's recordings are kept. */
export interface RecordingPlace {
  readonly folder: string;
  readonly budgetBytes: Bytes;
}

/** Where the user wants them; for who has not said, in the usual folder. */
export type PlacePreferences = Pick<AppSettings, 'recordingsFolder' | 'recordingsBudgetBytes'>;

export function recordingPlaceOf(preferences: PlacePreferences): RecordingPlace {
  return {
    folder: preferences.recordingsFolder ?? recordingsFolder(),
    budgetBytes: preferences.recordingsBudgetBytes,
  };
}

/** What the app's folder holds. */
export function listShelf({ folder, budgetBytes }: RecordingPlace): Result<RecordingLibrary> {
  // Nothing has been recorded yet: an empty library, not a failure.
  const listed = isMissing(folder) ? succeed([]) : listRecordings(folder);
  if (!listed.ok) return listed;
  return succeed({
    folder,
    budgetBytes,
    totalBytes: listed.value.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    entries: listed.value,
    formats: exportFormats(),
  });
}

/** Not where there can be none, as on a path through a file: of that the reading tells. */
function isMissing(folder: string): boolean {
  try {
    statSync(folder);
    return false;
  } catch (error) {
    return codeOf(error) === 'ENOENT';
  }
}

/** Writes a note to a recording that nobody writes any more. */
export function addNote(path: string, atMs: SessionMs, text: string): Result<null> {
  const trimmed = text.trim();
  if (trimmed === '') return fail('empty-note', 'The note is empty.', 'Write something first.');
  const written = appendEvents(path, [{ type: 'note', atMs, text: trimmed }]);
  return written.ok ? succeed(null) : written;
}

function exportFormats(): ExportFormat[] {
  return Object.entries(recordingFormats).map(([id, { extension, description }]) => ({
    id,
    extension,
    description,
  }));
}
