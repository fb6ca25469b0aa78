import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogicalCore } from '../../../../../src/shared/topology.ts';
import { parseNumberList } from '../../../../../src/engine/sampler/linux/number-list.ts';
import { readCores } from '../../../../../src/engine/sampler/linux/topology.ts';
import { drawnFiles } from '../../../../support/drawn-files.ts';

const folder = join(import.meta.dirname, '../../../../fixtures/topology');

function coresOf(machine: string, coreCount: number): readonly LogicalCore[] {
  const read = drawnFiles(readFileSync(join(folder, `${machine}.txt`), 'utf8'));
  return readCores(read, Array<boolean>(coreCount).fill(true));
}

/** The cores of each value: `0: 0-3, 1: 4-7`; `-` is null. */
function drawBy(cores: readonly LogicalCore[], of: (core: LogicalCore) => string | number | null): string {
  const byValue = new Map<string, number[]>();
  for (const core of cores) {
    const value = String(of(core) ?? '-');
    byValue.set(value, [...(byValue.get(value) ?? []), core.index]);
  }
  return [...byValue].map(([value, indexes]) => `${value}: ${drawList(indexes)}`).join(' | ');
}

function drawList(numbers: readonly number[]): string {
  return numbers
    .filter((number, at) => numbers[at - 1] !== number - 1)
    .map((first) => {
      let last = first;
      while (numbers.includes(last + 1)) last += 1;
      return first === last ? String(first) : `${first}-${last}`;
    })
    .join(',');
}

function draw(cores: readonly LogicalCore[]): Record<string, string> {
  return {
    socket: drawBy(cores, ({ socket }) => socket),
    node: drawBy(cores, ({ numaNode }) => numaNode),
    cache: drawBy(cores, ({ cacheGroup }) => cacheGroup),
    kind: drawBy(cores, ({ kind }) => kind),
    maxMhz: drawBy(cores, ({ maxMhz }) => maxMhz),
  };
}

describe('the topology', () => {
  it('of a virtual machine: two physical cores, one cache, one node', () => {
    const cores = coresOf('virtual-machine', 2);
    expect(draw(cores)).toEqual({
      socket: '0: 0-1',
      node: '0: 0-1',
      cache: '0: 0-1',
      kind: '-: 0-1',
      maxMhz: '-: 0-1',
    });
    expect(drawBy(cores, ({ physicalCore }) => physicalCore)).toBe('0: 0 | 1: 1');
  });

  it('of two sockets: their threads lie apart in the numbering, and share what they share', () => {
    const cores = coresOf('two-sockets', 48);
    expect(draw(cores)).toEqual({
      socket: '0: 0-11,24-35 | 1: 12-23,36-47',
      node: '0: 0-11,24-35 | 1: 12-23,36-47',
      cache: '0: 0-11,24-35 | 12: 12-23,36-47',
      kind: '-: 0-47',
      maxMhz: '-: 0-47',
    });
    expect(cores.map(({ physicalCore }) => physicalCore)).toEqual(cores.map(({ index }) => index % 24));
  });

  it('of a hybrid laptop: two kinds of cores, and two that have no third-level cache', () => {
    const cores = coresOf('hybrid-laptop', 22);
    expect(draw(cores)).toEqual({
      socket: '0: 0-21',
      node: '0: 0-21',
      cache: '0: 0-19 | 20: 20-21',
      kind: 'performance: 0-11 | efficiency: 12-21',
      maxMhz: '-: 0-21',
    });
    expect(new Set(cores.map(({ physicalCore }) => physicalCore)).size).toBe(16);
    expect([0, 5, 1, 2, 12].map((core) => cores[core]?.physicalCore)).toEqual([0, 0, 1, 1, 12]);
  });

  it('of a board with large and small cores: by their capacity; a package of -1 is not known', () => {
    expect(draw(coresOf('arm-big-little', 6))).toEqual({
      socket: '-: 0-5',
      node: '-: 0-5',
      cache: '0: 0,3-5 | 1: 1-2',
      kind: 'efficiency: 0,3-5 | performance: 1-2',
      maxMhz: '-: 0-5',
    });
  });

  it('of a container that sees nothing of /sys: the cores, and nothing about them', () => {
    expect(draw(coresOf('bare-container', 4))).toEqual({
      socket: '-: 0-3',
      node: '-: 0-3',
      cache: '-: 0-3',
      kind: '-: 0-3',
      maxMhz: '-: 0-3',
    });
  });

  it('does not take favoured cores of one class for a class of their own', () => {
    const capacities = [1024, 1009, 1009, 1024].map(
      (capacity, core) => `/sys/devices/system/cpu/cpu${core}/cpu_capacity: ${capacity}\n`,
    );
    const cores = readCores(drawnFiles(capacities.join('')), [true, true, true, true]);
    expect(drawBy(cores, ({ kind }) => kind)).toBe('-: 0-3');
  });

  it('has no kinds in a guest that was given cores of one class', () => {
    const cores = readCores(drawnFiles('/sys/devices/cpu_core/cpus: 0-1'), [true, true]);
    expect(drawBy(cores, ({ kind }) => kind)).toBe('-: 0-1');
  });

  it('tells the highest clock in MHz, and which cores are away', () => {
    const read = drawnFiles('/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq: 3187200');
    const cores = readCores(read, [true, false]);
    expect(cores.map(({ maxMhz, online, usable }) => [maxMhz, online, usable])).toEqual([
      [3187.2, true, true],
      [null, false, false],
    ]);
  });
});

describe('a list of numbers', () => {
  it('is read back as it was written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat({ max: 500 })), (numbers) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        expect(parseNumberList(`${drawList(sorted)}\n`)).toEqual(sorted);
      }),
    );
  });

  it('is refused when it is none', () => {
    expect(['x', '1-', '3-1', '0-99999999', '1,,2', '-1'].map(parseNumberList)).toEqual(
      Array.from({ length: 6 }, () => null),
    );
  });
});
