import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { succeed, type Result } from '../../shared/result.ts';
import {
  blockHeaderBytes,
  blockType,
  encodeBlock,
  encodeFileHeader,
  fileHeaderBytes,
  maxBlockBytes,
  type NewBlock,
} from './container.ts';
import { fileProblem } from './file-problem.ts';
import { acquireLock, type RecordingLock } from './lock.ts';

/** The calls that can fail for want of room; tests put in their own. */
export interface FileOperations {
  write(descriptor: number, bytes: Uint8Array, position: number): number;
}

const realFile: FileOperations = {
  write: (descriptor, bytes, position) => writeSync(descriptor, bytes, 0, bytes.length, position),
};

/** An index entry: where the block stands (f64), and its header once more. */
export const indexEntryBytes = 8 + blockHeaderBytes;

/** What is known of a file that is gone on with. */
export interface ExistingBlocks {
  /** End of the last whole block: what stands behind it is cut off. */
  readonly endsAt: number;
  readonly entries: Uint8Array;
  readonly manifestAt: number;
  readonly nextSequences: ReadonlyMap<string, number>;
}

/**
 * Appends blocks to a file that nobody else writes. A block that cannot be written leaves no trace: the file ends
 * with the block before it, and the next one is written in its place.
 *
 * Writing is synchronous: a block a second goes to the page cache in some 50 µs, and nothing can be lost between
 * "written" and "on its way". A kernel that stalls on the disk stalls the recorder with it, not the sampler.
 */
export class BlockWriter {
  readonly path: string;
  readonly #descriptor: number;
  readonly #lock: RecordingLock;
  readonly #file: FileOperations;
  #position: number;
  #entries: Buffer;
  #entriesLength: number;
  #manifestAt: number;
  readonly #nextSequences: Map<string, number>;

  private constructor(
    path: string,
    descriptor: number,
    lock: RecordingLock,
    file: FileOperations,
    existing: ExistingBlocks,
  ) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#lock = lock;
    this.#file = file;
    this.#position = existing.endsAt;
    this.#entriesLength = existing.entries.length;
    this.#entries = Buffer.alloc(existing.entries.length + 64 * indexEntryBytes);
    this.#entries.set(existing.entries);
    this.#manifestAt = existing.manifestAt;
    this.#nextSequences = new Map(existing.nextSequences);
  }

  /** A new file, for the owner's eyes only: command lines may tell more than others should know. */
  static create(path: string, file: FileOperations = realFile): Result<BlockWriter> {
    const lock = acquireLock(path);
    if (!lock.ok) return lock;
    let descriptor: number | null = null;
    try {
      descriptor = openSync(path, 'wx', 0o600);
      const none = { endsAt: 0, entries: new Uint8Array(0), manifestAt: 0, nextSequences: new Map() };
      const writer = new BlockWriter(path, descriptor, lock.value, file, none);
      writer.#put(encodeFileHeader());
      return succeed(writer);
    } catch (error) {
      if (descriptor !== null) {
        closeSync(descriptor);
        unlinkSync(path);
      }
      lock.value.release();
      return fileProblem(path, error, 'written');
    }
  }

  /** Goes on with a file. `look` is called when it is locked, and says what stands in it. */
  static resume(path: string, look: () => Result<ExistingBlocks>): Result<BlockWriter> {
    const lock = acquireLock(path);
    if (!lock.ok) return lock;
    const existing = look();
    if (!existing.ok) {
      lock.value.release();
      return existing;
    }
    try {
      const descriptor = openSync(path, 'r+');
      if (existing.value.endsAt < fstatSync(descriptor).size)
        ftruncateSync(descriptor, existing.value.endsAt);
      return succeed(new BlockWriter(path, descriptor, lock.value, realFile, existing.value));
    } catch (error) {
      lock.value.release();
      return fileProblem(path, error, 'written');
    }
  }

  get sizeBytes(): number {
    return this.#position;
  }

  append(block: Omit<NewBlock, 'sequence'>): Result<void> {
    const sequenceKey = `${block.type}/${block.level ?? 0}`;
    const sequence = this.#nextSequences.get(sequenceKey) ?? 0;
    // Counted whether or not it gets there: the gap tells the reader that something is missing.
    this.#nextSequences.set(sequenceKey, sequence + 1);
    const bytes = encodeBlock({ ...block, sequence });
    const at = this.#position;
    try {
      this.#put(bytes);
    } catch (error) {
      return fileProblem(this.path, error, 'written');
    }
    this.#remember(at, bytes);
    if (block.type === blockType.manifest) this.#manifestAt = at;
    return succeed(undefined);
  }

  /** Writes index and end, and gives the file back. It is closed whatever the result. */
  finish(): Result<void> {
    const timeless = { startMs: Number.NaN, endMs: Number.NaN };
    const entries = this.#entries.subarray(0, this.#entriesLength);
    const indexAt = this.#position;
    const end = Buffer.alloc(16);
    end.writeDoubleLE(indexAt, 0);
    end.writeDoubleLE(this.#manifestAt, 8);
    // After two weeks the index is larger than a block may be: readers then scan, which takes them a second a week.
    const hasRoom = entries.length <= maxBlockBytes;
    let result: Result<void> = succeed(undefined);
    if (hasRoom) result = this.append({ type: blockType.index, ...timeless, payload: entries });
    if (hasRoom && result.ok) result = this.append({ type: blockType.end, ...timeless, payload: end });
    try {
      fdatasyncSync(this.#descriptor);
    } catch (error) {
      if (result.ok) result = fileProblem(this.path, error, 'written');
    }
    this.abandon();
    return result;
  }

  /** Closes the file as it is. Without an index it opens more slowly, and as well. */
  abandon(): void {
    closeSync(this.#descriptor);
    this.#lock.release();
  }

  #put(bytes: Uint8Array): void {
    let done = 0;
    try {
      while (done < bytes.length) {
        // A disk that fills up takes a part first, and refuses at the next attempt.
        const written = this.#file.write(this.#descriptor, bytes.subarray(done), this.#position + done);
        if (written === 0) throw new Error('the system wrote nothing');
        done += written;
      }
    } catch (error) {
      // A torn block would also be recognised by its checksum; without it there is nothing to complain about.
      if (done > 0) cutOff(this.#descriptor, this.#position);
      throw error;
    }
    this.#position += bytes.length;
  }

  #remember(at: number, bytes: Buffer): void {
    if (this.#entriesLength + indexEntryBytes > this.#entries.length) {
      const grown = Buffer.alloc(this.#entries.length * 2);
      grown.set(this.#entries);
      this.#entries = grown;
    }
    this.#entries.writeDoubleLE(at, this.#entriesLength);
    this.#entries.set(bytes.subarray(0, blockHeaderBytes), this.#entriesLength + 8);
    this.#entriesLength += indexEntryBytes;
  }
}

function cutOff(descriptor: number, length: number): void {
  try {
    ftruncateSync(descriptor, length);
  } catch {
    // The torn end stays, and readers pass over it.
  }
}

export const endBlockBytes = blockHeaderBytes + 16;
export const firstBlockAt = fileHeaderBytes;
