/**
 * The Universal Scalability Law (Gunther 1993; "Guerrilla Capacity Planning", 2007, chapter 4), as wall time:
 *
 *     T(N) = T₁ · (1 + α·(N − 1) + β·N·(N − 1)) / N
 *
 * α is the share of the work that waits in line (Amdahl's serial fraction; with β = 0 this is Amdahl's law), β what
 * keeping every pair of workers in agreement costs. Speed-up peaks at N* = √((1 − α)/β) where β > 0.
 */
export interface Curve {
  readonly oneWorkerMs: number;
  /** α, at least 0. */
  readonly contention: number;
  /** β, at least 0. */
  readonly coherency: number;
}

export type Law = 'amdahl' | 'usl';

/**
 * The curve of the least sum of squared relative residuals, ((T(N) − Tᵢ)/Tᵢ)². It is linear in T₁, T₁α and T₁β, so
 * there is nothing to iterate and nothing to start from; the method of Levenberg and Marquardt ends at the same minimum
 * (curve.test.ts has scipy's). Below zero is not allowed, for no work costs less than none: of the fits with some
 * terms left out, the best whose terms are all at least 0.
 *
 * Null where even T₁ alone does not come out positive.
 */
export function fitCurve(workers: ArrayLike<number>, wallMs: ArrayLike<number>, law: Law): Curve | null {
  // Normal equations of three columns (1/N, (N−1)/N, N−1) over T against 1; s.. are their products.
  let [s00, s01, s02, s11, s12, s22, t0, t1, t2] = [0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let index = 0; index < workers.length; index += 1) {
    const count = workers[index] ?? Number.NaN;
    const wall = wallMs[index] ?? Number.NaN;
    const x0 = 1 / (count * wall);
    const x1 = (count - 1) / (count * wall);
    const x2 = (count - 1) / wall;
    s00 += x0 * x0;
    s01 += x0 * x1;
    s02 += x0 * x2;
    s11 += x1 * x1;
    s12 += x1 * x2;
    s22 += x2 * x2;
    t0 += x0;
    t1 += x1;
    t2 += x2;
  }
  if (law === 'usl') {
    const minor0 = s11 * s22 - s12 * s12;
    const minor1 = s01 * s22 - s12 * s02;
    const minor2 = s01 * s12 - s11 * s02;
    const determinant = s00 * minor0 - s01 * minor1 + s02 * minor2;
    // Cramer's rule: three unknowns, columns of like size.
    const a = (t0 * minor0 - s01 * (t1 * s22 - s12 * t2) + s02 * (t1 * s12 - s11 * t2)) / determinant;
    const b = (s00 * (t1 * s22 - s12 * t2) - t0 * minor1 + s02 * (s01 * t2 - t1 * s02)) / determinant;
    const c = (s00 * (s11 * t2 - t1 * s12) - s01 * (s01 * t2 - t1 * s02) + t0 * minor2) / determinant;
    // All terms allowed is the least of all, so nothing else needs to be tried.
    if (a > 0 && b >= 0 && c >= 0) return { oneWorkerMs: a, contention: b / a, coherency: c / a };
  }
  const amdahl = fitTwo(s00, s01, s11, t0, t1);
  const coherent = law === 'usl' ? fitTwo(s00, s02, s22, t0, t2) : null;
  if (amdahl !== null || coherent !== null) {
    if (coherent === null || (amdahl !== null && amdahl.gain >= coherent.gain)) {
      if (amdahl === null) throw new Error('one of the two is there');
      return { oneWorkerMs: amdahl.a, contention: amdahl.b / amdahl.a, coherency: 0 };
    }
    return { oneWorkerMs: coherent.a, contention: 0, coherency: coherent.b / coherent.a };
  }
  const alone = t0 / s00;
  return alone > 0 && Number.isFinite(alone) ? { oneWorkerMs: alone, contention: 0, coherency: 0 } : null;
}

/** Two columns; `gain` is by how much they lower the sum of squares. Null where a term is below zero. */
function fitTwo(
  s00: number,
  s01: number,
  s11: number,
  t0: number,
  t1: number,
): { readonly a: number; readonly b: number; readonly gain: number } | null {
  const determinant = s00 * s11 - s01 * s01;
  const a = (t0 * s11 - s01 * t1) / determinant;
  const b = (s00 * t1 - s01 * t0) / determinant;
  return a > 0 && b >= 0 ? { a, b, gain: a * t0 + b * t1 } : null;
}

export function curveWallMs(curve: Curve, workers: number): number {
  const { oneWorkerMs, contention, coherency } = curve;
  const others = workers - 1;
  return (oneWorkerMs * (1 + contention * others + coherency * workers * others)) / workers;
}

/** The whole number of workers between `fewest` and `most` at which the curve is lowest; the fewer of two equals. */
export function bestWorkersOf(curve: Curve, fewest: number, most: number): number {
  const { contention, coherency } = curve;
  if (contention >= 1) return fewest;
  const peak = Math.sqrt((1 - contention) / coherency);
  const below = Math.min(most, Math.max(fewest, Math.floor(peak)));
  const above = Math.min(most, below + 1);
  return curveWallMs(curve, above) < curveWallMs(curve, below) ? above : below;
}
