import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { drawnFiles } from '../../support/drawn-files.ts';
import { describeMachine, readCpuQuotaCores, usableCores } from '../../../src/engine/machine.ts';

describe('the CPU quota', () => {
  it('is read from version 2 of control groups', () => {
    expect(
      readCpuQuotaCores(
        drawnFiles(`
          /proc/self/cgroup: 0::/user.slice/app.scope
          /sys/fs/cgroup/user.slice/app.scope/cpu.max: 150000 100000`),
      ),
    ).toBe(1.5);
  });

  it('is the smallest of those above', () => {
    expect(
      readCpuQuotaCores(
        drawnFiles(`
          /proc/self/cgroup: 0::/a/b/c
          /sys/fs/cgroup/a/b/c/cpu.max: max 100000
          /sys/fs/cgroup/a/b/cpu.max: 400000 100000
          /sys/fs/cgroup/a/cpu.max: 300000 100000`),
      ),
    ).toBe(3);
  });

  it('is found where a container mounts its own group as the root', () => {
    expect(
      readCpuQuotaCores(
        drawnFiles(`
          /proc/self/cgroup: 0::/../../docker/0123
          /sys/fs/cgroup/cpu.max: 50000 100000`),
      ),
    ).toBe(0.5);
  });

  it('is read from version 1, beside other controllers', () => {
    expect(
      readCpuQuotaCores(
        drawnFiles(`
          /proc/self/cgroup: 4:memory:/docker/0123;2:cpu,cpuacct:/docker/0123;0::/
          /sys/fs/cgroup/cpu/docker/0123/cpu.cfs_quota_us: 250000
          /sys/fs/cgroup/cpu/docker/0123/cpu.cfs_period_us: 100000`),
      ),
    ).toBe(2.5);
  });

  it('is unlimited where nothing limits it or nothing can be read', () => {
    const unlimited = `
      /proc/self/cgroup: 2:cpu:/;0::/
      /sys/fs/cgroup/cpu/cpu.cfs_quota_us: -1
      /sys/fs/cgroup/cpu/cpu.cfs_period_us: 100000
      /sys/fs/cgroup/cpu.max: max 100000`;
    expect(readCpuQuotaCores(drawnFiles(unlimited))).toBe(Number.POSITIVE_INFINITY);
    expect(readCpuQuotaCores(() => null)).toBe(Number.POSITIVE_INFINITY);
    expect(readCpuQuotaCores(drawnFiles('/proc/self/cgroup: 0::/a'))).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('usable cores', () => {
  it('are those the scheduler allows, or the quota rounded up', () => {
    const unlimited = Number.POSITIVE_INFINITY;
    expect([usableCores(8, unlimited), usableCores(8, 1.5), usableCores(2, 4), usableCores(8, 0.2)]).toEqual([
      8, 2, 2, 1,
    ]);
  });

  it('are at least one and no more than there are, on this machine', () => {
    expect(usableCores()).toBeGreaterThanOrEqual(1);
    expect(usableCores()).toBeLessThanOrEqual(os.cpus().length);
  });
});

describe('the description of this machine', () => {
  it(
    'agrees with the operating system, and holds null rather than a guess',
    { timeout: 60_000 },
    async () => {
      const machine = await describeMachine();
      expect(machine).toMatchObject({
        kernel: os.release(),
        arch: os.arch(),
        logicalCores: os.cpus().length,
        memoryBytes: os.totalmem(),
      });
      expect(machine.os).not.toBe('');
      expect(machine.cpuModel).not.toBe('');
      expect(machine.physicalCores === null || machine.physicalCores >= 1).toBe(true);
      expect(machine.virtualization === null || machine.virtualization.length > 0).toBe(true);
    },
  );
});
