import { lstatSync, readdirSync, rmSync, unlinkSync, writeFileSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { recordingExtension, type RecordingEntry, type RecordingManifest } from '../../shared/recording.ts';
import { fail, succeed, type Problem, type Result } from '../../shared/result.ts';
import type { Bytes } from '../../shared/units.ts';
import { checkHeader, openSource, payloadOf, readEnd } from './block-reader.ts';
import { MalformedBlock } from './bytes.ts';
import { blockHeaderBytes, blockType, decodeBlockHeader, fileHeaderBytes } from './container.ts';
import { codeOf, fileProblem } from './file-problem.ts';
import { isLocked } from './lock.ts';
import { decodeManifest } from './manifest.ts';

/** The recordings of a folder. Whether one is pinned is an empty file beside it, so that the recording stays as it is. */

function pinPathOf(path: string): string {
  return `${path}.pinned`;
}

/** The recordings in a folder, newest first. Of each only the head and the manifest are read. */
export function listRecordings(folder: string): Result<readonly RecordingEntry[]> {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    return fileProblem(folder, error, 'read');
  }
  const entries = names
    .filter((name) => name.endsWith(recordingExtension))
    .flatMap((name) => describeRecording(join(folder, name)) ?? []);
  return succeed(entries.sort((one, other) => ageOf(other) - ageOf(one)));
}

/** One recording as the list shows it; null where there is no regular file of that name. */
export function describeRecording(path: string): RecordingEntry | null {
  const file = regularFile(path);
  if (file === null) return null;
  const { manifest, problem } = readManifest(path);
  const isWriting = isLocked(path);
  const isFinished = manifest !== null && manifest.summary !== null;
  return {
    path,
    sizeBytes: file.size,
    modifiedUnixMs: file.mtimeMs,
    pinned: isPinned(path),
    state: isWriting ? 'writing' : isFinished ? 'finished' : manifest === null ? 'unreadable' : 'unfinished',
    manifest,
    problem,
  };
}

export function isPinned(path: string): boolean {
  return regularFile(pinPathOf(path)) !== null;
}

/** A pinned recording is never removed by `cleanUp`. */
export function pinRecording(path: string): Result<void> {
  if (regularFile(path) === null) {
    return fail('recording-not-read', `${path} is not there.`, 'Refresh the list.');
  }
  return attempt(pinPathOf(path), () => {
    writeFileSync(pinPathOf(path), '');
  });
}

export function unpinRecording(path: string): Result<void> {
  return attempt(pinPathOf(path), () => {
    rmSync(pinPathOf(path), { force: true });
  });
}

/** Removes a recording for good. Refused while it is written, and for a pinned one unless `evenPinned`. */
export function removeRecording(
  path: string,
  { evenPinned = false }: { readonly evenPinned?: boolean } = {},
): Result<void> {
  if (regularFile(path) === null) {
    return fail('recording-not-read', `${path} is not there.`, 'Check the path.');
  }
  if (isLocked(path)) {
    return fail('recording-in-use', `${path} is being written.`, 'Wait until that has ended.');
  }
  if (isPinned(path) && !evenPinned) {
    return fail('recording-pinned', `${path} is pinned.`, 'Unpin it first, or add --force.');
  }
  const removed = attempt(path, () => {
    unlinkSync(path);
  });
  return removed.ok ? unpinRecording(path) : removed;
}

export interface CleanUp {
  readonly removed: readonly string[];
  readonly remainingBytes: Bytes;
  /** What stood in the way: of single files, and where the budget is passed all the same. */
  readonly problems: readonly Problem[];
}

/**
 * Removes the oldest recordings until the folder's recordings fit into `budgetBytes`. Never touches what is pinned,
 * what is being written, or what is not a recording of ours, whatever its name.
 */
export function cleanUp(folder: string, budgetBytes: Bytes): Result<CleanUp> {
  const listed = listRecordings(folder);
  if (!listed.ok) return listed;
  let remainingBytes = listed.value.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const removed: string[] = [];
  const problems: Problem[] = [];
  for (const entry of listed.value.toReversed()) {
    if (remainingBytes <= budgetBytes) break;
    if (entry.state !== 'finished' && entry.state !== 'unfinished') continue;
    // Asked again: it may have been pinned, or opened for writing, since the list was made.
    if (isPinned(entry.path) || isLocked(entry.path)) continue;
    const result = attempt(entry.path, () => {
      unlinkSync(entry.path);
    });
    if (result.ok) {
      removed.push(entry.path);
      remainingBytes -= entry.sizeBytes;
    } else {
      problems.push(result.problem);
    }
  }
  if (remainingBytes > budgetBytes) {
    problems.push({
      kind: 'recording-budget',
      message: `The recordings in ${folder} take ${remainingBytes} bytes, more than the ${budgetBytes} allowed: the rest is pinned, being written or not ours.`,
      advice: 'Unpin or remove some, or allow more.',
    });
  }
  return succeed({ removed, remainingBytes, problems });
}

function ageOf({ manifest, modifiedUnixMs }: RecordingEntry): number {
  return manifest?.startedUnixMs ?? modifiedUnixMs;
}

/** Null for links too: what they lead to may be anywhere. */
function regularFile(path: string): Stats | null {
  try {
    const file = lstatSync(path);
    return file.isFile() ? file : null;
  } catch {
    return null;
  }
}

/** The newest manifest by the end block, else the one at the beginning. */
function readManifest(path: string): { manifest: RecordingManifest | null; problem: Problem | null } {
  const opened = openSource(path);
  if (!opened.ok) return { manifest: null, problem: opened.problem };
  const { source, close } = opened.value;
  try {
    const header = checkHeader(path, source);
    if (!header.ok) return { manifest: null, problem: header.problem };
    for (const offset of [readEnd(source)?.manifestAt, fileHeaderBytes]) {
      if (offset === undefined || !Number.isSafeInteger(offset) || offset < fileHeaderBytes) continue;
      const block = decodeBlockHeader(source.read(offset, blockHeaderBytes));
      const payload = block?.type === blockType.manifest ? payloadOf(source, { ...block, offset }) : null;
      const manifest = payload === null ? null : decodeOrNull(payload, header.value.version);
      if (manifest !== null) return { manifest, problem: null };
    }
    const lost = fail(
      'recording-manifest-lost',
      `${path} does not say what it is.`,
      'Open it to see the rest.',
    );
    return { manifest: null, problem: lost.problem };
  } catch (error) {
    return { manifest: null, problem: fileProblem(path, error, 'read').problem };
  } finally {
    close();
  }
}

function decodeOrNull(payload: Uint8Array, version: number): RecordingManifest | null {
  try {
    return decodeManifest(payload, version).manifest;
  } catch (error) {
    if (error instanceof MalformedBlock) return null;
    throw error;
  }
}

function attempt(path: string, change: () => void): Result<void> {
  try {
    change();
    return succeed(undefined);
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? succeed(undefined) : fileProblem(path, error, 'changed');
  }
}
