import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addToChecksum, seededNumbers } from '../../../../src/engine/workloads/seeded-numbers.ts';

/** The definition, in integers that never overflow. */
function* plainNumbers(seed: number, task: number): Generator<bigint, never> {
  let state = BigInt.asUintN(32, BigInt(seed) ^ (BigInt(task + 1) * 0x9e37_79b1n));
  for (;;) {
    state = BigInt.asUintN(32, state * 1_664_525n + 1_013_904_223n);
    yield state >> 8n;
  }
}

const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
const taskNumbers = fc.integer({ min: 0, max: 9_999 });

describe('seeded numbers', () => {
  it('are these', () => {
    const numbers = seededNumbers(0, 0);
    expect([numbers.next(), numbers.next(), numbers.next()]).toEqual([4_326_823, 3_105_563, 12_931_252]);
  });

  it('are what the definition says, for every seed and task', () => {
    fc.assert(
      fc.property(seeds, taskNumbers, (seed, task) => {
        const numbers = seededNumbers(seed, task);
        const plain = plainNumbers(seed, task);
        for (let index = 0; index < 20; index += 1) expect(numbers.next()).toBe(Number(plain.next().value));
      }),
    );
  });

  it('stay exact below any limit up to 2^29', () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 1, max: 2 ** 29 }), (seed, limit) => {
        const number = seededNumbers(seed, 0).below(limit);
        expect(number).toBe(Number((plainNumbers(seed, 0).next().value * BigInt(limit)) >> 24n));
        expect(number).toBeLessThan(limit);
      }),
    );
  });

  it('differ from task to task', () => {
    const firsts = Array.from({ length: 1_000 }, (_, task) => seededNumbers(7, task).next());
    expect(new Set(firsts).size).toBe(1_000);
  });
});

describe('the checksum', () => {
  it('depends on the order', () => {
    expect([1, 2, 3].reduce(addToChecksum, 0)).toBe(1 * 961 + 2 * 31 + 3);
    expect([3, 2, 1].reduce(addToChecksum, 0)).toBe(3 * 961 + 2 * 31 + 1);
  });

  it('stays below 2^32', () => {
    expect(addToChecksum(0xffff_ffff, 31)).toBe(0);
    expect(addToChecksum(0xffff_ffff, 30)).toBe(0xffff_ffff);
  });
});
