import path from 'node:path';

/** A control group that this process is in, as a folder that it can reach. */
export interface OwnGroup {
  readonly version: 1 | 2;
  /** Of version 1 the hierarchy's (`cpu,cpuacct`); empty in version 2, which has one hierarchy for all. */
  readonly controllers: readonly string[];
  readonly mountPoint: string;
  /** Absolute: the mount point or a folder below it. */
  readonly folder: string;
}

export type ReadText = (path: string) => string | null;

interface Mount {
  readonly version: 1 | 2;
  /** Which part of the hierarchy is mounted: in a container without a namespace of its own not `/`. */
  readonly root: string;
  readonly mountPoint: string;
  readonly superOptions: readonly string[];
}

/**
 * The control groups of this process in every mounted hierarchy: version 2, version 1, or both side by side
 * ("hybrid"). Empty where there are none, and where /proc/self/cgroup names folders that no mount shows.
 */
export function readOwnGroups(read: ReadText): readonly OwnGroup[] {
  const mounts = (read('/proc/self/mountinfo') ?? '').split('\n').flatMap(parseMount);
  return (read('/proc/self/cgroup') ?? '').split('\n').flatMap((line): OwnGroup[] => {
    const [id, names, ...rest] = line.split(':');
    if (names === undefined) return [];
    const isUnified = id === '0' && names === '';
    const controllers = isUnified ? [] : names.split(',');
    const mount = mounts.find(({ version, superOptions }) =>
      isUnified ? version === 2 : version === 1 && controllers.every((name) => superOptions.includes(name)),
    );
    if (mount === undefined) return [];
    const below = pathBelow(mount.root, rest.join(':'));
    if (below === null) return [];
    const { version, mountPoint } = mount;
    return [{ version, controllers, mountPoint, folder: path.posix.join(mountPoint, below) }];
  });
}

/** Lines of /proc/PID/mountinfo: `36 35 0:31 ROOT MOUNT_POINT rw,noatime shared:1 - cgroup SOURCE rw,cpu,cpuacct`. */
function parseMount(line: string): Mount[] {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , root, mountPoint] = before.split(' ');
  const [type, , superOptions = ''] = after.split(' ');
  if (root === undefined || mountPoint === undefined) return [];
  if (type !== 'cgroup' && type !== 'cgroup2') return [];
  return [
    {
      version: type === 'cgroup2' ? 2 : 1,
      root: unescapeOctal(root),
      mountPoint: unescapeOctal(mountPoint),
      superOptions: superOptions.split(','),
    },
  ];
}

/** The kernel writes spaces, tabs, line feeds and backslashes of paths as `\040`. */
function unescapeOctal(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}

/** Null where the group lies outside what is mounted (`/../..` in a namespace that is not its own). */
function pathBelow(root: string, group: string): string | null {
  const below = path.posix.relative(root, group);
  return below === '..' || below.startsWith('../') || group.includes('/..') ? null : below;
}

/** The folder and all above it, down to the mount point: a limit on any of them counts. */
export function withGroupsAbove({ folder, mountPoint }: OwnGroup): readonly string[] {
  const folders = [folder];
  for (let at = folder; at !== mountPoint && at.startsWith(mountPoint);) {
    at = path.posix.dirname(at);
    folders.push(at);
  }
  return folders;
}
