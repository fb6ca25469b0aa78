/**
 * Benjamini and Hochberg (1995): p-values adjusted so that calling everything up to q a difference is wrong in at most
 * a share q of the calls, on average:
 *
 *     adjusted(k) = min over j ≥ k of  p(j) · m / j,   p(1) ≤ … ≤ p(m)
 *
 * In the order given. Null stays null and does not count: a test that could not be made is no test.
 */
export function adjustForDiscoveries(pValues: readonly (number | null)[]): (number | null)[] {
  const known = pValues
    .flatMap((p, index) => (p === null ? [] : [{ p, index }]))
    .sort((left, right) => left.p - right.p);
  const adjusted = new Map<number, number>();
  let smallest = 1;
  for (let rank = known.length; rank >= 1; rank -= 1) {
    const entry = known[rank - 1];
    if (entry === undefined) throw new Error('ranks run over the known values');
    smallest = Math.min(smallest, (entry.p * known.length) / rank);
    adjusted.set(entry.index, smallest);
  }
  return pValues.map((_, index) => adjusted.get(index) ?? null);
}
