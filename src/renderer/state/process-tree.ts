import type { WorkerInfo } from '../../shared/experiment-event.ts';
import type { EntityInfo, EntityKind, EntityOwner, SampleFrame } from '../../shared/sample.ts';
import type { Bytes, CpuShare } from '../../shared/units.ts';

/** One line of the process table. Numbers are NaN where they are unknown. */
export interface TreeRow {
  readonly key: number;
  /** 0 for the root of a tree. */
  readonly depth: number;
  readonly kind: EntityKind;
  readonly label: string;
  /** The worker's name where this process or thread carries a share of the work. */
  readonly workerName: string | null;
  readonly commandLine: string;
  readonly pid: number;
  readonly tid: number | null;
  readonly cpuShare: CpuShare;
  readonly rssBytes: Bytes;
  readonly pssBytes: Bytes;
}

/** Sums over the processes of one owner. A sum with an unknown part is unknown. */
export interface TreeTotals {
  readonly processes: number;
  readonly threads: number;
  readonly cpuShare: CpuShare;
  readonly rssBytes: Bytes;
  readonly pssBytes: Bytes;
}

export interface ProcessTree {
  readonly rows: readonly TreeRow[];
  readonly totals: TreeTotals;
}

/**
 * The rows of one owner's processes and named threads, parents before children, siblings in the order in which
 * they were first seen. Rows without a sample in this frame are left out: they have ended.
 */
export function buildProcessTree(
  entities: ReadonlyMap<number, EntityInfo>,
  frame: SampleFrame,
  owner: EntityOwner,
  workers: readonly WorkerInfo[],
): ProcessTree {
  const rowIndex = new Map<number, number>();
  frame.keys.forEach((key, index) => {
    if (entities.get(key)?.owner === owner) rowIndex.set(key, index);
  });

  const childrenOf = new Map<number | null, EntityInfo[]>();
  for (const key of [...rowIndex.keys()].sort((a, b) => a - b)) {
    const entity = entities.get(key);
    if (entity === undefined) continue;
    // A child whose parent has ended hangs at the top rather than nowhere.
    const parent = entity.parentKey !== null && rowIndex.has(entity.parentKey) ? entity.parentKey : null;
    const siblings = childrenOf.get(parent);
    if (siblings === undefined) childrenOf.set(parent, [entity]);
    else siblings.push(entity);
  }

  const rows: TreeRow[] = [];
  const visit = (parent: number | null, depth: number): void => {
    for (const entity of childrenOf.get(parent) ?? []) {
      rows.push(toRow(entity, depth, frame, rowIndex.get(entity.key) ?? -1, workers));
      visit(entity.key, depth + 1);
    }
  };
  visit(null, 0);
  return { rows, totals: sumRows(rows) };
}

function toRow(
  entity: EntityInfo,
  depth: number,
  frame: SampleFrame,
  index: number,
  workers: readonly WorkerInfo[],
): TreeRow {
  const worker = workers.find(
    ({ pid, tid }) =>
      pid === entity.pid && (entity.kind === 'thread' ? tid === entity.tid : tid === null || tid === pid),
  );
  return {
    key: entity.key,
    depth,
    kind: entity.kind,
    label: entity.name,
    workerName: worker?.name ?? null,
    commandLine: entity.commandLine,
    pid: entity.pid,
    tid: entity.tid,
    cpuShare: frame.cpuShare[index] ?? Number.NaN,
    rssBytes: frame.rssBytes[index] ?? Number.NaN,
    pssBytes: frame.pssBytes[index] ?? Number.NaN,
  };
}

/** Threads are left out of the sums: their CPU and memory are in their process's figures already. */
function sumRows(rows: readonly TreeRow[]): TreeTotals {
  const processes = rows.filter(({ kind }) => kind === 'process');
  const threads = rows.filter(({ kind }) => kind === 'thread');
  const sum = (pick: (row: TreeRow) => number): number =>
    processes.length === 0 ? Number.NaN : processes.reduce((total, row) => total + pick(row), 0);
  return {
    processes: processes.length,
    threads: threads.length,
    cpuShare: sum((row) => row.cpuShare),
    rssBytes: sum((row) => row.rssBytes),
    pssBytes: sum((row) => row.pssBytes),
  };
}
