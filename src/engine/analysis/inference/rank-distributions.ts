/**
 * Null distributions of rank statistics, exact. Counts are doubles: up to 2^53 they are whole, beyond that the
 * relative error stays below 10⁻¹³, and only their quotients are used.
 */

/**
 * P(U ≤ u) for every u from 0 to m·n: the number of pairs (x, y) with x > y among m and n values without ties. The
 * counts are the coefficients of the Gaussian binomial (m+n choose m)_q (Mann and Whitney 1947):
 *
 *     ∏ (1 − q^(n+i)) / (1 − q^i),   i = 1 … m
 */
export function mannWhitneyCumulative(m: number, n: number): Float64Array {
  const counts = new Float64Array(m * n + 1);
  counts[0] = 1;
  for (let i = 1; i <= m; i += 1) {
    for (let u = m * n; u >= n + i; u -= 1) counts[u] = (counts[u] ?? 0) - (counts[u - n - i] ?? 0);
    for (let u = i; u <= m * n; u += 1) counts[u] = (counts[u] ?? 0) + (counts[u - i] ?? 0);
  }
  return cumulate(counts);
}

/**
 * P(W ≤ w) for every w from 0 to n(n+1)/2: the sum of the ranks 1 … n of which each is positive with probability 1/2
 * (Wilcoxon 1945). The counts are the coefficients of ∏ (1 + q^i).
 */
export function signedRankCumulative(n: number): Float64Array {
  const largest = (n * (n + 1)) / 2;
  const counts = new Float64Array(largest + 1);
  counts[0] = 1;
  for (let i = 1; i <= n; i += 1) {
    for (let w = largest; w >= i; w -= 1) counts[w] = (counts[w] ?? 0) + (counts[w - i] ?? 0);
  }
  return cumulate(counts);
}

function cumulate(counts: Float64Array): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  return counts.map((count) => (sum += count) / total);
}

/**
 * P(Z > z) of the standard normal distribution, relative error below 1.2 · 10⁻⁷ far into the tail: the Chebyshev fit
 * of erfc in Press et al., Numerical Recipes, 2nd edition, section 6.2.
 */
export function normalTail(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const coefficients = [
    0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
    1.00002368, -1.26551223,
  ];
  const exponent = coefficients.reduce((sum, coefficient) => sum * t + coefficient, 0);
  const tail = 0.5 * t * Math.exp(-x * x + exponent);
  return z >= 0 ? tail : 1 - tail;
}
