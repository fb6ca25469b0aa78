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
