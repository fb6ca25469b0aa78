import { fail, succeed, type Result } from '../../shared/result.ts';
import { openBlocks } from './block-reader.ts';
import { BlockWriter, indexEntryBytes, type ExistingBlocks } from './block-writer.ts';
import { blockHeaderBytes, blockType, formatVersion } from './container.ts';

/**
 * Opens a recording that nobody writes any more, so that blocks can be added behind the rest and then a new index. One
 * that was never closed loses its torn end by that, and is then closed.
 */
export function resumeRecording(path: string): Result<BlockWriter> {
  return BlockWriter.resume(path, () => lookAt(path));
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
        'Use the version of Corescope that wrote it, or keep the remark elsewhere.',
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
