import { max, mean, median, min, rootMeanSquare } from 'simple-statistics';

/** The middle and the ends of some figures. NaN throughout where there are none. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** What cannot be known (NaN) is left out. */
export function spreadOf(values: readonly number[]): Spread {
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) return { median: Number.NaN, lowest: Number.NaN, highest: Number.NaN };
  return { median: median(known), lowest: min(known), highest: max(known) };
}

export interface ErrorFigures {
  readonly count: number;
  readonly rms: number;
  /** The mean error: what longer runs do not average away. */
  readonly bias: number;
}

/** NaN where there are no errors to speak of, which is not the same as errors of 0. */
export function errorFigures(errors: readonly number[]): ErrorFigures {
  const known = errors.filter((error) => !Number.isNaN(error));
  if (known.length === 0) return { count: 0, rms: Number.NaN, bias: Number.NaN };
  return { count: known.length, rms: rootMeanSquare(known), bias: mean(known) };
}

/** How much one sample is above another, and between what it is with 95 % confidence. */
export interface Shift {
  readonly shift: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Hodges and Lehmann: the median of all differences between the two, with the interval of the Mann-Whitney test (its
 * normal approximation, good from 10 values each on). Asks for no distribution, so a few disturbed values move it
 * little. NaN throughout where either is empty.
 */
export function shiftBetween(sample: readonly number[], control: readonly number[]): Shift {
  const differences = sample.flatMap((value) => control.map((other) => value - other)).sort((a, b) => a - b);
  const count = differences.length;
  if (count === 0) return { shift: Number.NaN, from: Number.NaN, to: Number.NaN };
  const spread = Math.sqrt((count * (sample.length + control.length + 1)) / 12);
  const rank = Math.max(1, Math.floor(count / 2 - 1.96 * spread)) - 1;
  return {
    shift: median(differences),
    from: differences[rank] ?? Number.NaN,
    to: differences[count - 1 - rank] ?? Number.NaN,
  };
}
