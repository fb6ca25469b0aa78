import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { takeMemory } from '../../../../src/engine/workloads/allocate.ts';
import { writeAndReadFiles } from '../../../../src/engine/workloads/files.ts';
import { countAndSleep } from '../../../../src/engine/workloads/mixed.ts';
import { seededNumbers } from '../../../../src/engine/workloads/seeded-numbers.ts';
import { fillArray, sharedSumWork, sumSlice } from '../../../../src/engine/workloads/shared-sum.ts';
import { contextWith } from './contexts.ts';

const ways = ['serial', 'async'] as const;

const inMemory = { channel: 'memory', endWorker: () => Promise.resolve(false) } as const;

describe('mixed', () => {
  it.each(ways)('with a share of 1 counts all the time in %s', async (strategy) => {
    // A tenth of 10 ms at 100 a millisecond: 0 + ... + 99 = 4950, ten times.
    expect(await countAndSleep({ ms: 10, cpuShare: 1, countPerMs: 100 }, { strategy })).toBe(
      '10 turns, sum 49500',
    );
  });

  it.each(ways)('with a share of 0 only sleeps in %s', async (strategy) => {
    expect(await countAndSleep({ ms: 10, cpuShare: 0, countPerMs: 100 }, { strategy })).toBe(
      '10 turns, sum 0',
    );
  });

  it('with a share in between counts for that share', async () => {
    // 25 a turn: 0 + ... + 24 = 300.
    expect(await countAndSleep({ ms: 10, cpuShare: 0.25, countPerMs: 100 }, { strategy: 'async' })).toBe(
      '10 turns, sum 3000',
    );
  });

  it('begins anew after a million, so that the sum stays exact', async () => {
    // 2 500 000 a turn: twice 0 + ... + 999999 and once 0 + ... + 499999.
    const perTurn = 2 * ((1_000_000 * 999_999) / 2) + (500_000 * 499_999) / 2;
    expect(await countAndSleep({ ms: 25, cpuShare: 1, countPerMs: 1_000_000 }, { strategy: 'serial' })).toBe(
      `10 turns, sum ${10 * perTurn}`,
    );
  });
});

describe('allocate', () => {
  it.each(ways)('touches every page in %s', async (strategy) => {
    expect(await takeMemory({ megabytes: 3, holdMs: 1 }, { strategy })).toBe('3 MiB in 768 pages');
  });
});

describe('files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'corescope-files-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each(ways)('returns what it has read, and removes it, in %s', async (strategy) => {
    const numbers = seededNumbers(7, 0);
    const pattern = Buffer.from(Array.from({ length: 1_024 }, () => numbers.below(256)));
    const allThatIsRead = Buffer.alloc(2 * 3 * 1_024, pattern);
    expect(await writeAndReadFiles({ files: 2, kilobytes: 3 }, contextWith({ folder, strategy }))).toBe(
      createHash('sha256').update(allThatIsRead).digest('hex'),
    );
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('shared-sum', () => {
  const params = { megabytes: 2, sharing: 'shared', rounds: 2 };

  it('fills the array with the same MiB, each with its number in front', () => {
    const array = new Uint32Array(2 * 262_144);
    fillArray(array, 7);
    const numbers = seededNumbers(7, 0);
    const drawn = [numbers.next(), numbers.next(), numbers.next()];
    expect([...array.subarray(0, 3)]).toEqual([0, drawn[1], drawn[2]]);
    expect([...array.subarray(262_144, 262_147)]).toEqual([1, drawn[1], drawn[2]]);
  });

  it.each([1, 3, 7])('adds up everything once in %d slices', async (tasks) => {
    const prepared = await sharedSumWork.prepare?.({
      ...contextWith({ tasks }),
      params,
      ...inMemory,
    });
    const array = prepared?.shared;
    if (!(array instanceof Uint32Array)) throw new Error('there is no array');
    expect(array.buffer).toBeInstanceOf(SharedArrayBuffer);
    const slices = Array.from({ length: tasks }, (_, task) =>
      sumSlice(params, contextWith({ task, tasks, shared: array })),
    );
    const sums = slices.map((slice) => Number(slice.split('sum ')[1]));
    expect(sums.reduce((total, sum) => total + sum)).toBe(array.reduce((total, value) => total + value));
    expect(slices[0]).toMatch(/^numbers 0 to /);
    expect(slices.at(-1)).toMatch(/ to 524288, /);
  });

  it('gives threads nothing to share where it is to be copied', async () => {
    const copied = { ...params, sharing: 'copied' };
    const prepared = await sharedSumWork.prepare?.({
      ...contextWith(),
      params: copied,
      ...inMemory,
    });
    const array = prepared?.shared;
    expect(array instanceof Uint32Array && array.buffer).toBeInstanceOf(ArrayBuffer);
  });
});
