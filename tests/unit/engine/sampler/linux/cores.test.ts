import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createLinuxCores, type LinuxCores } from '../../../../../src/engine/sampler/linux/cores.ts';
import { createHeldFiles } from '../../../../../src/engine/sampler/linux/held-files.ts';
import { parseTickMs, readKernelTickMs } from '../../../../../src/engine/sampler/linux/kernel-tick.ts';
import type { CoreTopology } from '../../../../../src/shared/topology.ts';
import { drawnFiles } from '../../../../support/drawn-files.ts';

/** Files and a clock that the test moves. */
class Machine {
  text = '';
  nowMs = 0;
  /** How long each reading of a held file takes. */
  readingTakesMs = 0;
  readonly opened: string[] = [];
  readonly cores: LinuxCores;

  constructor() {
    const read = (path: string): string | null => drawnFiles(this.text)(path);
    this.cores = createLinuxCores({
      nowMs: () => this.nowMs,
      read,
      kernelTickMs: 4,
      files: createHeldFiles({
        capacity: 100,
        calls: {
          open: (path) => {
            if (read(path) === null) throw new Error('ENOENT');
            return this.opened.push(path) - 1;
          },
          read: (descriptor, buffer, offset, position) => {
            this.nowMs += this.readingTakesMs;
            const content = read(this.opened[descriptor] ?? '');
            if (content === null) throw new Error('ESRCH');
            return position > 0 ? 0 : buffer.write(content, offset);
          },
          close: () => undefined,
          list: () => [],
        },
      }),
    });
  }

  /** A reading of /proc/stat with these cores online, and the topology after it. */
  look(online: readonly number[], targetPid: number | null = 7): CoreTopology {
    const stat = Buffer.from(online.map((core) => `cpu${core} 1 1 1 1 1 1 1 1 0 0\n`).join(''));
    this.cores.takeCoreTimes(stat, stat.length);
    return this.cores.readTopology(targetPid);
  }

  mhz(coreCount: number): number[] {
    const column = new Float64Array(coreCount).fill(Number.NaN);
    this.cores.readCoreMhz(column);
    return [...column];
  }
}

function drawUsable({ cores, usable }: CoreTopology): string {
  const marks = cores.map(({ online, usable: isUsable }) => (isUsable ? '+' : online ? '-' : '.'));
  return `${marks.join('')} ${usable.count} by ${usable.boundBy}`;
}

describe('the cores that the target may use', () => {
  it('are those of its affinity and its cpuset that are online, or fewer for a quota', () => {
    const machine = new Machine();
    machine.text = '/proc/7/status: Name:\tnode;Cpus_allowed:\tf;Cpus_allowed_list:\t0-3';
    expect(drawUsable(machine.look([0, 1, 2, 3]))).toBe('++++ 4 by machine');

    machine.nowMs = 5000;
    machine.text = '/proc/7/status: Name:\tnode;Cpus_allowed_list:\t0,2';
    expect(drawUsable(machine.look([0, 1, 2, 3]))).toBe('+-+- 2 by affinity');

    machine.nowMs = 10_000;
    machine.text = `
      /proc/7/status: Name:\tnode;Cpus_allowed_list:\t1-2
      /proc/7/cgroup: 0::/app
      /sys/fs/cgroup/app/cpuset.cpus.effective: 1-2`;
    expect(drawUsable(machine.look([0, 1, 2, 3]))).toBe('-++- 2 by cpuset');

    machine.nowMs = 15_000;
    machine.text += '\n/sys/fs/cgroup/app/cpu.max: 50000 100000';
    expect(drawUsable(machine.look([0, 1, 2, 3]))).toBe('-++- 1 by quota');
  });

  it('are told anew when a core goes or comes, which keeps its place', () => {
    const machine = new Machine();
    const first = machine.look([0, 1, 2]);
    expect(drawUsable(first)).toBe('+++ 3 by machine');
    expect(machine.look([0, 1, 2])).toBe(first);
    expect(drawUsable(machine.look([0, 2]))).toBe('+.+ 2 by machine');
    expect(drawUsable(machine.look([0, 1, 2, 4]))).toBe('+++.+ 4 by machine');
  });

  it('are looked at once in five seconds, and the same answer is the same object', () => {
    const machine = new Machine();
    machine.text = '/proc/7/status: Cpus_allowed_list:\t0-1';
    const first = machine.look([0, 1]);
    machine.text = '/proc/7/status: Cpus_allowed_list:\t0';
    machine.nowMs = 4999;
    expect(machine.look([0, 1])).toBe(first);
    machine.nowMs = 5000;
    const second = machine.look([0, 1]);
    expect(drawUsable(second)).toBe('+- 1 by affinity');
    machine.nowMs = 6000;
    expect(machine.look([0, 1])).toBe(second);
  });

  it('are looked at again for another target at once, and for this process where there is none', () => {
    const machine = new Machine();
    machine.text = `
      /proc/7/status: Cpus_allowed_list:\t0
      /proc/8/status: Cpus_allowed_list:\t0-1
      /proc/self/status: Cpus_allowed_list:\t1`;
    const online = [0, 1, 2];
    expect(drawUsable(machine.look(online, 7))).toBe('+-- 1 by affinity');
    expect(drawUsable(machine.look(online, 8))).toBe('++- 2 by affinity');
    expect(drawUsable(machine.look(online, null))).toBe('-+- 1 by affinity');
    // It has ended: nothing limits what is not there.
    expect(drawUsable(machine.look(online, 9))).toBe('+++ 3 by machine');
  });
});

describe('the time that a quota held the target back', () => {
  it('is unknown without a quota, and counts from when it was first seen', () => {
    const machine = new Machine();
    machine.text = '/proc/7/cgroup: 0::/a/b';
    machine.look([0]);
    expect(machine.cores.readHeldBackMs()).toBeNaN();

    machine.nowMs = 5000;
    const quota = `
      /proc/7/cgroup: 0::/a/b
      /sys/fs/cgroup/a/b/cpu.max: 50000 100000`;
    const stat = (microseconds: number): string =>
      `/sys/fs/cgroup/a/b/cpu.stat: usage_usec 5;nr_periods 3;nr_throttled 2;throttled_usec ${microseconds}`;
    machine.text = `${quota}\n${stat(70_000)}`;
    machine.look([0]);
    expect(machine.cores.readHeldBackMs()).toBe(0);
    machine.text = `${quota}\n${stat(95_000)}`;
    expect(machine.cores.readHeldBackMs()).toBe(25);
    // The counter of a group that was made anew under the same name.
    machine.text = `${quota}\n${stat(1000)}`;
    expect(machine.cores.readHeldBackMs()).toBe(25);
    machine.text = `${quota}\n${stat(3000)}`;
    expect(machine.cores.readHeldBackMs()).toBe(27);
  });

  it('is what a real group of version 2 says after five seconds on a fifth of a core', () => {
    const real = (name: string): string =>
      readFileSync(`tests/fixtures/control-groups/quota-of-a-fifth/${name}`, 'utf8')
        .trim()
        .replaceAll('\n', ';');
    const machine = new Machine();
    const draw = (stat: string): string => `
      /proc/7/cgroup: 0::/system.slice/quotademo.service
      /sys/fs/cgroup/system.slice/quotademo.service/cpu.max: ${real('cpu.max')}
      /sys/fs/cgroup/system.slice/quotademo.service/cpu.stat: ${stat}`;
    machine.text = draw('usage_usec 0;nr_periods 0;nr_throttled 0;throttled_usec 0');
    expect(machine.look([0]).usable.quotaCores).toBe(0.2);
    expect(machine.cores.readHeldBackMs()).toBe(0);
    machine.text = draw(real('cpu.stat'));
    // With the 1024 ms that it ran, that is all but 38 ms of its 50 periods of 100 ms.
    expect(machine.cores.readHeldBackMs()).toBe(3938.134);
  });

  it('is that of the group which was held back longest, of several above each other; version 1 counts in ns', () => {
    const machine = new Machine();
    const draw = (inner: number, outer: number): string => `
      /proc/7/cgroup: 1:cpu:/a/b
      /sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us: 50000
      /sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us: 100000
      /sys/fs/cgroup/cpu/a/b/cpu.stat: nr_periods 3;nr_throttled 2;throttled_time ${inner}
      /sys/fs/cgroup/cpu/a/cpu.cfs_quota_us: 80000
      /sys/fs/cgroup/cpu/a/cpu.cfs_period_us: 100000
      /sys/fs/cgroup/cpu/a/cpu.stat: nr_periods 3;nr_throttled 2;throttled_time ${outer}`;
    machine.text = draw(0, 0);
    machine.look([0]);
    expect(machine.cores.readHeldBackMs()).toBe(0);
    machine.text = draw(40e6, 10e6);
    expect(machine.cores.readHeldBackMs()).toBe(40);
    machine.text = draw(40e6, 30e6);
    expect(machine.cores.readHeldBackMs()).toBe(60);
  });
});

describe('the clocks of cores', () => {
  const file = (core: number, kilohertz: string): string =>
    `/sys/devices/system/cpu/cpu${core}/cpufreq/scaling_cur_freq: ${kilohertz}\n`;

  it('are read once in five seconds, through files that stay open', () => {
    const machine = new Machine();
    machine.text = file(0, '2400000') + file(1, '800000');
    expect(machine.mhz(2)).toEqual([2400, 800]);
    machine.text = file(0, '1200000') + file(1, '800000');
    machine.nowMs = 4999;
    expect(machine.mhz(2)).toEqual([2400, 800]);
    machine.nowMs = 5000;
    expect(machine.mhz(2)).toEqual([1200, 800]);
    expect(machine.opened).toHaveLength(2);
  });

  it('are unknown where there is no such file, or it does not say', () => {
    const machine = new Machine();
    machine.text = file(1, '<unknown>');
    expect(machine.mhz(2)).toEqual([Number.NaN, Number.NaN]);
  });

  it('take a millisecond of a tick, and the next ticks go on', () => {
    const machine = new Machine();
    machine.text = [0, 1, 2].map((core) => file(core, '1000000')).join('');
    machine.readingTakesMs = 1;
    expect(machine.mhz(3)).toEqual([1000, Number.NaN, Number.NaN]);
    expect(machine.mhz(3)).toEqual([1000, 1000, Number.NaN]);
    expect(machine.mhz(3)).toEqual([1000, 1000, 1000]);
    const before = machine.nowMs;
    machine.mhz(3);
    expect(machine.nowMs).toBe(before);
  });

  it('are given up where the kernel takes its time over each', () => {
    const machine = new Machine();
    machine.text = file(0, '1000000');
    machine.readingTakesMs = 20;
    expect(machine.mhz(1)).toEqual([Number.NaN]);
    machine.nowMs += 10_000;
    const before = machine.nowMs;
    expect(machine.mhz(1)).toEqual([Number.NaN]);
    expect(machine.nowMs).toBe(before);
  });
});

describe('the tick of the kernel', () => {
  it('is what the coarse clock steps by, or else what the kernel was built with', () => {
    expect(readKernelTickMs({ resolutionMs: () => 4 })).toBe(4);
    const read = (): string => '# CONFIG_HZ_100 is not set\nCONFIG_HZ_1000=y\nCONFIG_HZ=1000\n';
    expect(readKernelTickMs({ resolutionMs: () => null, read })).toBe(1);
    // Some sandboxes answer with the resolution of another clock.
    expect(readKernelTickMs({ resolutionMs: () => 1e-6, read })).toBe(1);
    expect(parseTickMs('CONFIG_NO_HZ=y\n')).toBeNull();
  });

  it.runIf(process.platform === 'linux')('is between 1 and 10 ms on this machine, or not told', () => {
    const tickMs = readKernelTickMs();
    if (tickMs !== null) expect([1, 1000 / 300, 4, 10]).toContain(tickMs);
  });
});
