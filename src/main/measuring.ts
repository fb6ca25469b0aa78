import type { DifferencesEvent } from '../shared/differences-requests.ts';
import type { ExperimentEvent } from '../shared/experiment-event.ts';

const beginnings: readonly string[] = ['planned', 'run-started', 'progress'];
const ends: readonly string[] = ['finished', 'cancelled', 'failed'];

/** Whether an experiment, or the table of differences, is being measured once this has happened. */
export function isMeasuringAfter(
  { type }: Pick<ExperimentEvent | DifferencesEvent, 'type'>,
  before: boolean,
): boolean {
  if (beginnings.includes(type)) return true;
  return before && !ends.includes(type);
}
