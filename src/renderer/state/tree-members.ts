import type { EntityInfo, EntityOwner, RowColumns, SampleFrame } from '../../shared/sample.ts';
import type { Bytes, CpuShare } from '../../shared/units.ts';

/**
 * Entities by key, that tell when one of them has come, gone or changed: while none has, and the frames' keys stay,
 * nobody has to look up 5 000 of them again.
 */
export class EntityTable extends Map<number, EntityInfo> {
  /** Goes up with every change. */
  version = 0;

  override set(key: number, entity: EntityInfo): this {
    this.version += 1;
    return super.set(key, entity);
  }

  override delete(key: number): boolean {
    this.version += 1;
    return super.delete(key);
  }

  override clear(): void {
    this.version += 1;
    super.clear();
  }
}

/** A row of a frame, and whose it is. */
export interface Member {
  readonly entity: EntityInfo;
  readonly row: number;
}

/** The rows of one owner. The same object frame after frame, for as long as the same entities have the same rows. */
export interface Membership {
  /** In the order of the frame's rows. */
  readonly members: readonly Member[];
  /** The rows of all members, of those that have CPU time of their own, and of those that have memory of their own. */
  readonly rows: Int32Array;
  readonly cpuRows: Int32Array;
  readonly memoryRows: Int32Array;
  readonly threads: number;
  /** The root that came first; null where there is none. */
  readonly rootKey: number | null;
}

/** Sums over the rows of one owner. A sum with an unknown part is unknown. */
export interface TreeTotals {
  readonly processes: number;
  readonly threads: number;
  readonly cpuShare: CpuShare;
  readonly rssBytes: Bytes;
  readonly pssBytes: Bytes;
}

/** What one frame says of an owner's rows, without making a tree of them. */
export interface Census {
  /** Stands for the tree: the root that came first; null where there is none. */
  readonly rootKey: number | null;
  readonly rowCount: number;
  readonly totals: TreeTotals;
}

const nobody: Membership = membershipOf([]);
export const noTotals: TreeTotals = {
  processes: 0,
  threads: 0,
  cpuShare: Number.NaN,
  rssBytes: Number.NaN,
  pssBytes: Number.NaN,
};

/** Whose rows the frames with these keys have. */
interface Owners {
  readonly keys: Float64Array;
  /** Of the table of entities, where it counts them. */
  version: number | null;
  readonly entities: readonly (EntityInfo | undefined)[];
  readonly byOwner: ReadonlyMap<EntityOwner, Membership>;
}

/**
 * Several look at every frame, and finding whose 5 000 rows they are takes a millisecond: once for each frame, and
 * only where the rows are not those of the frame before.
 */
const ownersOfFrame = new WeakMap<SampleFrame, { readonly entities: Entities; readonly owners: Owners }>();
const newestOwners = new WeakMap<Entities, Owners>();
type Entities = ReadonlyMap<number, EntityInfo>;

/** Rows that nobody has told of are nobody's. */
export function membersOf(entities: Entities, frame: SampleFrame, owner: EntityOwner): Membership {
  const known = ownersOfFrame.get(frame);
  if (known?.entities === entities) return known.owners.byOwner.get(owner) ?? nobody;
  const before = newestOwners.get(entities);
  const owners =
    before !== undefined && isSame(before, entities, frame) ? before : findOwners(entities, frame);
  newestOwners.set(entities, owners);
  ownersOfFrame.set(frame, { entities, owners });
  return owners.byOwner.get(owner) ?? nobody;
}

function isSame(before: Owners, entities: Entities, frame: SampleFrame): boolean {
  if (!isEqualColumn(before.keys, frame.keys)) return false;
  const version = versionOf(entities);
  if (version !== null && version === before.version) return true;
  // An entity that was told anew, after an exec for instance, is another object.
  const isKnown = before.entities.every(
    (entity, row) => entities.get(frame.keys[row] ?? Number.NaN) === entity,
  );
  if (isKnown) before.version = version;
  return isKnown;
}

function versionOf(entities: Entities): number | null {
  return entities instanceof EntityTable ? entities.version : null;
}

/** Number by number; NaN is equal to nothing. */
export function isEqualColumn(one: Float64Array, other: Float64Array): boolean {
  if (one.length !== other.length) return false;
  for (let row = 0; row < one.length; row += 1) if (one[row] !== other[row]) return false;
  return true;
}

function findOwners(entities: Entities, frame: SampleFrame): Owners {
  const found: (EntityInfo | undefined)[] = [];
  const byOwner = new Map<EntityOwner, Member[]>();
  for (let row = 0; row < frame.keys.length; row += 1) {
    const entity = entities.get(frame.keys[row] ?? Number.NaN);
    found.push(entity);
    if (entity === undefined) continue;
    const members = byOwner.get(entity.owner);
    if (members === undefined) byOwner.set(entity.owner, [{ entity, row }]);
    else members.push({ entity, row });
  }
  return {
    // A copy: the columns of a frame share one buffer, which would be kept for the sake of one of them.
    keys: frame.keys.slice(),
    version: versionOf(entities),
    entities: found,
    byOwner: new Map([...byOwner].map(([owner, members]) => [owner, membershipOf(members)])),
  };
}

/**
 * Threads are left out of the sums: their CPU and memory are in their process's figures already. What exited
 * children used, and what nobody accounts for, is CPU time of its own.
 */
function membershipOf(members: readonly Member[]): Membership {
  const rowsOf = (chosen: readonly Member[]): Int32Array => Int32Array.from(chosen, ({ row }) => row);
  const cpuMembers = members.filter(({ entity }) => entity.kind !== 'thread');
  let rootKey: number | null = null;
  for (const { entity } of members) {
    if (entity.parentKey === null && (rootKey === null || entity.key < rootKey)) rootKey = entity.key;
  }
  return {
    members,
    rows: rowsOf(members),
    cpuRows: rowsOf(cpuMembers),
    memoryRows: rowsOf(cpuMembers.filter(({ entity }) => entity.kind === 'process')),
    threads: members.length - cpuMembers.length,
    rootKey,
  };
}

/** Of a frame: it is counted, and then shown as a tree. */
const knownTotals = new WeakMap<Summed, { readonly membership: Membership; readonly totals: TreeTotals }>();
type Summed = Pick<RowColumns, 'cpuShare' | 'rssBytes' | 'pssBytes'>;

export function totalsOf(membership: Membership, frame: Summed): TreeTotals {
  const { cpuRows, memoryRows, threads } = membership;
  if (memoryRows.length === 0) return { ...noTotals, threads };
  const known = knownTotals.get(frame);
  if (known?.membership === membership) return known.totals;
  const totals = {
    processes: memoryRows.length,
    threads,
    cpuShare: sumOver(cpuRows, frame.cpuShare),
    rssBytes: sumOver(memoryRows, frame.rssBytes),
    pssBytes: sumOver(memoryRows, frame.pssBytes),
  };
  knownTotals.set(frame, { membership, totals });
  return totals;
}

function sumOver(rows: Int32Array, column: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at += 1) sum += column[rows[at] ?? -1] ?? Number.NaN;
  return sum;
}

export function takeCensus(entities: Entities, frame: SampleFrame, owner: EntityOwner): Census {
  const membership = membersOf(entities, frame, owner);
  const { rootKey, members } = membership;
  return { rootKey, rowCount: members.length, totals: totalsOf(membership, frame) };
}
