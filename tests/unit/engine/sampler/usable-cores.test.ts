import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseUsableCores } from '../../../../src/engine/sampler/usable-cores.ts';

function choose(
  onlineCores: number,
  affinityCores: number | null,
  cpusetCores: number | null,
  quotaCores: number | null,
): string {
  const usable = chooseUsableCores({ onlineCores, affinityCores, cpusetCores, quotaCores });
  return `${usable.count} by ${usable.boundBy}`;
}

describe('usable cores', () => {
  it('are the smallest of all limits, which is named', () => {
    expect(choose(8, null, null, null)).toBe('8 by machine');
    expect(choose(8, 3, 8, 4)).toBe('3 by affinity');
    expect(choose(8, 4, 4, 6)).toBe('4 by cpuset');
    expect(choose(8, 4, 4, 2)).toBe('2 by quota');
  });

  it('are named after the outermost of equal limits', () => {
    expect(choose(2, 2, 2, 2)).toBe('2 by machine');
    expect(choose(4, 2, null, 2)).toBe('2 by affinity');
  });

  it('round a quota up, and are at least one', () => {
    expect(choose(2, 2, 2, 0.5)).toBe('1 by quota');
    expect(choose(2, 2, 2, 1.5)).toBe('2 by quota');
    expect(choose(4, 0, null, null)).toBe('1 by affinity');
  });

  it('are never more than any limit, rounded up, and no limit is lost', () => {
    const limit = fc.option(fc.double({ min: 0.01, max: 300, noNaN: true }));
    const cores = fc.option(fc.integer({ min: 1, max: 300 }));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        cores,
        cores,
        limit,
        (onlineCores, affinityCores, cpusetCores, quotaCores) => {
          const limits = { onlineCores, affinityCores, cpusetCores, quotaCores };
          const usable = chooseUsableCores(limits);
          const known = [onlineCores, affinityCores, cpusetCores, quotaCores].filter((each) => each !== null);
          expect(usable.count).toBe(Math.ceil(Math.min(...known)));
          expect(usable).toMatchObject(limits);
        },
      ),
    );
  });
});
