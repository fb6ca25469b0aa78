import { pairedShift } from '../../src/engine/analysis/inference/hodges-lehmann.ts';
import { spreadOf } from '../support/statistics.ts';

/** What may be added: the larger of the two. */
export const target = { share: 0.01, ms: 5 } as const;

export interface Added {
  /** Hodges-Lehmann shift over the rounds, ours less bare, and the sides of its 95 % interval. */
  readonly addedMs: number;
  readonly lowMs: number;
  readonly highMs: number;
  readonly allowedMs: number;
  /**
   * `met`: what is added is no more than allowed. `missed`: the whole interval is more. `unclear`: the middle is more,
   * which may be noise.
   */
  readonly verdict: 'met' | 'missed' | 'unclear';
}

/** Pairs of one round each, in one order. Throws for fewer than two. */
export function judgeAdded(oursMs: readonly number[], bareMs: readonly number[]): Added {
  const shift = pairedShift(oursMs.map((ms, round) => ms - (bareMs[round] ?? Number.NaN)));
  if (shift === null || oursMs.length !== bareMs.length)
    throw new RangeError('at least two pairs are needed');
  const allowedMs = Math.max(target.share * spreadOf(bareMs).median, target.ms);
  const { shift: addedMs, low: lowMs, high: highMs } = shift;
  const verdict = addedMs <= allowedMs ? 'met' : lowMs > allowedMs ? 'missed' : 'unclear';
  return { addedMs, lowMs, highMs, allowedMs, verdict };
}

/** Whether a ratio lies where the other one's interval does; unknown ratios do not. */
export function isWithin(
  median: number | undefined,
  interval: readonly [number, number] | undefined,
): boolean {
  return median !== undefined && interval !== undefined && median >= interval[0] && median <= interval[1];
}
