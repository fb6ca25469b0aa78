import { fail, succeed, type Result } from '../../shared/result.ts';
import { openBlocks, type BlockFile } from './block-reader.ts';
import { MalformedBlock } from './bytes.ts';
import { blockType } from './container.ts';
import { decodeManifest, encodeManifest, type ManifestPayload } from './manifest.ts';
import { resumeRecording } from './resume-recording.ts';

/** What a user may change of a recording: how it is called and found, and nothing that was measured. */
export interface RecordingEdit {
  readonly title?: string;
  /** All of them, after the change. */
  readonly tags?: readonly string[];
}

export const longestTag = 60;
export const mostTags = 50;
const longestTitle = 200;

/** Gives a recording that nobody writes another title or other tags: a manifest behind the rest, which then counts. */
export function editRecording(path: string, edit: RecordingEdit): Result<void> {
  const tags = edit.tags === undefined ? null : readTags(edit.tags);
  if (tags?.ok === false) return tags;
  const title = edit.title?.trim();
  if (title === '' || (title?.length ?? 0) > longestTitle) {
    return fail('bad-title', `A title has 1 to ${longestTitle} characters.`, 'Choose a shorter one.');
  }
  const found = readPayload(path);
  if (!found.ok) return found;
  const { manifest, ...words } = found.value;
  const edited = {
    ...manifest,
    ...(title === undefined ? {} : { title }),
    ...(tags === null ? {} : { tags: tags.value }),
  };
  const writer = resumeRecording(path);
  if (!writer.ok) return writer;
  const written = writer.value.append({
    type: blockType.manifest,
    startMs: Number.NaN,
    endMs: Number.NaN,
    payload: encodeManifest(edited, words),
  });
  const finished = writer.value.finish();
  return written.ok ? finished : written;
}

/** Tags as they are kept: without white space around them, each once, whatever its case. */
export function readTags(words: readonly string[]): Result<readonly string[]> {
  const tags = new Map<string, string>();
  for (const word of words) {
    const tag = word.trim().normalize('NFC');
    // A comma separates tags where they are typed, and a control character would write to the terminal.
    if (tag === '' || tag.length > longestTag || /[\p{Cc},]/u.test(tag)) {
      return fail(
        'bad-tag',
        `${JSON.stringify(word)} cannot be a tag.`,
        `Use 1 to ${longestTag} characters, without commas.`,
      );
    }
    const key = tag.toLowerCase();
    if (!tags.has(key)) tags.set(key, tag);
  }
  if (tags.size > mostTags) {
    return fail('too-many-tags', `${tags.size} tags are more than ${mostTags}.`, 'Take some away first.');
  }
  return succeed([...tags.values()]);
}

function readPayload(path: string): Result<ManifestPayload> {
  const opened = openBlocks(path);
  if (!opened.ok) return opened;
  const file = opened.value;
  try {
    return newestManifest(file);
  } finally {
    file.close();
  }
}

function newestManifest(file: BlockFile): Result<ManifestPayload> {
  const entries = file.entries.filter(({ type }) => type === blockType.manifest);
  for (const entry of entries.toSorted((one, other) => other.offset - one.offset)) {
    const payload = file.payload(entry);
    if (payload === null) continue;
    try {
      return succeed(decodeManifest(payload, file.version));
    } catch (error) {
      if (!(error instanceof MalformedBlock)) throw error;
    }
  }
  return fail(
    'recording-manifest-lost',
    `${file.path} does not say what it is: its manifest is damaged.`,
    'Tag a copy that is whole.',
  );
}
