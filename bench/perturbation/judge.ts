import type { Shift } from '../support/statistics.ts';

/** What is asked for: CPU time per unit of work as without sampling, within the noise of the control. */

/** A cost that large would be seen by users: an interval that reaches beyond it says little. */
const largestUnseen = 0.01;

export type Judgement = 'met' | 'within the noise' | 'missed' | 'n/a';

/**
 * `costs`: of ours against the control, as shares. Met where no cost can be told from none (the interval holds 0, or
 * all of it is below) and one of more than 1 % can be ruled out; within the noise where none can be told from none, but
 * the control itself differs by so much that one of more than 1 % could hide; missed where all of it is above 0.
 */
export function judgeCost({ from, to }: Shift): Judgement {
  if (Number.isNaN(from) || Number.isNaN(to)) return 'n/a';
  if (from > 0) return 'missed';
  return to <= largestUnseen ? 'met' : 'within the noise';
}

/** `+0.12 % [−0.05 to +0.31 %]`. */
export function describeShift({ shift, from, to }: Shift): string {
  const percent = (share: number): string =>
    Number.isNaN(share) ? 'n/a' : `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(2)}`;
  return `${percent(shift)} % [${percent(from)} to ${percent(to)} %]`;
}
