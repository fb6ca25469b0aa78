import { randomBytes } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { succeed, type Result } from '../../shared/result.ts';
import { fileProblem } from '../recording/file-problem.ts';
import { ExportFailure, type Chunk } from './recording-export.ts';
import { checkWritable } from './write-file.ts';

export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
}

/**
 * Writes the chunks into a file beside the target, which takes its place when it is whole: a disk that fills, or an
 * abort, leaves what was there before. Memory: one chunk. `signal` is asked between chunks.
 */
export async function writeStreamSafely(
  path: string,
  chunks: Iterable<Chunk> | AsyncIterable<Chunk>,
  signal?: AbortSignal,
): Promise<Result<WrittenFile>> {
  const checked = await checkWritable(path);
  if (!checked.ok) return checked;
  const target = checked.value;
  const partial = join(dirname(target), `.corescope-${randomBytes(6).toString('hex')}`);
  let bytes = 0;
  try {
    const file = await open(partial, 'wx', 0o644);
    try {
      for await (const chunk of chunks) {
        signal?.throwIfAborted();
        const data = typeof chunk === 'string' ? Buffer.from(chunk, 'utf8') : chunk;
        // `write` may stop short; `writeFile` on an open file goes on where the last one ended.
        await file.writeFile(data);
        bytes += data.byteLength;
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, target);
  } catch (error) {
    await unlink(partial).catch(() => undefined);
    if (signal?.aborted === true) throw error;
    if (error instanceof ExportFailure) return { ok: false, problem: error.problem };
    return fileProblem(target, error, 'written');
  }
  return succeed({ path: target, bytes });
}
