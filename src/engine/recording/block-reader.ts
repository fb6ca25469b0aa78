import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { fail, succeed, type Result } from '../../shared/result.ts';
import { endBlockBytes, indexEntryBytes } from './block-writer.ts';
import {
  blockHeaderBytes,
  blockMark,
  blockType,
  decodeBlockHeader,
  decodeFileHeader,
  decodePayload,
  fileHeaderBytes,
  formatVersion,
  maxBlockBytes,
  type BlockHeader,
} from './container.ts';
import { fileProblem } from './file-problem.ts';

/** A block and where it stands. */
export interface BlockEntry extends BlockHeader {
  readonly offset: number;
}

/** Bytes that belong to no whole block. */
export interface ByteGap {
  readonly from: number;
  readonly to: number;
}

/** A file that can be read in pieces. */
interface ByteSource {
  readonly sizeBytes: number;
  /** Fewer bytes at the end of the file. */
  read(offset: number, length: number): Buffer;
}

export interface BlockFile extends ByteSource {
  readonly path: string;
  readonly version: number;
  readonly entries: readonly BlockEntry[];
  readonly gaps: readonly ByteGap[];
  /** Whether the end and its index are there; else the blocks were found by scanning. */
  readonly isFinished: boolean;
  readonly isHeaderDamaged: boolean;
  /** End of the last whole block. */
  readonly endsAt: number;
  /** Offset of the newest manifest, from the end block. */
  readonly manifestAt: number | null;
  /** Null where the block is damaged. */
  payload(entry: BlockEntry): Buffer | null;
  close(): void;
}

/** Opens the container and finds its blocks, without reading their content. */
export function openBlocks(path: string): Result<BlockFile> {
  const opened = openSource(path);
  if (!opened.ok) return opened;
  const { source, close } = opened.value;
  try {
    const found = findBlocks(path, source);
    if (!found.ok) {
      close();
      return found;
    }
    return succeed({
      path,
      sizeBytes: source.sizeBytes,
      read: (offset, length) => source.read(offset, length),
      ...found.value,
      payload: (entry) => payloadOf(source, entry),
      close,
    });
  } catch (error) {
    close();
    return fileProblem(path, error, 'read');
  }
}

export interface FileEnd {
  readonly manifestAt: number;
}

interface OpenSource {
  readonly source: ByteSource;
  readonly close: () => void;
}

/** Opens a regular file: a pipe or a device would block, or never end. */
export function openSource(path: string): Result<OpenSource> {
  let descriptor: number;
  try {
    if (!statSync(path).isFile()) {
      return fail('recording-not-read', `${path} is not a regular file.`, 'Choose the path of a recording.');
    }
    descriptor = openSync(path, 'r');
  } catch (error) {
    return fileProblem(path, error, 'read');
  }
  const source: ByteSource = {
    sizeBytes: fstatSync(descriptor).size,
    read(offset, length) {
      const bytes = Buffer.allocUnsafe(Math.max(0, Math.min(length, source.sizeBytes - offset)));
      let done = 0;
      while (done < bytes.length) {
        const count = readSync(descriptor, bytes, done, bytes.length - done, offset + done);
        if (count === 0) break;
        done += count;
      }
      return bytes.subarray(0, done);
    },
  };
  return succeed({
    source,
    close: () => {
      closeSync(descriptor);
    },
  });
}

type FoundBlocks = Pick<
  BlockFile,
  'version' | 'entries' | 'gaps' | 'isFinished' | 'isHeaderDamaged' | 'endsAt' | 'manifestAt'
>;

export interface CheckedHeader {
  readonly version: number;
  readonly isDamaged: boolean;
}

/** What the first bytes say: whether it is a recording at all, and of a version that we know. */
export function checkHeader(path: string, source: ByteSource): Result<CheckedHeader> {
  if (source.sizeBytes === 0) {
    return fail('recording-empty', `${path} has no content.`, 'Nothing was recorded; remove it.');
  }
  const header = decodeFileHeader(source.read(0, fileHeaderBytes));
  if (header.kind === 'recording') {
    if (header.version <= formatVersion) return succeed({ version: header.version, isDamaged: false });
    return fail(
      'recording-too-new',
      `${path} has version ${header.version} of the recording format; this Corescope knows up to ${formatVersion}.`,
      'Open it with a newer Corescope.',
    );
  }
  // The header is damaged, but a block stands where the first one should.
  if (decodeBlockHeader(source.read(fileHeaderBytes, blockHeaderBytes)) !== null) {
    return succeed({ version: formatVersion, isDamaged: true });
  }
  return header.kind === 'damaged'
    ? fail('recording-damaged', `${path} is damaged from its beginning.`, 'Use a copy, if there is one.')
    : fail('not-a-recording', `${path} is not a Corescope recording.`, 'Choose another file.');
}

function findBlocks(path: string, source: ByteSource): Result<FoundBlocks> {
  const header = checkHeader(path, source);
  if (!header.ok) return header;
  const { version, isDamaged: isHeaderDamaged } = header.value;
  const indexed = readIndex(source);
  const blocks = indexed ?? scanBlocks(source);
  if (blocks.entries.length === 0) {
    return fail(
      'recording-empty',
      `${path} holds no whole block: its writer was stopped at once, or the rest is lost.`,
      'Remove it, or use a copy.',
    );
  }
  return succeed({ version, isHeaderDamaged, ...blocks });
}

/** The blocks by the index at the end; null where there is none or it is damaged. */
function readIndex(source: ByteSource): Omit<FoundBlocks, 'version' | 'isHeaderDamaged'> | null {
  const end = readEnd(source);
  if (end === null) return null;
  const header = decodeBlockHeader(source.read(end.indexAt, blockHeaderBytes));
  if (header?.type !== blockType.index) return null;
  const payload = payloadOf(source, { ...header, offset: end.indexAt });
  if (payload === null || payload.length % indexEntryBytes !== 0) return null;
  const entries: BlockEntry[] = [];
  for (let at = 0; at < payload.length; at += indexEntryBytes) {
    const offset = payload.readDoubleLE(at);
    const block = decodeBlockHeader(payload, at + 8);
    // Forged, for the checksum of the index was right: better to look for oneself.
    if (block === null || !isWithin(offset, block, source.sizeBytes)) return null;
    entries.push({ ...block, offset });
  }
  return { entries, gaps: [], isFinished: true, endsAt: source.sizeBytes, manifestAt: end.manifestAt };
}

/** What the last bytes of a finished file say; null where they are something else. */
export function readEnd(source: ByteSource): { indexAt: number; manifestAt: number } | null {
  const at = source.sizeBytes - endBlockBytes;
  if (at < fileHeaderBytes) return null;
  const header = decodeBlockHeader(source.read(at, blockHeaderBytes));
  if (header?.type !== blockType.end) return null;
  const payload = payloadOf(source, { ...header, offset: at });
  if (payload?.length !== 16) return null;
  return { indexAt: payload.readDoubleLE(0), manifestAt: payload.readDoubleLE(8) };
}

/** A block's payload; null where it, or what stands at `offset`, is damaged. */
export function payloadOf(source: ByteSource, entry: BlockEntry): Buffer | null {
  if (!isWithin(entry.offset, entry, source.sizeBytes)) return null;
  return decodePayload(entry, source.read(entry.offset + blockHeaderBytes, entry.storedBytes));
}

function isWithin(offset: number, block: BlockHeader, sizeBytes: number): boolean {
  return (
    Number.isSafeInteger(offset) &&
    offset >= fileHeaderBytes &&
    offset + blockHeaderBytes + block.storedBytes <= sizeBytes
  );
}

/** Where blocks are missing, the next one is no farther off than the largest block is long. */
const searchBytes = maxBlockBytes + blockHeaderBytes;
const windowBytes = 1024 * 1024;

/** Goes from header to header. Behind damage it looks for the next mark with a sound header. */
function scanBlocks(source: ByteSource): Omit<FoundBlocks, 'version' | 'isHeaderDamaged'> {
  const entries: BlockEntry[] = [];
  const gaps: ByteGap[] = [];
  let at = fileHeaderBytes;
  let endsAt = Math.min(at, source.sizeBytes);
  while (at < source.sizeBytes) {
    const header = decodeBlockHeader(source.read(at, blockHeaderBytes));
    if (header !== null && isWithin(at, header, source.sizeBytes)) {
      if (header.type !== blockType.index && header.type !== blockType.end) {
        entries.push({ ...header, offset: at });
      }
      at += blockHeaderBytes + header.storedBytes;
      endsAt = at;
      continue;
    }
    const next = findMark(source, at + 1);
    gaps.push({ from: at, to: next ?? source.sizeBytes });
    if (next === null) break;
    at = next;
  }
  return { entries, gaps, isFinished: false, endsAt, manifestAt: null };
}

/** The next offset with a sound header; null where there is none within reach. */
function findMark(source: ByteSource, from: number): number | null {
  const last = Math.min(source.sizeBytes, from + searchBytes);
  for (let at = from; at < last; at += windowBytes) {
    // A header that begins in this window may end in the next.
    const window = source.read(at, Math.min(windowBytes, last - at) + blockHeaderBytes);
    for (let place = window.indexOf(blockMark); place !== -1; place = window.indexOf(blockMark, place + 1)) {
      if (decodeBlockHeader(window, place) !== null) return at + place;
    }
  }
  return null;
}
