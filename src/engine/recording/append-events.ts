import type { RecordedEvent } from '../../shared/recording.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { openBlocks } from './block-reader.ts';
import { BlockWriter, indexEntryBytes, type ExistingBlocks } from './block-writer.ts';
import { blockHeaderBytes, blockType, formatVersion } from './container.ts';
import { encodeJson } from './json-payload.ts';

/**
 * Adds notes and markers to a recording that nobody writes any more: as a block behind the rest, with a new index.
 * One that was never closed loses its torn end by that, and is then closed.
 */
export function appendEvents(path: string, events: readonly RecordedEvent[]): Result<void> {
  if (events.length === 0) return succeed(undefined);
  const writer = BlockWriter.resume(path, () => lookAt(path));
  if (!writer.ok) return writer;
  const times = events.map(({ atMs }) => atMs);
  const written = writer.value.append({
    type: blockType.events,
    startMs: times.reduce((least, atMs) => Math.min(least, atMs)),
    endMs: times.reduce((most, atMs) => Math.max(most, atMs)),
    payload: encodeJson(events),
  });
  const finished = writer.value.finish();
  return written.ok ? finished : written;
}

function lookAt(path: string): Result<ExistingBlocks> {
  const opened = openBlocks(path);
  if (!opened.ok) return opened;
  const file = opened.value;
  try {
    if (file.version !== formatVersion || file.isHeaderDamaged) {
      return fail(
        'recording-not-written',
        `${path} has another version of the format, or its beginning is damaged: it is left as it is.`,
        'Keep the note elsewhere.',
      );
    }
    const entries = Buffer.alloc(file.entries.length * indexEntryBytes);
    const nextSequences = new Map<string, number>();
    let manifestAt = file.manifestAt ?? 0;
    file.entries.forEach((entry, index) => {
      entries.writeDoubleLE(entry.offset, index * indexEntryBytes);
      entries.set(file.read(entry.offset, blockHeaderBytes), index * indexEntryBytes + 8);
      nextSequences.set(`${entry.type}/${entry.level}`, entry.sequence + 1);
      if (entry.type === blockType.manifest) manifestAt = Math.max(manifestAt, entry.offset);
    });
    return succeed({ endsAt: file.endsAt, entries, manifestAt, nextSequences });
  } finally {
    file.close();
  }
}
