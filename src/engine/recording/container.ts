import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * The container: a file header, then blocks that are only ever appended, each with its length, its span of time and
 * two checksums. docs/recording-format.md has the byte layout.
 */

export const formatVersion = 1;

/** Like PNG's: the high bit and the line ends show when something has treated the file as text. */
const fileMagic = Buffer.from([0x89, 0x43, 0x53, 0x52, 0x45, 0x43, 0x0d, 0x0a]);
export const fileHeaderBytes = 16;

/** `CSBK`, by which a reader finds its way again behind damage. */
export const blockMark = Buffer.from('CSBK', 'latin1');
export const blockHeaderBytes = 48;

/** More than any writer makes (about 1 MiB). Larger would let a forged length reserve more memory. */
export const maxBlockBytes = 64 * 1024 * 1024;

export const blockType = {
  manifest: 1,
  topology: 2,
  entities: 3,
  frames: 4,
  events: 5,
  overview: 6,
  index: 7,
  end: 8,
} as const;
export type BlockType = (typeof blockType)[keyof typeof blockType];

const knownTypes: ReadonlySet<number> = new Set(Object.values(blockType));

const deflatedFlag = 1;
const keyFlag = 2;

export interface BlockHeader {
  /** One of `blockType`; others come from later versions and are passed over. */
  readonly type: number;
  /** Can be decoded without the blocks of its type before it. */
  readonly isKey: boolean;
  readonly isDeflated: boolean;
  /** Zoom level of an overview block, 0 for the others. */
  readonly level: number;
  readonly storedBytes: number;
  readonly rawBytes: number;
  /** NaN where the block has no time of its own. */
  readonly startMs: number;
  readonly endMs: number;
  /** Number of the block among those of its type and level, from 0: a gap shows that one is missing. */
  readonly sequence: number;
  readonly payloadCrc: number;
}

export type NewBlock = Pick<BlockHeader, 'type' | 'startMs' | 'endMs' | 'sequence'> & {
  readonly payload: Uint8Array;
  readonly isKey?: boolean;
  readonly level?: number;
};

/** `version` 1 is what this Corescope writes; the parameter is there for tests of files from the future. */
export function encodeFileHeader(version: number = formatVersion): Buffer {
  const header = Buffer.alloc(fileHeaderBytes);
  fileMagic.copy(header, 0);
  header.writeUInt32LE(version, 8);
  header.writeUInt32LE(crc32(header.subarray(0, 12)), 12);
  return header;
}

export type FileHeader =
  { readonly kind: 'recording'; readonly version: number } | { readonly kind: 'other' | 'damaged' };

export function decodeFileHeader(bytes: Uint8Array): FileHeader {
  const header = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (header.length < fileMagic.length || !header.subarray(0, fileMagic.length).equals(fileMagic)) {
    return { kind: 'other' };
  }
  if (header.length < fileHeaderBytes) return { kind: 'damaged' };
  if (header.readUInt32LE(12) !== crc32(header.subarray(0, 12))) return { kind: 'damaged' };
  return { kind: 'recording', version: header.readUInt32LE(8) };
}

/** Below this deflate costs more bytes and time than it saves. */
const leastDeflatedBytes = 128;

/** A whole block, ready to be appended. */
export function encodeBlock(block: NewBlock): Buffer {
  const { payload } = block;
  if (payload.length > maxBlockBytes) throw new RangeError(`a block of ${payload.length} bytes is too long`);
  // Level 1: on these columns level 6 takes five times as long and saves a tenth.
  const deflated = payload.length < leastDeflatedBytes ? null : deflateRawSync(payload, { level: 1 });
  const stored = deflated !== null && deflated.length < payload.length ? deflated : payload;
  const bytes = Buffer.alloc(blockHeaderBytes + stored.length);
  blockMark.copy(bytes, 0);
  bytes.writeUInt8(block.type, 4);
  bytes.writeUInt8((stored === deflated ? deflatedFlag : 0) | (block.isKey === true ? keyFlag : 0), 5);
  bytes.writeUInt16LE(block.level ?? 0, 6);
  bytes.writeUInt32LE(stored.length, 8);
  bytes.writeUInt32LE(payload.length, 12);
  bytes.writeDoubleLE(block.startMs, 16);
  bytes.writeDoubleLE(block.endMs, 24);
  bytes.writeUInt32LE(block.sequence, 32);
  bytes.writeUInt32LE(0, 36);
  bytes.writeUInt32LE(crc32(stored), 40);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 44)), 44);
  bytes.set(stored, blockHeaderBytes);
  return bytes;
}

/** Null where no whole and undamaged header stands at `offset`. */
export function decodeBlockHeader(bytes: Buffer, offset = 0): BlockHeader | null {
  if (offset + blockHeaderBytes > bytes.length) return null;
  if (bytes.compare(blockMark, 0, 4, offset, offset + 4) !== 0) return null;
  if (bytes.readUInt32LE(offset + 44) !== crc32(bytes.subarray(offset, offset + 44))) return null;
  const flags = bytes.readUInt8(offset + 5);
  const storedBytes = bytes.readUInt32LE(offset + 8);
  const rawBytes = bytes.readUInt32LE(offset + 12);
  if (storedBytes > maxBlockBytes || rawBytes > maxBlockBytes) return null;
  return {
    type: bytes.readUInt8(offset + 4),
    isKey: (flags & keyFlag) !== 0,
    isDeflated: (flags & deflatedFlag) !== 0,
    level: bytes.readUInt16LE(offset + 6),
    storedBytes,
    rawBytes,
    startMs: bytes.readDoubleLE(offset + 16),
    endMs: bytes.readDoubleLE(offset + 24),
    sequence: bytes.readUInt32LE(offset + 32),
    payloadCrc: bytes.readUInt32LE(offset + 40),
  };
}

export function isKnownType(type: number): type is BlockType {
  return knownTypes.has(type);
}

/** The payload as it was before it was stored; null where it is damaged. Never makes more than `rawBytes`. */
export function decodePayload(header: BlockHeader, stored: Uint8Array): Buffer | null {
  if (stored.length !== header.storedBytes || crc32(stored) !== header.payloadCrc) return null;
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  if (!header.isDeflated) return bytes.length === header.rawBytes ? bytes : null;
  try {
    const raw = inflateRawSync(bytes, { maxOutputLength: Math.max(1, header.rawBytes) });
    return raw.length === header.rawBytes ? raw : null;
  } catch {
    return null;
  }
}
