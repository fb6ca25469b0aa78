import { z } from 'zod';
import type { CommandLinePrivacy, RecordedEntity } from '../../shared/recording.ts';
import type { EntityInfo, EntityKind, EntityOwner } from '../../shared/sample.ts';
import type { SessionMs } from '../../shared/units.ts';
import { decodeJson, encodeJson } from './json-payload.ts';
import { redactCommandLine } from './privacy.ts';

/**
 * Who the rows were. A block has the strings that are new (names, command lines and users repeat), then what has
 * appeared, as columns, and who has gone. A key block has everybody who is there and begins a new dictionary, so
 * that a reader starts at the last one before the moment it is asked about, and neither side's dictionary grows
 * for ever.
 */

const kinds = ['process', 'thread', 'exited-children', 'unattributed'] as const satisfies EntityKind[];
const owners = ['run', 'corescope'] as const satisfies EntityOwner[];

const whole = z.int();
const wholeOrNull = z.int().nullable();
const place = z.int().nonnegative();

const blockShape = z.object({
  strings: z.array(z.string()),
  key: z.array(whole),
  bornMs: z.array(z.number()),
  kind: z.array(z.enum(kinds)),
  pid: z.array(whole),
  tid: z.array(wholeOrNull),
  parentKey: z.array(wholeOrNull),
  rootPid: z.array(whole),
  owner: z.array(z.enum(owners)),
  name: z.array(place),
  commandLine: z.array(place),
  user: z.array(place.nullable()),
  startedUnixMs: z.array(z.number().nullable()),
  gone: z.array(z.tuple([whole, z.number()])),
});
type EntityBlock = z.infer<typeof blockShape>;

export interface EncodedEntities {
  readonly payload: Buffer;
  readonly isKey: boolean;
  readonly startMs: SessionMs;
  readonly endMs: SessionMs;
}

type BornEntity = EntityInfo & { readonly bornMs: SessionMs };

/**
 * Strings of one dictionary. More make key blocks rarer when thousands of short-lived processes have command lines of
 * their own, and take more memory in writer and reader.
 */
const mostStrings = 20_000;

/** Session time between key blocks. Longer saves file size, shorter makes a jump into the middle cheaper. */
const keyEveryMs = 600_000;

/** Keeps book of who is there, and makes the blocks. */
export class EntityLog {
  readonly #privacy: CommandLinePrivacy;
  readonly #alive = new Map<number, BornEntity>();
  #appeared: BornEntity[] = [];
  #gone: [key: number, atMs: SessionMs][] = [];
  #stringIds = new Map<string, number>();
  #lastKeyMs: SessionMs | null = null;

  constructor(privacy: CommandLinePrivacy) {
    this.#privacy = privacy;
  }

  get alive(): ReadonlyMap<number, EntityInfo> {
    return this.#alive;
  }

  get hasNews(): boolean {
    return this.#appeared.length > 0 || this.#gone.length > 0;
  }

  appear(entity: EntityInfo, atMs: SessionMs): void {
    const kept = {
      ...entity,
      commandLine: redactCommandLine(entity.commandLine, this.#privacy),
      bornMs: atMs,
    };
    this.#alive.set(entity.key, kept);
    this.#appeared.push(kept);
  }

  leave(key: number, atMs: SessionMs): void {
    if (this.#alive.delete(key)) this.#gone.push([key, atMs]);
  }

  /** The next key block starts from nothing: after one that could not be written. */
  startOver(): void {
    this.#lastKeyMs = null;
  }

  /** The blocks that say what is new, in the order in which they must be written. */
  take(nowMs: SessionMs): EncodedEntities[] {
    const isKeyDue =
      this.#lastKeyMs === null ||
      nowMs - this.#lastKeyMs >= keyEveryMs ||
      this.#stringIds.size >= mostStrings;
    const blocks: EncodedEntities[] = [];
    // Before a key block too, because that one says nothing of who came and went since the last.
    if (this.hasNews && this.#lastKeyMs !== null) {
      blocks.push(this.#encode(this.#appeared, this.#gone, nowMs, false));
    } else if (this.#lastKeyMs === null && (this.hasNews || this.#alive.size > 0)) {
      // Who left before there was anything to refer to is described in the key block and marked as gone there.
      const left = new Set(this.#gone.map(([key]) => key));
      const everybody = [...this.#appeared.filter(({ key }) => left.has(key)), ...this.#alive.values()];
      blocks.push(this.#encodeKey(everybody, this.#gone, nowMs));
    }
    if (isKeyDue && this.#lastKeyMs !== null && this.#lastKeyMs !== nowMs) {
      blocks.push(this.#encodeKey([...this.#alive.values()], [], nowMs));
    }
    this.#appeared = [];
    this.#gone = [];
    return blocks;
  }

  #encodeKey(
    entities: readonly BornEntity[],
    gone: readonly [number, SessionMs][],
    nowMs: SessionMs,
  ): EncodedEntities {
    this.#stringIds = new Map();
    this.#lastKeyMs = nowMs;
    return this.#encode(entities, gone, nowMs, true);
  }

  #encode(
    entities: readonly BornEntity[],
    gone: readonly [number, SessionMs][],
    nowMs: SessionMs,
    isKey: boolean,
  ): EncodedEntities {
    const strings: string[] = [];
    const idOf = (text: string): number => {
      const known = this.#stringIds.get(text);
      if (known !== undefined) return known;
      const id = this.#stringIds.size;
      this.#stringIds.set(text, id);
      strings.push(text);
      return id;
    };
    const block: EntityBlock = {
      strings,
      key: entities.map(({ key }) => key),
      bornMs: entities.map(({ bornMs }) => bornMs),
      kind: entities.map(({ kind }) => kind),
      pid: entities.map(({ pid }) => pid),
      tid: entities.map(({ tid }) => tid),
      parentKey: entities.map(({ parentKey }) => parentKey),
      rootPid: entities.map(({ rootPid }) => rootPid),
      owner: entities.map(({ owner }) => owner),
      name: entities.map(({ name }) => idOf(name)),
      commandLine: entities.map(({ commandLine }) => idOf(commandLine)),
      user: entities.map(({ user }) => (user === null ? null : idOf(user))),
      startedUnixMs: entities.map(({ startedUnixMs }) => startedUnixMs),
      gone: gone.map(([key, atMs]) => [key, atMs]),
    };
    // A key block tells of the moment it was made; the others also of the time since the block before.
    const times = [...block.bornMs, ...block.gone.map(([, atMs]) => atMs)];
    const startMs = isKey ? nowMs : times.reduce((first, atMs) => Math.min(first, atMs), nowMs);
    return { payload: encodeJson(block), isKey, startMs, endMs: nowMs };
  }
}

/** Puts the blocks together again: who was there, and when. */
export class EntityTable {
  readonly #entities = new Map<number, RecordedEntity>();
  #strings: string[] = [];
  /** Rows whose names were in a block that is lost. */
  lostNames = 0;

  /**
   * `startMs` is the block's. Throws `MalformedBlock` where the payload is not what `EntityLog` wrote.
   */
  add(payload: Uint8Array, isKey: boolean, startMs: SessionMs): void {
    const block = decodeJson(payload, blockShape, 'a block of rows');
    if (isKey) {
      this.#strings = [];
      this.#closeOthers(new Set(block.key), startMs);
    }
    for (const text of block.strings) this.#strings.push(text);
    block.key.forEach((key, index) => {
      const info = this.#infoAt(block, index);
      if (info === null) this.lostNames += 1;
      else this.#entities.set(key, { goneMs: null, ...this.#entities.get(key), ...info });
    });
    for (const [key, atMs] of block.gone) {
      const entity = this.#entities.get(key);
      if (entity !== undefined) this.#entities.set(key, { ...entity, goneMs: atMs });
    }
  }

  get entities(): ReadonlyMap<number, RecordedEntity> {
    return this.#entities;
  }

  /** Who is not in a key block went before it, though the block that said so is lost. */
  #closeOthers(there: ReadonlySet<number>, atMs: SessionMs): void {
    for (const [key, entity] of this.#entities) {
      if (entity.goneMs === null && !there.has(key)) this.#entities.set(key, { ...entity, goneMs: atMs });
    }
  }

  #infoAt(block: EntityBlock, index: number): Omit<RecordedEntity, 'goneMs'> | null {
    const key = block.key[index];
    const bornMs = block.bornMs[index];
    const kind = block.kind[index];
    const pid = block.pid[index];
    const tid = block.tid[index];
    const parentKey = block.parentKey[index];
    const rootPid = block.rootPid[index];
    const owner = block.owner[index];
    const name = this.#strings[block.name[index] ?? -1];
    const commandLine = this.#strings[block.commandLine[index] ?? -1];
    const userId = block.user[index];
    const user = userId === null ? null : this.#strings[userId ?? -1];
    const startedUnixMs = block.startedUnixMs[index];
    if (key === undefined || bornMs === undefined || kind === undefined || pid === undefined) return null;
    if (tid === undefined || parentKey === undefined || rootPid === undefined || owner === undefined)
      return null;
    if (name === undefined || commandLine === undefined || user === undefined) return null;
    if (startedUnixMs === undefined) return null;
    return {
      key,
      bornMs,
      kind,
      pid,
      tid,
      parentKey,
      rootPid,
      owner,
      name,
      commandLine,
      user,
      startedUnixMs,
    };
  }
}
