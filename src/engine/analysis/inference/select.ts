/**
 * Moves the value of that 0-based rank to its place, everything smaller before it and everything larger behind it
 * (Hoare's FIND, Comm. ACM 4, 1961, with the middle of three as pivot). Linear on average where sorting is n log n;
 * `values` is reordered. NaN has no rank: callers leave unknown values out.
 */
export function selectInPlace(values: Float64Array, rank: number): number {
  if (!(rank >= 0 && rank < values.length))
    throw new RangeError(`no rank ${rank} among ${values.length} values`);
  let left = 0;
  let right = values.length - 1;
  while (left < right) {
    const pivot = middleOf(at(values, left), at(values, (left + right) >>> 1), at(values, right));
    let low = left;
    let high = right;
    while (low <= high) {
      while (at(values, low) < pivot) low += 1;
      while (at(values, high) > pivot) high -= 1;
      if (low > high) break;
      const swapped = at(values, low);
      values[low] = at(values, high);
      values[high] = swapped;
      low += 1;
      high -= 1;
    }
    if (rank <= high) right = high;
    else if (rank >= low) left = low;
    else break;
  }
  return at(values, rank);
}

/** The middle value, or the mean of the two in the middle. `values` is reordered; NaN of nothing. */
export function medianInPlace(values: Float64Array): number {
  if (values.length === 0) return Number.NaN;
  const upperRank = values.length >>> 1;
  const upper = selectInPlace(values, upperRank);
  if (values.length % 2 === 1) return upper;
  // All that is below the upper one stands before it.
  let lower = at(values, 0);
  for (let index = 1; index < upperRank; index += 1) lower = Math.max(lower, at(values, index));
  return (lower + upper) / 2;
}

/** The median, leaving `values` as they are; NaN of nothing. */
export function medianOf(values: ArrayLike<number>): number {
  return medianInPlace(Float64Array.from(values));
}

/**
 * The p-quantile, linear between ranks (definition 7 of Hyndman and Fan 1996, R's default). `values` is reordered;
 * NaN of nothing.
 */
export function quantileInPlace(values: Float64Array, p: number): number {
  if (values.length === 0) return Number.NaN;
  const position = p * (values.length - 1);
  const below = Math.floor(position);
  const lower = selectInPlace(values, below);
  if (position === below) return lower;
  // Between equal ends nothing is interpolated: infinite times 0 would be NaN.
  const upper = selectInPlace(values.subarray(below + 1), 0);
  return lower === upper ? lower : lower + (position - below) * (upper - lower);
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}

function middleOf(first: number, second: number, third: number): number {
  return Math.max(Math.min(first, second), Math.min(Math.max(first, second), third));
}
