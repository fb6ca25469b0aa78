import type { CoreTopology, LogicalCore, UsableCores } from '../../shared/topology.ts';
import type { HeatRow, RowGap } from '../drawing/heat-rows.ts';

/** A row of the heatmap with what is written beside it. */
export interface CoreRow extends HeatRow {
  readonly label: string;
  /** Neighbours with the same group share one bracket; null where the machine has only one group. */
  readonly group: string | null;
  /** Whether the watched work may run there. */
  readonly usable: boolean;
  /** What is known of the core's place in the machine, for the tooltip: name and value. */
  readonly facts: readonly (readonly [name: string, value: string])[];
}

/** Rows that stand together under one name. */
export interface RowGroup {
  readonly name: string;
  readonly firstRow: number;
  /** Behind the last one. */
  readonly endRow: number;
}

/**
 * The cores in the order in which they are drawn: by socket, NUMA node and kind (performance first), the siblings
 * of one physical core together. Without a topology, as the system numbers them.
 */
export function coreRows(topology: CoreTopology | null, cores: number): readonly CoreRow[] {
  const known = new Map(topology?.cores.map((core) => [core.index, core]) ?? []);
  const all = Array.from({ length: cores }, (_, index) => known.get(index) ?? unknownCore(index));
  const firstOfPhysical = new Map<number, number>();
  for (const { physicalCore, index } of all) {
    if (physicalCore !== null && !firstOfPhysical.has(physicalCore)) firstOfPhysical.set(physicalCore, index);
  }
  const placeOf = (core: LogicalCore): readonly number[] => [
    core.socket ?? -1,
    core.numaNode ?? -1,
    core.kind === 'performance' ? 0 : core.kind === 'efficiency' ? 1 : 2,
    core.physicalCore === null ? core.index : (firstOfPhysical.get(core.physicalCore) ?? core.index),
    core.index,
  ];
  const sorted = all
    .map((core) => ({ core, place: placeOf(core) }))
    .sort((one, other) => compareInTurn(one.place, other.place))
    .map(({ core }) => core);

  const groupOf = groupNamer(all);
  const hasSiblings = all.some((core) => siblingsOf(core, all).length > 0);
  return sorted.map((core, row) => {
    const above = sorted[row - 1];
    const group = groupOf(core);
    return {
      core: core.index,
      gap: above === undefined ? 'sibling' : gapBetween(above, core, groupOf(above) === group, hasSiblings),
      label: labelOf(core),
      group,
      usable: core.usable,
      facts: factsOf(core, siblingsOf(core, all)),
    };
  });
}

export function rowGroups(rows: readonly CoreRow[]): readonly RowGroup[] {
  const groups: RowGroup[] = [];
  rows.forEach(({ group }, row) => {
    if (group === null) return;
    const last = groups.at(-1);
    if (last?.name === group && last.endRow === row) groups[groups.length - 1] = { ...last, endRow: row + 1 };
    else groups.push({ name: group, firstRow: row, endRow: row + 1 });
  });
  return groups;
}

/** The name of a group from whole to shortest: `socket 0 NUMA 3`, `NUMA 3`, `N3`; what does not fit leaves out its like. */
export function namesOfGroup(name: string): readonly string[] {
  const words = name.split(' ');
  const [kind = '', number = ''] = words.slice(-2);
  if (!/^\d+$/.test(number)) return [name, (words.at(-1) ?? '').slice(0, 1).toUpperCase()];
  return [name, `${kind} ${number}`, `${kind.slice(0, 1).toUpperCase()}${number}`];
}

function unknownCore(index: number): LogicalCore {
  return {
    index,
    online: true,
    socket: null,
    numaNode: null,
    physicalCore: null,
    cacheGroup: null,
    kind: null,
    maxMhz: null,
    usable: true,
  };
}

function compareInTurn(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) {
    const difference = value - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** On a machine without siblings every core is another one; wider gaps would then say nothing. */
function gapBetween(above: LogicalCore, core: LogicalCore, sameGroup: boolean, hasSiblings: boolean): RowGap {
  if (!sameGroup) return 'group';
  return hasSiblings && above.physicalCore !== core.physicalCore ? 'core' : 'sibling';
}

/** A core belongs to the finest of socket, NUMA node and kind that tell the cores of this machine apart. */
function groupNamer(cores: readonly LogicalCore[]): (core: LogicalCore) => string | null {
  const differs = (pick: (core: LogicalCore) => unknown): boolean => new Set(cores.map(pick)).size > 1;
  const bySocket = differs(({ socket }) => socket);
  // Most often a node is a socket: naming both would say one thing twice.
  const nodesOfSocket = new Map<unknown, Set<unknown>>();
  for (const { socket, numaNode } of cores) {
    nodesOfSocket.set(socket, (nodesOfSocket.get(socket) ?? new Set()).add(numaNode));
  }
  const byNode = [...nodesOfSocket.values()].some((nodes) => nodes.size > 1);
  const byKind = differs(({ kind }) => kind);
  if (!bySocket && !byNode && !byKind) return () => null;
  if (byKind && !bySocket && !byNode) return ({ kind }) => kind ?? 'other';
  return ({ socket, numaNode, kind }) =>
    [
      ...(bySocket ? [socket === null ? 'no socket' : `socket ${socket}`] : []),
      ...(byNode ? [numaNode === null ? 'no node' : `NUMA ${numaNode}`] : []),
      ...(byKind ? [kind === 'efficiency' ? 'E' : kind === 'performance' ? 'P' : '?'] : []),
    ].join(' ');
}

function labelOf({ index, online, kind }: LogicalCore): string {
  if (!online) return `off ${index}`;
  if (kind === null) return `core ${index}`;
  return `${kind === 'efficiency' ? 'E' : 'P'} core ${index}`;
}

function siblingsOf(core: LogicalCore, cores: readonly LogicalCore[]): readonly LogicalCore[] {
  if (core.physicalCore === null) return [];
  return cores.filter(
    ({ index, physicalCore }) => physicalCore === core.physicalCore && index !== core.index,
  );
}

function factsOf(
  core: LogicalCore,
  siblings: readonly LogicalCore[],
): readonly (readonly [name: string, value: string])[] {
  const facts: (readonly [name: string, value: string])[] = [];
  if (!core.online) facts.push(['State', 'offline']);
  else if (!core.usable) facts.push(['For the work', 'not usable']);
  if (core.kind !== null) facts.push(['Kind', core.kind]);
  if (siblings.length > 0) {
    facts.push(['Same physical core', siblings.map(({ index }) => `core ${index}`).join(', ')]);
  }
  return facts;
}

/** How many cores the work can use and what limits them: `1.5 usable cores (bound by quota)`. */
export function usableCoresText({ count, boundBy }: UsableCores): string {
  const cores = Number.isInteger(count) ? String(count) : count.toFixed(1);
  const noun = count === 1 ? 'usable core' : 'usable cores';
  return boundBy === 'machine' ? `${cores} ${noun}` : `${cores} ${noun} (bound by ${boundBy})`;
}

/** Every limit that there is, for the tooltip of that text. */
export function coreLimitsText({ onlineCores, affinityCores, cpusetCores, quotaCores }: UsableCores): string {
  const limits: readonly (readonly [name: string, cores: number | null])[] = [
    ['online', onlineCores],
    ['allowed by affinity', affinityCores],
    ['allowed by cpuset', cpusetCores],
    ['allowed by quota', quotaCores],
  ];
  return limits.map(([name, cores]) => `${name}: ${cores ?? 'no limit'}`).join('\n');
}
