import { mannWhitneyCumulative, normalTail } from './rank-distributions.ts';

export interface MannWhitney {
  /** Pairs (first, second) in which the first is larger; ties count one half. */
  readonly u: number;
  /** Two-sided. */
  readonly p: number;
  readonly method: 'exact' | 'normal';
}

/** Up to this many pairs the exact distribution is quick, and above it the normal one is within 1 % of it. */
const mostPairsForExact = 2500;

/**
 * Mann and Whitney's U test (1947): do values of one group tend to be larger than those of the other? Exact without
 * ties, p = 2 · P(U ≤ min(U, mn − U)), at most 1. With ties, or for many values, the normal approximation with
 * continuity and tie correction (Hollander and Wolfe 1999, 4.1):
 *
 *     z = (|U − mn/2| − 1/2) / √( mn/12 · ( (N + 1) − Σ(t³ − t) / (N (N − 1)) ) ),   N = m + n
 *
 * Blind to blocks: where these differ much, a paired difference that is there is not found. Null where a group is
 * empty.
 */
export function mannWhitney(first: readonly number[], second: readonly number[]): MannWhitney | null {
  const [m, n] = [first.length, second.length];
  if (m === 0 || n === 0) return null;
  const { rankSum, tieTerm } = rankFirst(first, second);
  const u = rankSum - (m * (m + 1)) / 2;
  if (tieTerm === 0 && m * n <= mostPairsForExact) {
    const tail = mannWhitneyCumulative(m, n)[Math.min(u, m * n - u)] ?? Number.NaN;
    return { u, p: Math.min(1, 2 * tail), method: 'exact' };
  }
  const total = m + n;
  const variance = ((m * n) / 12) * (total + 1 - tieTerm / (total * (total - 1)));
  // All values are the same: nothing speaks for a difference.
  if (variance <= 0) return { u, p: 1, method: 'normal' };
  const z = (Math.abs(u - (m * n) / 2) - 0.5) / Math.sqrt(variance);
  return { u, p: Math.min(1, 2 * normalTail(Math.max(0, z))), method: 'normal' };
}

/** The sum of the ranks of `first` among all, ties at their mean rank, and Σ(t³ − t) over groups of ties. */
function rankFirst(
  first: readonly number[],
  second: readonly number[],
): { readonly rankSum: number; readonly tieTerm: number } {
  const all = [
    ...first.map((value) => ({ value, isFirst: true })),
    ...second.map((value) => ({ value, isFirst: false })),
  ].sort((left, right) => left.value - right.value);
  let rankSum = 0;
  let tieTerm = 0;
  for (let start = 0; start < all.length;) {
    let end = start + 1;
    while (all[end]?.value === all[start]?.value) end += 1;
    const tied = end - start;
    const rank = (start + 1 + end) / 2;
    rankSum += rank * all.slice(start, end).filter(({ isFirst }) => isFirst).length;
    tieTerm += tied ** 3 - tied;
    start = end;
  }
  return { rankSum, tieTerm };
}
