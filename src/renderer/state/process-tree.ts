import type { WorkerInfo } from '../../shared/experiment-event.ts';
import type { EntityInfo, EntityKind, EntityOwner, RowColumns, SampleFrame } from '../../shared/sample.ts';
import type { Bytes, CpuShare } from '../../shared/units.ts';
import type { EntityDetail, EntityDetails } from './entity-details.ts';

/** A row of the process tree at one instant, with the rows below it. */
export interface TreeNode {
  readonly entity: EntityInfo;
  /** The worker's name where this process or thread carries a share of the work. */
  readonly workerName: string | null;
  /** Its entry in the columns of the tree's frame. */
  readonly row: number;
  readonly detail: EntityDetail | undefined;
  readonly children: readonly TreeNode[];
}

/** Sums over the rows of one owner. A sum with an unknown part is unknown. */
export interface TreeTotals {
  readonly processes: number;
  readonly threads: number;
  readonly cpuShare: CpuShare;
  readonly rssBytes: Bytes;
  readonly pssBytes: Bytes;
}

export interface ProcessTree {
  /** Where the numbers are; null in a tree without rows. */
  readonly frame: SampleFrame | null;
  readonly roots: readonly TreeNode[];
  /** Of all depths. */
  readonly rowCount: number;
  readonly totals: TreeTotals;
}

/** What one frame says of an owner's rows, without making a tree of them. */
export interface Census {
  /** Stands for the tree: the root that came first; null where there is none. */
  readonly rootKey: number | null;
  readonly rowCount: number;
  readonly totals: TreeTotals;
}

export const noTree: ProcessTree = {
  frame: null,
  roots: [],
  rowCount: 0,
  totals: totalsOf([], emptyColumns()),
};

/** Under its parent, a row that stands for CPU time and not for a process comes last. */
const rankOfKind: Readonly<Record<EntityKind, number>> = {
  process: 0,
  thread: 0,
  'exited-children': 1,
  unattributed: 2,
};

export function takeCensus(
  entities: ReadonlyMap<number, EntityInfo>,
  frame: SampleFrame,
  owner: EntityOwner,
): Census {
  const members = membersOf(entities, frame, owner);
  let rootKey: number | null = null;
  for (const { entity } of members) {
    if (entity.parentKey !== null) continue;
    if (rootKey === null || entity.key < rootKey) rootKey = entity.key;
  }
  return { rootKey, rowCount: members.length, totals: totalsOf(members, frame) };
}

/**
 * The rows of one owner's processes and named threads, siblings in the order in which they were first seen. Rows
 * without a sample in this frame are left out: they have ended.
 */
export function buildProcessTree(
  entities: ReadonlyMap<number, EntityInfo>,
  details: Pick<EntityDetails, 'of'>,
  frame: SampleFrame,
  owner: EntityOwner,
  workers: readonly WorkerInfo[],
): ProcessTree {
  return new TreeGrower(owner).grow(entities, details, frame, workers);
}

type GrowingNode = TreeNode & { readonly children: GrowingNode[]; detail: EntityDetail | undefined };

/**
 * Makes the tree of one frame after the other. While the same rows are there as before, the nodes stay: they say
 * where a row's numbers stand, not what they are. Only what is told of a row in detail is put in anew.
 */
export class TreeGrower {
  readonly #owner: EntityOwner;
  #members: readonly Member[] = [];
  #workers: readonly WorkerInfo[] = [];
  #nodes = new Map<number, GrowingNode>();
  #roots: readonly GrowingNode[] = [];

  constructor(owner: EntityOwner) {
    this.#owner = owner;
  }

  /** `batch`: all frames since the last tree was grown, whose details may not have been looked at yet. */
  grow(
    entities: ReadonlyMap<number, EntityInfo>,
    details: Pick<EntityDetails, 'of'>,
    frame: SampleFrame,
    workers: readonly WorkerInfo[],
    batch: readonly SampleFrame[] = [frame],
  ): ProcessTree {
    const members = membersOf(entities, frame, this.#owner);
    if (members.length === 0) return noTree;
    if (workers === this.#workers && isSameMembers(members, this.#members)) {
      for (const { detailKeys } of batch) {
        for (const key of detailKeys) {
          const node = this.#nodes.get(key);
          if (node !== undefined) node.detail = details.of(key);
        }
      }
    } else {
      this.#members = members;
      this.#workers = workers;
      this.#plant(details);
    }
    return { frame, roots: this.#roots, rowCount: members.length, totals: totalsOf(members, frame) };
  }

  #plant(details: Pick<EntityDetails, 'of'>): void {
    const sorted = [...this.#members].sort(
      (one, other) =>
        rankOfKind[one.entity.kind] - rankOfKind[other.entity.kind] || one.entity.key - other.entity.key,
    );
    const workerOf = workerFinder(this.#workers);
    const nodes = new Map<number, GrowingNode>();
    for (const { entity, row } of sorted) {
      const detail = details.of(entity.key);
      nodes.set(entity.key, { entity, workerName: workerOf(entity), row, detail, children: [] });
    }
    const roots: GrowingNode[] = [];
    for (const node of nodes.values()) {
      const { parentKey } = node.entity;
      // A child whose parent has ended hangs at the top rather than nowhere.
      const siblings = parentKey === null ? roots : (nodes.get(parentKey)?.children ?? roots);
      siblings.push(node);
    }
    this.#nodes = nodes;
    this.#roots = roots;
  }
}

function isSameMembers(one: readonly Member[], other: readonly Member[]): boolean {
  if (one.length !== other.length) return false;
  return one.every(({ entity, row }, at) => {
    const before = other[at];
    return before?.entity === entity && before.row === row;
  });
}

/** A row of a frame, and whose it is. */
export interface Member {
  readonly entity: EntityInfo;
  readonly row: number;
}

interface Membership {
  readonly entities: ReadonlyMap<number, EntityInfo>;
  readonly byOwner: ReadonlyMap<EntityOwner, readonly Member[]>;
}

/** Several look at every frame, and finding whose 5 000 rows they are takes half a millisecond: once is enough. */
const memberships = new WeakMap<SampleFrame, Membership>();

/** Rows that nobody has told of are nobody's. */
export function membersOf(
  entities: ReadonlyMap<number, EntityInfo>,
  frame: SampleFrame,
  owner: EntityOwner,
): readonly Member[] {
  let membership = memberships.get(frame);
  if (membership?.entities !== entities) {
    const byOwner = new Map<EntityOwner, Member[]>();
    for (let row = 0; row < frame.keys.length; row += 1) {
      const entity = entities.get(frame.keys[row] ?? Number.NaN);
      if (entity === undefined) continue;
      const members = byOwner.get(entity.owner);
      if (members === undefined) byOwner.set(entity.owner, [{ entity, row }]);
      else members.push({ entity, row });
    }
    membership = { entities, byOwner };
    memberships.set(frame, membership);
  }
  return membership.byOwner.get(owner) ?? [];
}

/** By the process, and the thread where the worker is one; without a tid, or with the leader's, it is the process. */
export function workerFinder(workers: readonly WorkerInfo[]): (entity: EntityInfo) => string | null {
  const names = new Map<string, string>();
  for (const { pid, tid, name } of workers) {
    const place = tid === null || tid === pid ? `${pid}` : `${pid}/${tid}`;
    if (!names.has(place)) names.set(place, name);
  }
  return ({ kind, pid, tid }) => {
    if (kind === 'process') return names.get(`${pid}`) ?? null;
    return kind === 'thread' ? (names.get(`${pid}/${tid}`) ?? null) : null;
  };
}

/**
 * Threads are left out of the sums: their CPU and memory are in their process's figures already. What exited
 * children used, and what nobody accounts for, is CPU time of its own.
 */
function totalsOf(members: readonly Member[], columns: Pick<RowColumns, SummedColumn>): TreeTotals {
  let processes = 0;
  let threads = 0;
  const sums = { cpuShare: 0, rssBytes: 0, pssBytes: 0 };
  for (const { entity, row } of members) {
    if (entity.kind === 'thread') {
      threads += 1;
      continue;
    }
    sums.cpuShare += columns.cpuShare[row] ?? Number.NaN;
    if (entity.kind !== 'process') continue;
    processes += 1;
    sums.rssBytes += columns.rssBytes[row] ?? Number.NaN;
    sums.pssBytes += columns.pssBytes[row] ?? Number.NaN;
  }
  if (processes > 0) return { processes, threads, ...sums };
  return { processes, threads, cpuShare: Number.NaN, rssBytes: Number.NaN, pssBytes: Number.NaN };
}

type SummedColumn = 'cpuShare' | 'rssBytes' | 'pssBytes';

function emptyColumns(): Pick<RowColumns, SummedColumn> {
  const empty = new Float64Array();
  return { cpuShare: empty, rssBytes: empty, pssBytes: empty };
}
