import { describe, expect, it } from 'vitest';
import {
  readControlGroups,
  readCpuset,
  readQuota,
} from '../../../../../src/engine/sampler/linux/control-groups.ts';
import { drawnFiles } from '../../../../support/drawn-files.ts';

function limitsOf(text: string, pid: number | null = null): readonly unknown[] {
  const read = drawnFiles(text);
  const groups = readControlGroups(read, pid);
  const quota = readQuota(read, groups);
  return [quota.cores, readCpuset(read, groups)?.join(' ') ?? null, ...quota.statFiles];
}

describe('the limits of control groups', () => {
  it('version 2: the smallest quota of all above, and the cpuset that the kernel made of all', () => {
    expect(
      limitsOf(`
        /proc/self/mountinfo: 30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate
        /proc/self/cgroup: 0::/a/b/c
        /sys/fs/cgroup/a/b/c/cpu.max: max 100000
        /sys/fs/cgroup/a/b/c/cpuset.cpus.effective:
        /sys/fs/cgroup/a/b/cpu.max: 400000 100000
        /sys/fs/cgroup/a/cpu.max: 150000 50000
        /sys/fs/cgroup/a/cpuset.cpus.effective: 0-2,5`),
    ).toEqual([3, '0 1 2 5', '/sys/fs/cgroup/a/b/cpu.stat', '/sys/fs/cgroup/a/cpu.stat']);
  });

  it('version 1: each controller at the place where it is mounted', () => {
    expect(
      limitsOf(`
        /proc/self/mountinfo: 32 31 0:29 / /cgroups/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct;34 31 0:31 / /cgroups/sets rw - cgroup cgroup rw,cpuset
        /proc/self/cgroup: 3:cpuset:/set;1:cpu,cpuacct:/part
        /cgroups/cpu,cpuacct/part/cpu.cfs_quota_us: 50000
        /cgroups/cpu,cpuacct/part/cpu.cfs_period_us: 100000
        /cgroups/cpu,cpuacct/cpu.cfs_quota_us: -1
        /cgroups/cpu,cpuacct/cpu.cfs_period_us: 100000
        /cgroups/sets/set/cpuset.cpus: 1`),
    ).toEqual([0.5, '1', '/cgroups/cpu,cpuacct/part/cpu.stat']);
  });

  it('both at once: version 2 lies beside, where its mount says', () => {
    expect(
      limitsOf(`
        /proc/self/mountinfo: 32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu;41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
        /proc/self/cgroup: 1:cpu:/;0::/app
        /sys/fs/cgroup/cpu/cpu.cfs_quota_us: 300000
        /sys/fs/cgroup/cpu/cpu.cfs_period_us: 100000
        /sys/fs/cgroup/unified/app/cpu.max: 200000 100000`),
    ).toEqual([2, null, '/sys/fs/cgroup/cpu/cpu.stat', '/sys/fs/cgroup/unified/app/cpu.stat']);
  });

  it('a container whose own group is mounted as the root', () => {
    expect(
      limitsOf(`
        /proc/self/mountinfo: 32 31 0:29 /docker/0123 /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu
        /proc/self/cgroup: 1:cpu:/docker/0123
        /sys/fs/cgroup/cpu/cpu.cfs_quota_us: 250000
        /sys/fs/cgroup/cpu/cpu.cfs_period_us: 100000`),
    ).toEqual([2.5, null, '/sys/fs/cgroup/cpu/cpu.stat']);
  });

  it('those of the process that is asked for, not of this one', () => {
    const machine = `
      /proc/self/cgroup: 0::/mine
      /proc/42/cgroup: 0::/other
      /sys/fs/cgroup/mine/cpu.max: 100000 100000
      /sys/fs/cgroup/other/cpu.max: 700000 100000`;
    expect(limitsOf(machine, 42)).toEqual([7, null, '/sys/fs/cgroup/other/cpu.stat']);
    expect(limitsOf(machine, 43)).toEqual([null, null]);
  });

  it('a mount point with a space in its name', () => {
    expect(
      limitsOf(`
        /proc/self/mountinfo: 30 23 0:26 / /my\\040groups rw - cgroup2 cgroup2 rw
        /proc/self/cgroup: 0::/
        /my groups/cpu.max: 100000 100000`),
    ).toEqual([1, null, '/my groups/cpu.stat']);
  });

  it('none where there are no groups, and where what is there makes no sense', () => {
    expect(limitsOf('')).toEqual([null, null]);
    expect(
      limitsOf(`
        /proc/self/mountinfo: nonsense;30 23 - cgroup2
        /proc/self/cgroup: nonsense;0::/
        /sys/fs/cgroup/cpu.max: 0 0
        /sys/fs/cgroup/cpuset.cpus.effective: every`),
    ).toEqual([null, null]);
  });
});
