import { type Shift } from '../support/statistics.ts';

/** What is asked for: CPU time per unit of work as without sampling, within the noise of the control. */

/** A cost that large would be seen by users: an interval that reaches beyond it proves nothing. */
const largestUnseen = 0.01;

export type Judgement = 'met' | 'missed' | 'too noisy to tell';

/**
 * `costs`: of ours against the control, as shares. Met where no cost can be told from none (the interval holds 0, or
 * all of it is below) and one of more than 1 % can be ruled out; missed where all of it is above 0.
 */
export function judgeCost({ from, to }: Shift): Judgement {
  if (from > 0) return 'missed';
  return to <= largestUnseen ? 'met' : 'too noisy to tell';
}

/** `+0.12 % [−0.05 to +0.31 %]`. */
export function describeShift({ shift, from, to }: Shift): string {
  const percent = (share: number): string =>
    Number.isNaN(share) ? 'n/a' : `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(2)}`;
  return `${percent(shift)} % [${percent(from)} to ${percent(to)} %]`;
}
