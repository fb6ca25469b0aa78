import { join } from 'node:path';
import { parseNumberList } from './number-list.ts';
import type { ReadText } from './text-file.ts';

/**
 * The control groups of a process, from its own up to the root: a limit on any of them counts. Versions 1 and 2, or
 * both at once (cgroups(7), admin-guide/cgroup-v2.rst).
 */
export interface ControlGroups {
  /** Folders of the groups that limit CPU time, innermost first. */
  readonly cpu: readonly GroupFolder[];
  /** Folders of the groups that say which cores may be used, innermost first. */
  readonly cpuset: readonly GroupFolder[];
}

interface GroupFolder {
  readonly version: 1 | 2;
  readonly path: string;
}

export interface GroupMount {
  readonly version: 1 | 2;
  /** The group that is seen at `point`; in a container, mostly its own. */
  readonly root: string;
  readonly point: string;
  readonly controllers: readonly string[];
}

/** Where systemd puts them, for systems that do not tell. */
const usualMounts: readonly GroupMount[] = [
  { version: 2, root: '/', point: '/sys/fs/cgroup', controllers: [] },
  { version: 1, root: '/', point: '/sys/fs/cgroup/cpu', controllers: ['cpu'] },
  { version: 1, root: '/', point: '/sys/fs/cgroup/cpuset', controllers: ['cpuset'] },
];

/** proc_pid_mountinfo(5): fields 4 and 5, and behind ` - ` the file system and its options. */
export function readGroupMounts(read: ReadText): readonly GroupMount[] {
  const mounts: GroupMount[] = [];
  for (const line of (read('/proc/self/mountinfo') ?? '').split('\n')) {
    const [mount = '', system = ''] = line.split(' - ');
    const [, , , root, point] = mount.split(' ').map(unescape);
    const [type, , options = ''] = system.split(' ');
    if (root === undefined || point === undefined) continue;
    if (type === 'cgroup2') mounts.push({ version: 2, root, point, controllers: [] });
    if (type === 'cgroup') mounts.push({ version: 1, root, point, controllers: options.split(',') });
  }
  return mounts.length > 0 ? mounts : usualMounts;
}

/** Spaces and the like are written as octal numbers there. */
function unescape(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

/**
 * The folders of a group and of all above it that can be seen. A path that lies outside of what is mounted is that
 * of a process beside this container: then only the mounted root is known.
 */
function withParents({ version, root, point }: GroupMount, group: string): GroupFolder[] {
  const isBelow = root !== '/' && (group === root || group.startsWith(`${root}/`));
  const inside = isBelow ? group.slice(root.length) : group;
  const names = inside.split('/').filter((name) => name !== '' && name !== '..');
  return names
    .map((_, index) => names.slice(0, names.length - index).join('/'))
    .concat('')
    .map((path) => ({ version, path: join(point, path) }));
}

/** `pid`: null stands for this process itself. `mounts` stay as they are while a system runs. */
export function readControlGroups(
  read: ReadText,
  pid: number | null,
  mounts: readonly GroupMount[] = readGroupMounts(read),
): ControlGroups {
  const lines = (read(`/proc/${pid ?? 'self'}/cgroup`) ?? '').split('\n').flatMap((line) => {
    const [id, controllers = '', ...rest] = line.split(':');
    return id === undefined || rest.length === 0 ? [] : [{ id, controllers, path: rest.join(':') }];
  });
  const foldersFor = (controller: string): GroupFolder[] =>
    lines.flatMap(({ id, controllers, path }) => {
      const isUnified = id === '0' && controllers === '';
      if (!isUnified && !controllers.split(',').includes(controller)) return [];
      const mount = mounts.find((each) =>
        isUnified ? each.version === 2 : each.version === 1 && each.controllers.includes(controller),
      );
      return mount === undefined ? [] : withParents(mount, path);
    });
  return { cpu: foldersFor('cpu'), cpuset: foldersFor('cpuset') };
}

function toCores(quota: string | undefined, period: string | undefined): number | null {
  const cores = Number(quota) / Number(period);
  // `max` and -1 stand for no limit.
  return cores > 0 && Number.isFinite(cores) ? cores : null;
}

/** Cores' worth of CPU time that one group allows; null where it sets no limit. */
function readGroupQuota(read: ReadText, { version, path }: GroupFolder): number | null {
  if (version === 2) {
    const [quota, period] = (read(join(path, 'cpu.max')) ?? '').trim().split(' ');
    return toCores(quota, period);
  }
  return toCores(read(join(path, 'cpu.cfs_quota_us'))?.trim(), read(join(path, 'cpu.cfs_period_us'))?.trim());
}

export interface Quota {
  /** The smallest of all; null where no group sets one. */
  readonly cores: number | null;
  /** `cpu.stat` of every group that sets one, innermost first. */
  readonly statFiles: readonly string[];
}

export function readQuota(read: ReadText, groups: ControlGroups): Quota {
  let cores: number | null = null;
  const statFiles: string[] = [];
  for (const folder of groups.cpu) {
    const limit = readGroupQuota(read, folder);
    if (limit === null) continue;
    cores = Math.min(cores ?? limit, limit);
    statFiles.push(join(folder.path, 'cpu.stat'));
  }
  return { cores, statFiles };
}

/**
 * The cores that the innermost group with a list allows, what is above it taken into account by the kernel. Null
 * where there is none.
 */
export function readCpuset(read: ReadText, groups: ControlGroups): readonly number[] | null {
  for (const { version, path } of groups.cpuset) {
    const names = version === 2 ? ['cpuset.cpus.effective'] : ['cpuset.effective_cpus', 'cpuset.cpus'];
    for (const name of names) {
      const list = parseNumberList(read(join(path, name)) ?? '');
      if (list !== null && list.length > 0) return list;
    }
  }
  return null;
}
