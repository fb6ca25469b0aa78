import { existsSync } from 'node:fs';
import path from 'node:path';
import { listRecordings } from '../../engine/recording/library.ts';
import { recordingsFolder } from '../../engine/recording/places.ts';
import { recordingExtension, type RecordingEntry } from '../../shared/recording.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';

/** Letters of an id that are shown, and the least that name a recording. */
export const shortIdLength = 8;
const leastIdLetters = 4;

/**
 * The file that a word of the command line means: a path; else, of the recordings folder, `latest`, a file's name, or the
 * beginning of an id. Fails where there is none, or more than one.
 */
export function findRecording(word: string, folder: string = recordingsFolder()): Result<string> {
  if (existsSync(word) || /[/\\]/.test(word)) return succeed(word);
  const listed = listRecordings(folder);
  const entries = listed.ok ? listed.value : [];
  const found = entriesNamed(word, entries);
  const [first] = found;
  if (first === undefined) {
    return fail(
      'no-such-recording',
      `There is neither a file ${word} nor a recording of that name or id in ${folder}.`,
      'List them with: corescope recordings',
    );
  }
  if (found.length > 1) {
    const ids = found.map((entry) => shortId(entry, found)).join(', ');
    return fail(
      'ambiguous-recording',
      `${word} means ${found.length} recordings: ${ids}.`,
      'Give more of the id.',
    );
  }
  return succeed(first.path);
}

function entriesNamed(word: string, entries: readonly RecordingEntry[]): readonly RecordingEntry[] {
  // The list begins with the newest.
  if (word === 'latest') return entries.slice(0, 1);
  const named = entries.filter((entry) => {
    const name = path.basename(entry.path);
    return name === word || name === word + recordingExtension;
  });
  if (named.length > 0 || word.length < leastIdLetters) return named;
  return entries.filter(({ manifest }) => manifest?.id.startsWith(word.toLowerCase()) === true);
}

/** As many letters of the id as tell it from the others, at least eight; what has no id goes by its file's name. */
export function shortId(entry: RecordingEntry, others: readonly RecordingEntry[]): string {
  const id = entry.manifest?.id;
  if (id === undefined) return path.basename(entry.path, recordingExtension);
  const ids = others.flatMap((other) => (other === entry ? [] : (other.manifest?.id ?? [])));
  let length = shortIdLength;
  while (length < id.length && ids.some((other) => other.startsWith(id.slice(0, length)))) length += 1;
  return id.slice(0, length);
}
