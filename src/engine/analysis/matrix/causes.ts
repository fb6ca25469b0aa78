import { formatCores } from '../../../shared/format.ts';
import type { Evidence } from './evidence.ts';
import { rules, type RuleName } from './cause-rules.ts';

/** Why a cell is as fast as it is; `unclear` where no rule holds. */
export type MatrixCause = RuleName | 'unclear';

export interface CauseFinding {
  readonly cause: MatrixCause;
  /** A clause to stand behind "because"; empty where the cause is unclear. */
  readonly because: string;
  /** The measurements that it rests on, one sentence each. */
  readonly evidence: readonly string[];
  /** What would have decided a rule that stands before the one that held and is not known. */
  readonly missing: readonly string[];
}

/**
 * The first rule of `rules` that holds. Every rule asks for agreeing evidence: one number alone never names a cause,
 * and a number that contradicts keeps it from being named.
 */
export function findCause(evidence: Evidence): CauseFinding {
  const missing: string[] = [];
  for (const { name, judge } of rules) {
    const outcome = judge(evidence);
    if (outcome.state === 'unknown') missing.push(outcome.missing);
    if (outcome.state === 'holds') {
      return { cause: name, because: outcome.because, evidence: outcome.evidence, missing };
    }
  }
  const { cores, name } = evidence;
  return {
    cause: 'unclear',
    because: '',
    evidence: cores === null ? [] : [`${name} kept ${formatCores(cores)} cores busy.`],
    missing: [...new Set(missing)],
  };
}
