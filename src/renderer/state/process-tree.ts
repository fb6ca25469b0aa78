import type { WorkerInfo } from '../../shared/experiment-event.ts';
import type { EntityInfo, EntityKind, EntityOwner, SampleFrame } from '../../shared/sample.ts';
import type { EntityDetail, EntityDetails } from './entity-details.ts';
import { membersOf, noTotals, totalsOf, type Membership, type TreeTotals } from './tree-members.ts';

/** A row of the process tree: where its numbers stand, and not what they are. */
export interface TreeNode {
  readonly entity: EntityInfo;
  /** The worker's name where this process or thread carries a share of the work. */
  readonly workerName: string | null;
  /** Its entry in the columns of the tree's frame. */
  readonly row: number;
  readonly detail: EntityDetail | undefined;
}

/**
 * The rows of a tree from the top: a parent before all that is below it, siblings in the order in which they were
 * first seen. A place is an index into all of these; whatever is summed up or kept from below is one pass backwards.
 */
export interface TreeShape {
  readonly nodes: readonly TreeNode[];
  /** The entry of each in the columns of the tree's frame. */
  readonly rows: Int32Array;
  /** The place of the row that each hangs under; -1 at the top. */
  readonly parents: Int32Array;
  /** 0 at the top. */
  readonly depths: Int32Array;
  /** Rows of each branch, its own included: 1 where nothing is below. */
  readonly sizes: Int32Array;
}

export interface ProcessTree {
  /** Where the numbers are; null in a tree without rows. */
  readonly frame: SampleFrame | null;
  /** The same object for as long as the same rows are there. */
  readonly shape: TreeShape;
  /** Of all depths. */
  readonly rowCount: number;
  readonly totals: TreeTotals;
}

export const noTree: ProcessTree = { frame: null, shape: shapeOf([]), rowCount: 0, totals: noTotals };

/** Under its parent, a row that stands for CPU time and not for a process comes last. */
const rankOfKind: Readonly<Record<EntityKind, number>> = {
  process: 0,
  thread: 0,
  'exited-children': 1,
  unattributed: 2,
};

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

type GrowingNode = TreeNode & { detail: EntityDetail | undefined };

/**
 * Makes the tree of one frame after the other. While the same rows are there as before, the shape stays. Only what is
 * told of a row in detail is put in anew.
 */
export class TreeGrower {
  readonly #owner: EntityOwner;
  #membership: Membership | null = null;
  #workers: readonly WorkerInfo[] = [];
  #nodes = new Map<number, GrowingNode>();
  #shape = noTree.shape;

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
    const membership = membersOf(entities, frame, this.#owner);
    if (membership.members.length === 0) return noTree;
    if (workers === this.#workers && membership === this.#membership) {
      for (const { detailKeys } of batch) {
        for (const key of detailKeys) {
          const node = this.#nodes.get(key);
          if (node !== undefined) node.detail = details.of(key);
        }
      }
    } else {
      this.#membership = membership;
      this.#workers = workers;
      this.#plant(membership, details);
    }
    return {
      frame,
      shape: this.#shape,
      rowCount: membership.members.length,
      totals: totalsOf(membership, frame),
    };
  }

  #plant({ members }: Membership, details: Pick<EntityDetails, 'of'>): void {
    const sorted = members.toSorted(
      (one, other) =>
        rankOfKind[one.entity.kind] - rankOfKind[other.entity.kind] || one.entity.key - other.entity.key,
    );
    const workerOf = workerFinder(this.#workers);
    this.#nodes = new Map();
    for (const { entity, row } of sorted) {
      const detail = details.of(entity.key);
      this.#nodes.set(entity.key, { entity, workerName: workerOf(entity), row, detail });
    }
    this.#shape = shapeOf([...this.#nodes.values()]);
  }
}

/** `nodes` with siblings in their order, and otherwise in any. */
function shapeOf(nodes: readonly TreeNode[]): TreeShape {
  const indexOfKey = new Map(nodes.map(({ entity }, index) => [entity.key, index]));
  // A child whose parent has ended hangs at the top rather than nowhere.
  const parentIndices = Int32Array.from(
    nodes,
    ({ entity }) => indexOfKey.get(entity.parentKey ?? Number.NaN) ?? -1,
  );
  const indices = preOrder(
    parentIndices,
    nodes.map((_, index) => index),
  );
  const placeOfIndex = new Int32Array(nodes.length);
  indices.forEach((index, place) => (placeOfIndex[index] = place));
  const parents = indices.map((index) => placeOfIndex[parentIndices[index] ?? -1] ?? -1);
  const depths = new Int32Array(indices.length);
  const sizes = new Int32Array(indices.length).fill(1);
  parents.forEach((parent, place) => (depths[place] = (depths[parent] ?? -1) + 1));
  for (let place = parents.length - 1; place >= 0; place -= 1) {
    const parent = parents[place] ?? -1;
    if (parent >= 0) sizes[parent] = (sizes[parent] ?? 0) + (sizes[place] ?? 0);
  }
  const ordered = Array.from(indices, (index) => nodes[index]).filter(isThere);
  return { nodes: ordered, rows: Int32Array.from(ordered, ({ row }) => row), parents, depths, sizes };
}

function isThere<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}

/**
 * All rows, parents before what is below them, siblings as in `ranked`. Without recursion: a chain of processes that
 * start one another is as deep as somebody likes it to be.
 */
export function preOrder(parents: Int32Array, ranked: ArrayLike<number>): Int32Array {
  // Siblings as linked lists, the last one first; the place after all others is the top.
  const top = parents.length;
  const lastBelow = new Int32Array(top + 1).fill(-1);
  const before = new Int32Array(top).fill(-1);
  for (let rank = 0; rank < top; rank += 1) {
    const at = ranked[rank] ?? -1;
    const parent = parents[at] ?? -1;
    const list = parent === -1 ? top : parent;
    before[at] = lastBelow[list] ?? -1;
    lastBelow[list] = at;
  }
  const ordered = new Int32Array(top);
  const open = new Int32Array(top);
  let openCount = 0;
  let count = 0;
  let at = top;
  for (;;) {
    for (let child = lastBelow[at] ?? -1; child !== -1; child = before[child] ?? -1)
      open[openCount++] = child;
    if (openCount === 0) return ordered.subarray(0, count);
    openCount -= 1;
    at = open[openCount] ?? -1;
    ordered[count] = at;
    count += 1;
  }
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
