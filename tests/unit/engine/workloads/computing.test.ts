import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hashBuffers } from '../../../../src/engine/workloads/hash.ts';
import { writeAndReadJson } from '../../../../src/engine/workloads/json.ts';
import { drawMandelbrot } from '../../../../src/engine/workloads/mandelbrot.ts';
import { multiplyMatrices } from '../../../../src/engine/workloads/matrix.ts';
import { countPrimes } from '../../../../src/engine/workloads/primes.ts';
import { seededNumbers } from '../../../../src/engine/workloads/seeded-numbers.ts';
import { sortNumbers } from '../../../../src/engine/workloads/sort.ts';

const first = { seed: 7, task: 0 };
const second = { seed: 7, task: 1 };

describe('primes', () => {
  it.each([
    [2, 0],
    [3, 1],
    [4, 2],
    [5, 2],
    [9, 4],
    [10, 4],
    [25, 9],
    [26, 9],
    [100, 25],
    [1_000, 168],
    [100_000, 9_592],
  ])('below %d are %d', (n, count) => {
    expect(countPrimes({ n })).toBe(String(count));
  });
});

describe('mandelbrot', () => {
  it('leaves a point outside after its first step', () => {
    // -2 - 1.5i: |z| is 2.5 after one step.
    expect(drawMandelbrot({ size: 1, iterations: 100 })).toBe('1 steps, 1');
  });

  it('takes all steps for points of the set', () => {
    // -2 - 1.5i: 1; -0.5 - 1.5i: 2 (to -2.5); -2 and -0.5 are of the set.
    const checksum = ((1 * 31 + 2) * 31 + 50) * 31 + 50;
    expect(drawMandelbrot({ size: 2, iterations: 50 })).toBe(`103 steps, ${checksum}`);
  });
});

describe('matrix', () => {
  /** The same product in whole numbers of any size. */
  function multiplyPlainly(n: number, seed: number, task: number): string {
    const numbers = seededNumbers(seed, task);
    const makeLines = (): bigint[][] =>
      Array.from({ length: n }, () => Array.from({ length: n }, () => BigInt(numbers.below(65_521))));
    const rows = makeLines();
    const columns = makeLines();
    const product = rows.map((row) =>
      columns.map(
        (column) => row.reduce((sum, left, index) => sum + left * (column[index] ?? 0n), 0n) % 65_521n,
      ),
    );
    const trace = product.reduce((sum, row, index) => sum + (row[index] ?? 0n), 0n);
    const checksum = product.flat().reduce((sum, element) => BigInt.asUintN(32, sum * 31n + element), 0n);
    return `trace ${trace}, ${checksum}`;
  }

  it('is the exact product, for every seed', () => {
    const seeds = fc.integer({ min: 0, max: 0xffff_ffff });
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 50 }), fc.integer({ min: 1, max: 9 }), (seed, task, n) => {
        expect(multiplyMatrices({ n }, { seed, task })).toBe(multiplyPlainly(n, seed, task));
      }),
      { numRuns: 50 },
    );
  });
});

describe('json', () => {
  const text =
    '[{"id":0,"name":"Zoë \\"25983\\"","score":1596.625,"active":false,"parent":null,"tags":["tag-13","tag-41","line\\nbreak"],"place":{"x":842,"y":-294}},' +
    '{"id":1,"name":"Zoë \\"52890\\"","score":878.625,"active":true,"parent":null,"tags":["tag-35","tag-6","line\\nbreak"],"place":{"x":599,"y":-133}}]';
  const result = `290 characters, ${createHash('sha256').update(text).digest('hex')}`;

  it.each([1, 2, 5])('is the same text after %d rounds', (rounds) => {
    expect(writeAndReadJson({ records: 2, rounds }, first)).toBe(result);
  });

  it('differs from task to task', () => {
    expect(writeAndReadJson({ records: 2, rounds: 1 }, second)).not.toBe(result);
  });
});

describe('sort', () => {
  it('tells with what the shuffled list began', () => {
    expect(sortNumbers({ n: 8, rounds: 1 }, first)).toBe('8 numbers, from 6 0 7 3 5 1 4 2');
    expect(sortNumbers({ n: 8, rounds: 3 }, first)).toBe('8 numbers, from 6 0 7 3 5 1 4 2');
    expect(sortNumbers({ n: 1, rounds: 1 }, first)).toBe('1 numbers, from 0');
  });

  it('shuffles so that every number is there once', () => {
    for (let task = 0; task < 50; task += 1) {
      const shuffled = sortNumbers({ n: 8, rounds: 1 }, { seed: 1, task }).split('from ')[1] ?? '';
      expect(shuffled.split(' ').toSorted()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
    }
  });
});

describe('hash', () => {
  const numbers = seededNumbers(7, 0);
  const pattern = Buffer.from(Array.from({ length: 1_024 }, () => numbers.below(256)));
  const ofOneMib = createHash('sha256').update(Buffer.alloc(1_048_576, pattern)).digest('hex');

  it.each([1, 3, 1_000, 1_024])('does not depend on pieces of %d KiB', (pieceKilobytes) => {
    expect(hashBuffers({ megabytes: 1, pieceKilobytes }, first)).toBe(ofOneMib);
  });

  it('covers every MiB, and differs from task to task', () => {
    expect(hashBuffers({ megabytes: 2, pieceKilobytes: 1_024 }, first)).not.toBe(ofOneMib);
    expect(hashBuffers({ megabytes: 1, pieceKilobytes: 1_024 }, second)).not.toBe(ofOneMib);
  });
});
