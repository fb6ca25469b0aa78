import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestWorkersOf, curveWallMs, fitCurve } from '../../../../../src/engine/analysis/scaling/curve.ts';

const counts = [1, 2, 3, 4, 6, 8];

describe('a scaling curve', () => {
  it("is Amdahl's law without coherency: a tenth of serial work on 4 workers takes 0.325 of the time", () => {
    const curve = { oneWorkerMs: 1000, contention: 0.1, coherency: 0 };
    expect(curveWallMs(curve, 4)).toBeCloseTo(1000 * (0.1 + 0.9 / 4), 9);
  });

  it('is found again from the points that it gives', () => {
    const curves = fc.record({
      oneWorkerMs: fc.double({ min: 1, max: 1e5, noNaN: true }),
      contention: fc.double({ min: 0, max: 0.9, noNaN: true }),
      coherency: fc.double({ min: 0, max: 0.1, noNaN: true }),
    });
    fc.assert(
      fc.property(curves, (curve) => {
        const walls = counts.map((workers) => curveWallMs(curve, workers));
        const fitted = fitCurve(counts, walls, 'usl');
        expect((fitted?.oneWorkerMs ?? 0) / curve.oneWorkerMs).toBeCloseTo(1, 6);
        expect(fitted?.contention).toBeCloseTo(curve.contention, 6);
        expect(fitted?.coherency).toBeCloseTo(curve.coherency, 6);
      }),
    );
  });

  it("has scipy's Levenberg-Marquardt minimum of the relative residuals where points scatter", () => {
    const walls = [1000, 540, 405, 345, 290, 300];
    const usl = fitCurve(counts, walls, 'usl');
    expect(usl?.oneWorkerMs).toBeCloseTo(1002.4293891574071, 3);
    expect(usl?.contention).toBeCloseTo(0.04473446428347048, 7);
    expect(usl?.coherency).toBeCloseTo(0.018691964243656867, 7);
    const amdahl = fitCurve(counts, walls, 'amdahl');
    expect(amdahl?.oneWorkerMs).toBeCloseTo(927.8345770532583, 3);
    expect(amdahl?.contention).toBeCloseTo(0.18762892786474678, 7);
  });

  it('never has a term below zero, where work goes faster than N times', () => {
    const walls = counts.map((workers) => 1000 / workers ** 1.1);
    expect(fitCurve(counts, walls, 'usl')).toMatchObject({ contention: 0, coherency: 0 });
  });

  it('has its best number of workers where Gunther has it, within what was measured', () => {
    // √((1 − 0.1) / 0.01) = 9.49: 9 or 10, and 9 is the faster.
    const curve = { oneWorkerMs: 1000, contention: 0.1, coherency: 0.01 };
    const walls = Array.from({ length: 16 }, (_, index) => curveWallMs(curve, index + 1));
    expect(walls.indexOf(Math.min(...walls)) + 1).toBe(9);
    expect(bestWorkersOf(curve, 1, 16)).toBe(9);
    expect(bestWorkersOf(curve, 1, 8)).toBe(8);
    expect(bestWorkersOf({ ...curve, coherency: 0 }, 1, 32)).toBe(32);
    expect(bestWorkersOf({ ...curve, contention: 1.2 }, 2, 32)).toBe(2);
    expect(bestWorkersOf({ oneWorkerMs: 1, contention: 1, coherency: 0 }, 1, 8)).toBe(1);
  });

  it('has the best of all whole numbers, whatever its terms', () => {
    const share = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(share, share, fc.integer({ min: 1, max: 5 }), (contention, coherency, fewest) => {
        const curve = { oneWorkerMs: 1, contention, coherency };
        const best = curveWallMs(curve, bestWorkersOf(curve, fewest, 24));
        for (let workers = fewest; workers <= 24; workers += 1) {
          expect(best).toBeLessThanOrEqual(curveWallMs(curve, workers) * (1 + 1e-12));
        }
      }),
    );
  });
});
