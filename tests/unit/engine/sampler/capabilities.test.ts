import { describe, expect, it } from 'vitest';
import { metricNames, type MetricCapability } from '../../../../src/engine/sampler/capability.ts';
import {
  describeLinux,
  findAbilities,
  type LinuxAbilities,
} from '../../../../src/engine/sampler/linux/capabilities.ts';
import { createNativeReader } from '../../../../src/engine/sampler/linux/reader.ts';
import { measureCosts } from '../../../../src/engine/sampler/measure-costs.ts';
import { describePortable } from '../../../../src/engine/sampler/portable-capabilities.ts';
import { createLibraryReader } from '../../../../src/engine/sampler/library-reader.ts';
import { drawnFiles } from '../../../support/drawn-files.ts';

const everything: LinuxAbilities = {
  hasCpuClock: true,
  hasSchedstat: true,
  hasChildrenFiles: true,
  hasSmapsRollup: true,
  hasIo: true,
  hasFrequency: true,
  hasTopology: true,
  hasStat: true,
  hasSched: true,
  quotaCores: 2,
  tickMs: 4,
};
const nothing: LinuxAbilities = {
  hasCpuClock: false,
  hasSchedstat: false,
  hasChildrenFiles: false,
  hasSmapsRollup: false,
  hasIo: false,
  hasFrequency: false,
  hasTopology: false,
  hasStat: false,
  hasSched: false,
  quotaCores: null,
  tickMs: null,
};

function missingOf(capabilities: readonly MetricCapability[]): string[] {
  return capabilities.filter(({ available }) => !available).map(({ metric }) => metric);
}

function sourceOf(abilities: Partial<LinuxAbilities>, metric: string): string | undefined {
  return describeLinux({ ...everything, ...abilities }).find((each) => each.metric === metric)?.source;
}

describe.each([
  ['Linux with all of it', describeLinux(everything)],
  ['Linux with nothing', describeLinux(nothing)],
  ['macOS', describePortable('darwin')],
  ['Windows', describePortable('win32')],
])('the capabilities of %s', (_name, capabilities) => {
  it('tell of every metric once, and what would unlock each that is missing', () => {
    expect(capabilities.map(({ metric }) => metric).sort()).toEqual(Object.keys(metricNames).sort());
    for (const { available, source, resolution, unlock } of capabilities) {
      expect(source).not.toBe('');
      expect(available).toBe(resolution !== '');
      if (!available) expect(unlock ?? source).not.toBe('');
    }
  });
});

describe('the capabilities of Linux', () => {
  it('lack what the kernel or the container does not show, and nothing else', () => {
    expect(missingOf(describeLinux(everything))).toEqual([]);
    expect(missingOf(describeLinux(nothing))).toEqual([
      'core-busy',
      'core-kinds-of-time',
      'core-clock',
      'core-topology',
      'throttling',
      'run-queue-wait',
      'wait-breakdown',
      'shared-memory',
      'disk-bytes',
      'thread-wait',
    ]);
  });

  it('name the best source of CPU time that there is', () => {
    expect(sourceOf({}, 'process-cpu')).toContain('clock_gettime');
    expect(sourceOf({ hasCpuClock: false }, 'process-cpu')).toContain('schedstat');
    expect(sourceOf({ hasCpuClock: false, hasSchedstat: false }, 'process-cpu')).toBe('/proc/PID/stat');
    expect(sourceOf({ hasChildrenFiles: false }, 'process-list')).toContain('/proc/*/stat');
  });

  it('are found out by reading', () => {
    const read = drawnFiles(`
      /proc/stat: cpu  1 2 3 4
      /proc/self/schedstat: 123 45 6
      /proc/self/smaps_rollup: Rss: 8 kB;Pss: 4 kB
      /proc/self/io: rchar: 5;read_bytes: 0
      /proc/self/cgroup: 0::/
      /sys/fs/cgroup/cpu.max: 150000 100000
      /sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq: 2400000`);
    expect(findAbilities({ hasCpuClock: true, tickMs: 4 }, read, () => true)).toEqual({
      ...everything,
      quotaCores: 1.5,
    });
    expect(
      findAbilities(
        { hasCpuClock: false, tickMs: null },
        () => null,
        () => false,
      ),
    ).toEqual(nothing);
  });
});

describe.runIf(process.platform === 'linux')('the costs of Linux', () => {
  it('are timed of every metric that a reading of its own is made for', () => {
    let now = 0;
    const reader = createNativeReader({ nowMs: () => performance.now() + now });
    const costs = measureCosts({ reader, skip: (milliseconds) => (now += milliseconds) });
    reader.close();
    const untimed = reader
      .capabilities()
      .filter(({ metric, available }) => available && !costs.has(metric))
      .map(({ metric }) => metric);
    const withOthers = [
      ...[
        'core-kinds-of-time',
        'core-topology',
        'waited-for-cpu',
        'unattributed-cpu',
        'wait-breakdown',
        'faults',
      ],
      ...['thread-identity', 'thread-wait', 'migrations', 'placement'],
    ];
    expect(untimed.filter((metric) => !withOthers.includes(metric))).toEqual([]);
    expect(Math.min(...costs.values())).toBeGreaterThan(0);
    // Thirty times apart on any machine: one is a number in the kernel, the other a walk through all pages.
    expect(costs.get('shared-memory')).toBeGreaterThan(10 * (costs.get('resident-memory') ?? Number.NaN));
  });
});

describe('the capabilities of the portable reader', () => {
  it('have no memory that is told apart, no waits and no threads', () => {
    const missing = missingOf(describePortable('darwin'));
    expect(missing).toEqual(missingOf(describePortable('win32')));
    expect(missing).toEqual(
      expect.arrayContaining(['shared-memory', 'run-queue-wait', 'thread-cpu', 'throttling']),
    );
  });

  it('are timed where no program is started for it', () => {
    const costs = measureCosts({ reader: createLibraryReader('darwin'), skip: () => undefined });
    expect([...costs.keys()]).toEqual(['core-busy', 'usable-cores']);
    expect(Math.min(...costs.values())).toBeGreaterThan(0);
  });
});
