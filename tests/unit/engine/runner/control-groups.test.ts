import { describe, expect, it } from 'vitest';
import { readOwnGroups, withGroupsAbove } from '../../../../src/engine/runner/control-groups.ts';

/** A machine as /proc/self shows it. */
function groupsOf(cgroup: string, mountinfo: string) {
  const files = new Map([
    ['/proc/self/cgroup', cgroup],
    ['/proc/self/mountinfo', mountinfo],
  ]);
  return readOwnGroups((file) => files.get(file) ?? null);
}

const v2Mount = '34 25 0:29 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate';
const cpuMount = '40 31 0:36 / /sys/fs/cgroup/cpu,cpuacct rw shared:12 - cgroup cgroup rw,cpu,cpuacct';

describe('the control groups of a process', () => {
  it('are one folder in version 2', () => {
    expect(groupsOf('0::/user.slice/app.scope\n', v2Mount)).toEqual([
      {
        version: 2,
        controllers: [],
        mountPoint: '/sys/fs/cgroup',
        folder: '/sys/fs/cgroup/user.slice/app.scope',
      },
    ]);
  });

  it('are one folder per hierarchy in version 1, and both side by side in a hybrid', () => {
    const unified = '41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw';
    expect(
      groupsOf('4:cpu,cpuacct:/a\n3:memory:/b\n0::/c\n', `${cpuMount}\n${unified}\n`).map(
        ({ folder }) => folder,
      ),
    ).toEqual(['/sys/fs/cgroup/cpu,cpuacct/a', '/sys/fs/cgroup/unified/c']);
  });

  it('are found below a mount that shows only a part of the hierarchy', () => {
    const inContainer = '34 25 0:29 /docker/4f2 /sys/fs/cgroup ro - cgroup2 cgroup rw';
    expect(groupsOf('0::/docker/4f2\n', inContainer)[0]?.folder).toBe('/sys/fs/cgroup');
    expect(groupsOf('0::/docker/4f2/app\n', inContainer)[0]?.folder).toBe('/sys/fs/cgroup/app');
    expect(groupsOf('0::/docker/4f23\n', inContainer)).toEqual([]);
    expect(groupsOf('0::/../4f2\n', v2Mount)).toEqual([]);
  });

  it('are found where a mount point has a space and a group has a colon', () => {
    const spaced = String.raw`34 25 0:29 / /mnt/c\040groups rw - cgroup2 none rw`;
    expect(groupsOf('0::/a:b\n', spaced)[0]?.folder).toBe('/mnt/c groups/a:b');
  });

  it('are none where nothing is mounted, or nothing can be read', () => {
    expect(groupsOf('0::/\n', '22 1 8:1 / / rw - ext4 /dev/sda rw')).toEqual([]);
    expect(groupsOf('', '')).toEqual([]);
    expect(readOwnGroups(() => null)).toEqual([]);
  });
});

it('the groups above a group go up to the mount point', () => {
  const [group] = groupsOf('0::/a/b\n', v2Mount);
  if (group === undefined) throw new Error('no group');
  expect(withGroupsAbove(group)).toEqual(['/sys/fs/cgroup/a/b', '/sys/fs/cgroup/a', '/sys/fs/cgroup']);
});
