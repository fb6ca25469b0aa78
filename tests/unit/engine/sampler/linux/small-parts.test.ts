import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createSessionClock } from '../../../../../src/engine/clock.ts';
import {
  clockOfProcess,
  createCpuClock,
  createMonotonicClock,
  loadBootClock,
  loadCpuClock,
} from '../../../../../src/engine/sampler/linux/cpu-clock.ts';
import { loadCLibrary } from '../../../../../src/engine/sampler/linux/c-library.ts';
import { parsePageSize, readPageSize } from '../../../../../src/engine/sampler/linux/page-size.ts';

function vector(words: readonly number[]): Buffer {
  const buffer = Buffer.alloc(words.length * 8);
  words.forEach((word, index) => buffer.writeBigUInt64LE(BigInt(word), index * 8));
  return buffer;
}

describe('the size of a page', () => {
  it('is what the kernel tells, 16 and 64 KiB included', () => {
    for (const size of [4096, 16_384, 65_536]) {
      expect(parsePageSize(vector([16, 1, 6, size, 17, 100, 0, 0]), 8, 'LE')).toBe(size);
    }
  });

  it('is read in either order of bytes, and in words of four', () => {
    const narrow = Buffer.alloc(8);
    narrow.writeUInt32BE(6, 0);
    narrow.writeUInt32BE(65_536, 4);
    expect(parsePageSize(narrow, 4, 'BE')).toBe(65_536);
    expect(parsePageSize(vector([6, 16_384]).swap64(), 8, 'BE')).toBe(16_384);
  });

  it('is unknown where it is not told, and never guessed', () => {
    expect(parsePageSize(vector([16, 1, 0, 0]), 8, 'LE')).toBeNaN();
    expect(parsePageSize(Buffer.alloc(3), 8, 'LE')).toBeNaN();
  });

  it.runIf(process.platform === 'linux')('is a power of two on this machine', () => {
    expect(Math.log2(readPageSize()) % 1).toBe(0);
  });
});

describe('the size of a file by the C library', () => {
  const readSize = loadCLibrary()?.readSize ?? null;

  it.skipIf(readSize === null)('is what Node says it is, and unknown where there is no such file', () => {
    const { filename } = import.meta;
    expect(readSize?.(filename)).toBe(statSync(filename).size);
    expect(readSize?.('/proc/0/fd')).toBeNaN();
  });
});

describe('the CPU clock of a process', () => {
  it('is the complement of the pid, shifted, with the scheduler’s mark', () => {
    expect([clockOfProcess(0), clockOfProcess(1), clockOfProcess(4_194_304)]).toEqual([-6, -14, -33_554_438]);
  });

  it('is in nanoseconds, seconds beyond 32 bits included', () => {
    let answer = [0n, 0n];
    const clock = createCpuClock((_clock, time) => {
      time.set(answer);
      return 0;
    });
    answer = [3n, 5n];
    expect(clock.readNs(1)).toBe(3_000_000_005);
    answer = [2n ** 32n + 1n, 0n];
    expect(clock.readNs(1)).toBe((2 ** 32 + 1) * 1e9);
  });

  it('is unknown for a pid that nobody has', () => {
    expect(createCpuClock(() => -1).readNs(1)).toBeNaN();
    const clock = loadCpuClock();
    if (clock !== null) expect(clock.readNs(2 ** 22 + 1)).toBeNaN();
  });

  it('tells the time of the session as its own clock does, to the nanosecond', () => {
    let answer = [0n, 0n];
    const nowMs = createMonotonicClock((_clock, time) => {
      time.set(answer);
      return 0;
    }, 5_999_999_999n);
    answer = [6n, 0n];
    expect(nowMs()).toBeCloseTo(1e-6, 12);
    answer = [5n, 999_999_998n];
    expect(nowMs()).toBeCloseTo(-1e-6, 12);
    const library = loadCLibrary();
    if (library === null) return;
    const clock = createSessionClock();
    const nowByLibraryMs = createMonotonicClock(library.getTime, clock.originNs);
    const readings = [clock.nowMs(), nowByLibraryMs(), clock.nowMs(), nowByLibraryMs()];
    expect([...readings].sort((left, right) => left - right)).toEqual(readings);
  });

  it('tells the time since boot, suspended time included, for which the kernel has a clock of its own', () => {
    const asked: number[] = [];
    const bootMs = loadBootClock({
      getTime(clock, time) {
        asked.push(clock);
        time.set([12n, 345_678_000n]);
        return asked.length === 1 ? 0 : -1;
      },
      read: () => -1,
      readSize: null,
    });
    expect(bootMs?.()).toBe(12_345.678);
    expect(bootMs?.()).toBeNaN();
    expect(asked).toEqual([7, 7]);
    expect(loadBootClock(null)).toBeNull();
  });

  it('runs with this process, where it loads', () => {
    const clock = loadCpuClock();
    if (clock === null) return;
    const before = clock.readNs(process.pid);
    const { user, system } = process.cpuUsage();
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThanOrEqual((user + system) * 1000 + 50e6);
  });
});
