import type { LogicalCore } from '../../../shared/topology.ts';
import { parseNumberList } from './number-list.ts';
import type { ReadText } from './text-file.ts';

/**
 * Cores as /sys tells them (Documentation/ABI/stable/sysfs-devices-system-cpu, admin-guide/cputopology.rst). About
 * ten small files per core: read at the start and when a core comes or goes, never at a tick.
 */

const folder = '/sys/devices/system/cpu';
const nodeFolder = '/sys/devices/system/node';

/** PMU devices of hybrid Intel processors, one per class (kernel 5.13; `cpu_lowpower` since 6.12). */
const hybridLists = [
  ['/sys/devices/cpu_core/cpus', 'performance'],
  ['/sys/devices/cpu_atom/cpus', 'efficiency'],
  ['/sys/devices/cpu_lowpower/cpus', 'efficiency'],
] as const;

/**
 * Of machines that only give each core a capacity, 1024 for the largest: the cores with the lowest are "efficiency"
 * where that is below three quarters of the largest. Single cores of one class differ by a few percent on processors
 * that name favoured ones, hence the two margins.
 */
const efficiencyBelow = 0.75;
const sameClassWithin = 1.1;

type Kind = LogicalCore['kind'];

/** One entry per core of `online`, by its place; `usable` is what the machine alone allows. */
export function readCores(read: ReadText, online: readonly boolean[]): readonly LogicalCore[] {
  const nodes = readNodes(read);
  const kinds = readKinds(read, online.length);
  return online.map((isOnline, index) => ({
    index,
    online: isOnline,
    socket: readId(read, `${folder}/cpu${index}/topology/physical_package_id`),
    numaNode: nodes.get(index) ?? null,
    physicalCore: readFirst(read, [
      `${folder}/cpu${index}/topology/core_cpus_list`,
      // Its name before kernel 5.3.
      `${folder}/cpu${index}/topology/thread_siblings_list`,
    ]),
    cacheGroup: readCacheGroup(read, index),
    kind: kinds.get(index) ?? null,
    maxMhz: readMhz(read, `${folder}/cpu${index}/cpufreq/cpuinfo_max_freq`),
    usable: isOnline,
  }));
}

/** Null where it is not told, or told as -1: "not known" on some ARM boards. */
function readId(read: ReadText, path: string): number | null {
  const text = read(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}

function readMhz(read: ReadText, path: string): number | null {
  const kilohertz = readId(read, path);
  return kilohertz === null || kilohertz === 0 ? null : kilohertz / 1000;
}

/** The smallest number of the first list that is there: the same for all that are in it, and for no other. */
function readFirst(read: ReadText, paths: readonly string[]): number | null {
  for (const path of paths) {
    const first = parseNumberList(read(path) ?? '')?.[0];
    if (first !== undefined) return first;
  }
  return null;
}

/** Of the largest level: the third on most; the second for cores that stand apart from it. */
function readCacheGroup(read: ReadText, core: number): number | null {
  let group: number | null = null;
  let groupLevel = 0;
  for (let index = 0; ; index += 1) {
    const cache = `${folder}/cpu${core}/cache/index${index}`;
    const level = readId(read, `${cache}/level`);
    if (level === null) return group;
    if (level < groupLevel || read(`${cache}/type`)?.trim() === 'Instruction') continue;
    group = readFirst(read, [`${cache}/shared_cpu_list`]);
    groupLevel = level;
  }
}

function readNodes(read: ReadText): ReadonlyMap<number, number> {
  const nodes = new Map<number, number>();
  for (const node of parseNumberList(read(`${nodeFolder}/online`) ?? '') ?? []) {
    const cores = parseNumberList(read(`${nodeFolder}/node${node}/cpulist`) ?? '') ?? [];
    for (const core of cores) nodes.set(core, node);
  }
  return nodes;
}

function readKinds(read: ReadText, coreCount: number): ReadonlyMap<number, Kind> {
  const listed = new Map<number, Kind>();
  for (const [path, kind] of hybridLists) {
    for (const core of parseNumberList(read(path) ?? '') ?? []) listed.set(core, kind);
  }
  // A guest that was given cores of one class has no two classes to tell apart.
  if (new Set(listed.values()).size > 1) return listed;
  const capacities = new Map<number, number>();
  for (let core = 0; core < coreCount; core += 1) {
    const capacity = readId(read, `${folder}/cpu${core}/cpu_capacity`);
    if (capacity !== null) capacities.set(core, capacity);
  }
  const lowest = Math.min(...capacities.values());
  const highest = Math.max(...capacities.values());
  if (!(lowest < highest * efficiencyBelow)) return new Map();
  return new Map(
    Array.from(capacities, ([core, capacity]) => [
      core,
      capacity <= lowest * sameClassWithin ? 'efficiency' : 'performance',
    ]),
  );
}
