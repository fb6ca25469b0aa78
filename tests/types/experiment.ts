import type { RunRecord } from '../../src/shared/experiment.ts';
import type { ExperimentEvent } from '../../src/shared/experiment-event.ts';
import type { StrategyId } from '../../src/shared/workload.ts';

/** Type tests: a result is a union by `state`, so that a figure cannot be read from a run that has none. */

declare const record: RunRecord;
declare const event: ExperimentEvent;
declare function use(value: unknown): void;

// @ts-expect-error only a finished run has a wall time
use(record.wallMs);
if (record.state === 'finished') {
  const { wallMs }: { wallMs: number } = record;
  use(wallMs);
  // @ts-expect-error memory may be unknown and must not be taken for a number
  const peak: number = record.peakPssBytes;
  use(peak);
}
if (record.state === 'timed-out') {
  const { afterMs }: { afterMs: number } = record;
  use(afterMs);
  // @ts-expect-error a run that ran out of time has no checksum
  use(record.checksum);
}

// @ts-expect-error only the `run-ended` event carries a record
use(event.record);

// @ts-expect-error a finished run without its figures
export const bare: RunRecord = { order: 1, block: 1, warmUp: false, state: 'finished' };

// @ts-expect-error not a strategy
export const invented: StrategyId = 'fibres';

/** Exhaustive without a default: a new state of a run does not compile until it is named here. */
export function word(run: RunRecord): string {
  switch (run.state) {
    case 'finished':
      return 'finished';
    case 'failed':
      return run.problem.message;
    case 'timed-out':
      return 'timed out';
    case 'cancelled':
      return 'cancelled';
  }
}
