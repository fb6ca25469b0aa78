import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCpuMeter } from '../../../../src/engine/sampler/cpu-meter.ts';

/** The shares that follow from readings `[atMs, cpuMs]` of one subject. */
function sharesOf(readings: readonly (readonly [number, number])[]): number[] {
  const meter = createCpuMeter<string>();
  return readings.map(([atMs, cpuMs]) => meter.read('subject', atMs, cpuMs));
}

describe('the CPU meter', () => {
  it('is in cores: two busy threads are 2', () => {
    expect(
      sharesOf([
        [0, 500],
        [100, 700],
        [200, 700],
      ]),
    ).toEqual([Number.NaN, 2, 0]);
  });

  it('divides by the time that passed, not by the time that was asked for', () => {
    expect(
      sharesOf([
        [0, 0],
        [250, 125],
      ]),
    ).toEqual([Number.NaN, 0.5]);
  });

  it('knows nothing at the first reading, however much the subject used before', () => {
    expect(sharesOf([[5000, 4000]])).toEqual([Number.NaN]);
  });

  it('bridges a reading that failed', () => {
    expect(
      sharesOf([
        [0, 0],
        [100, Number.NaN],
        [200, 100],
      ]),
    ).toEqual([Number.NaN, Number.NaN, 0.5]);
  });

  it('begins anew where the counter went back', () => {
    expect(
      sharesOf([
        [0, 900],
        [100, 10],
        [200, 60],
      ]),
    ).toEqual([Number.NaN, Number.NaN, 0.5]);
  });

  it('repeats itself while there is no newer reading', () => {
    expect(
      sharesOf([
        [0, 0],
        [100, 50],
        [100, 50],
        [200, 50],
      ]),
    ).toEqual([Number.NaN, 0.5, 0.5, 0]);
  });

  it('keeps its subjects apart and forgets those that are gone', () => {
    const meter = createCpuMeter<string>();
    meter.read('a', 0, 0);
    meter.read('b', 0, 1000);
    expect([meter.read('a', 100, 10), meter.read('b', 100, 1090)]).toEqual([0.1, 0.9]);
    meter.forget('a');
    expect([meter.read('a', 200, 20), meter.read('b', 200, 1100)]).toEqual([Number.NaN, 0.1]);
  });

  it('loses no CPU time: shares times durations add up to what was used', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 1000 }), fc.nat({ max: 5000 })), { minLength: 1 }),
        (steps) => {
          const meter = createCpuMeter<string>();
          meter.read('subject', 0, 0);
          let [atMs, cpuMs, sumMs] = [0, 0, 0];
          for (const [stepMs, spentMs] of steps) {
            atMs += stepMs;
            cpuMs += spentMs;
            sumMs += meter.read('subject', atMs, cpuMs) * stepMs;
          }
          expect(sumMs).toBeCloseTo(cpuMs, 3);
        },
      ),
    );
  });
});
