import { defaultBudgetBytes } from '../../engine/recording/places.ts';
import { fail, succeed, type Result } from '../../shared/result.ts';
import type { Bytes } from '../../shared/units.ts';
import { readBytes } from '../typed-values.ts';

export const budgetVariable = 'CORESCOPE_RECORDINGS_BUDGET';

/** What the recordings of the default folder may take together; `0` or `none`: as much as there is. */
export function readBudget(environment: NodeJS.ProcessEnv = process.env): Result<Bytes> {
  const text = environment[budgetVariable]?.trim() ?? '';
  if (text === '') return succeed(defaultBudgetBytes);
  if (text === '0' || text === 'none') return succeed(Number.POSITIVE_INFINITY);
  const bytes = readBytes(text);
  return typeof bytes === 'number'
    ? succeed(bytes)
    : fail(
        'bad-budget',
        `${budgetVariable} is "${text}", which is no size: no recording is removed.`,
        'Write it like 2GB, or none.',
      );
}
