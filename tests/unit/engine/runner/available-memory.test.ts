import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { readAvailableMemory } from '../../../../src/engine/runner/available-memory.ts';

const meminfo = { '/proc/meminfo': 'MemTotal: 8000 kB\nMemFree: 100 kB\nMemAvailable:    4000 kB\n' };
const machineBytes = 4_000 * 1_024;
const v2 = {
  ...meminfo,
  '/proc/self/mountinfo': '34 25 0:29 / /cg rw - cgroup2 cgroup2 rw',
  '/proc/self/cgroup': '0::/pod/app\n',
};
const v1 = {
  ...meminfo,
  '/proc/self/mountinfo': '34 25 0:29 / /cg/mem rw - cgroup cgroup rw,memory',
  '/proc/self/cgroup': '4:memory:/app\n',
};

function availableOn(files: Readonly<Record<string, string>>): number {
  const texts = new Map(Object.entries(files));
  return readAvailableMemory('linux', (file) => texts.get(file) ?? null);
}

describe('the memory that is available', () => {
  it('is what the kernel says where no control group limits it', () => {
    expect(availableOn(meminfo)).toBe(machineBytes);
    expect(
      availableOn({ ...v2, '/cg/pod/app/memory.max': 'max\n', '/cg/pod/app/memory.current': '5\n' }),
    ).toBe(machineBytes);
  });

  it('is what a control group leaves, and what it holds of files that can be dropped', () => {
    const group = {
      '/cg/pod/app/memory.max': '1000000\n',
      '/cg/pod/app/memory.current': '700000\n',
      '/cg/pod/app/memory.stat': 'anon 5\ninactive_file 200000\nactive_file 9\n',
    };
    expect(availableOn({ ...v2, ...group })).toBe(500_000);
  });

  it('is limited by the groups above as well', () => {
    const above = { '/cg/pod/memory.max': '900000\n', '/cg/pod/memory.current': '800000\n' };
    expect(availableOn({ ...v2, ...above })).toBe(100_000);
  });

  it('is read from version 1 by other names', () => {
    const group = {
      '/cg/mem/app/memory.limit_in_bytes': '1000000\n',
      '/cg/mem/app/memory.usage_in_bytes': '900000\n',
      '/cg/mem/app/memory.stat': 'inactive_file 1\ntotal_inactive_file 50000\n',
      // No limit, as version 1 says it.
      '/cg/mem/memory.limit_in_bytes': '9223372036854771712\n',
      '/cg/mem/memory.usage_in_bytes': '5000000\n',
    };
    expect(availableOn({ ...v1, ...group })).toBe(150_000);
  });

  it('is never less than nothing', () => {
    const over = { '/cg/pod/app/memory.max': '10\n', '/cg/pod/app/memory.current': '20\n' };
    expect(availableOn({ ...v2, ...over })).toBe(0);
  });

  it('is known on this machine', () => {
    expect(readAvailableMemory()).toBeGreaterThan(0);
    expect(readAvailableMemory()).toBeLessThanOrEqual(os.totalmem());
  });
});
