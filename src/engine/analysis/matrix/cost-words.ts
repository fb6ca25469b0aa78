import type { VerdictReason } from '../../../shared/experiment-analysis.ts';
import { formatBytes, formatDuration } from '../../../shared/format.ts';
import { pairedShift } from '../inference/hodges-lehmann.ts';
import { pairByBlock, type MeasuredColumn } from '../measurements.ts';
import { joinWords } from '../wording.ts';
import { isLeaner, type Candidate } from './candidate.ts';

/** Nobody waits for less. */
const noticeableStartupMs = 1;

/** What the candidate costs beside its time, against serial where that was measured. */
export function costReasons(candidate: Candidate, serial: Candidate | null): VerdictReason[] {
  if (serial === null || serial === candidate) {
    const { memoryBytes } = candidate;
    return memoryBytes === null
      ? [{ about: 'cost', clause: 'its memory is not known, for it could not be read while the work ran' }]
      : [{ about: 'memory', clause: `it needs ${formatBytes(memoryBytes)} of memory` }];
  }
  const costs = [startupCost(candidate, serial), memoryCost(candidate, serial)];
  const told = costs.flatMap((cost) => (cost.state === 'differs' ? [cost.words] : []));
  const same = costs.flatMap((cost) => (cost.state === 'same' ? [cost.what] : []));
  const unknown = costs.flatMap((cost) => (cost.state === 'unknown' ? [cost.what] : []));
  return [
    told.length === 0 ? '' : `it costs ${joinWords(told)} than serial`,
    same.length === 0
      ? ''
      : `there is no detectable difference in ${joinWords(same)}${told.length === 0 ? ' to serial' : ''}`,
    unknown.length === 0 ? '' : `what it costs in ${joinWords(unknown)} is not known`,
  ]
    .filter((clause) => clause !== '')
    .map((clause) => ({ about: 'cost', clause }));
}

type Cost =
  | { readonly state: 'differs'; readonly words: string }
  | { readonly state: 'same' | 'unknown'; readonly what: string };

/** Told where the interval of the shift, paired by block, leaves 0 out, and it is long enough for anybody to notice. */
function startupCost(candidate: Candidate, serial: Candidate): Cost {
  const shift = pairedShift(differences(candidate, serial, 'startupMs'));
  if (shift === null) return { state: 'unknown', what: 'start-up' };
  const isDetectable = shift.low > 0 || shift.high < 0;
  if (!isDetectable || Math.abs(shift.shift) < noticeableStartupMs)
    return { state: 'same', what: 'start-up' };
  return { state: 'differs', words: `${moreOrLess(shift.shift, formatDuration)} start-up` };
}

function memoryCost(candidate: Candidate, serial: Candidate): Cost {
  if (candidate.memoryBytes === null || serial.memoryBytes === null)
    return { state: 'unknown', what: 'memory' };
  if (!isLeaner(candidate, serial) && !isLeaner(serial, candidate)) return { state: 'same', what: 'memory' };
  return {
    state: 'differs',
    words: `${moreOrLess(candidate.memoryBytes - serial.memoryBytes, formatBytes)} memory`,
  };
}

function differences(candidate: Candidate, serial: Candidate, column: MeasuredColumn): number[] {
  const { first, second } = pairByBlock(candidate.cell.runs, serial.cell.runs, column);
  return first.map((value, index) => value - (second[index] ?? Number.NaN));
}

function moreOrLess(value: number, formatter: (value: number) => string): string {
  return `${formatter(Math.abs(value))} ${value < 0 ? 'less' : 'more'}`;
}
