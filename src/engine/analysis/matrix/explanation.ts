import type { VerdictReason } from '../../../shared/experiment-analysis.ts';
import { cellName, type Cell } from '../measurements.ts';
import { joinWords } from '../wording.ts';
import type { CauseFinding } from './causes.ts';
import type { CellAnalysis } from './findings.ts';

/** A cell whose cause was looked for. */
export interface ExplainedCell extends CellAnalysis {
  readonly cause: CauseFinding;
}

/**
 * The cells whose causes tell why this one is chosen: its own. Why serial is chosen is told by why workers did not help:
 * of each cause that is clear, the fastest cell; where none is, the fastest of all.
 */
export function explainedCells(chosen: Cell, cells: readonly CellAnalysis[]): readonly ExplainedCell[] {
  const own = cells.find(({ cell }) => cell === chosen);
  if (own !== undefined && chosen.strategy !== 'serial') return isExplained(own) ? [own] : [];
  const byTime = cells
    .filter(isExplained)
    .filter(({ wallMs }) => wallMs !== null)
    .sort((left, right) => (left.wallMs?.median ?? Infinity) - (right.wallMs?.median ?? Infinity));
  const clear = byTime.filter(({ cause }) => cause.cause !== 'unclear');
  const first = clear.filter(
    ({ cause }, index) => clear.findIndex((other) => other.cause.because === cause.because) === index,
  );
  return first.length > 0 ? first : byTime.slice(0, 1);
}

function isExplained(analysis: CellAnalysis): analysis is ExplainedCell {
  return analysis.cause !== null;
}

export function causeReasons(explained: readonly ExplainedCell[], chosen: Cell): VerdictReason[] {
  const [first] = explained;
  if (first === undefined) return [];
  if (first.cause.cause === 'unclear') {
    return [{ about: 'no-cause', clause: 'the cause is not clear from the measurements' }];
  }
  const clause =
    first.cell === chosen
      ? `the cause: ${first.cause.because}`
      : joinWords(explained.map(({ cell, cause }) => `with ${cellName(cell)}, ${cause.because}`));
  return [{ about: 'cause', clause }];
}

/**
 * What is recommended can use cores because its workers are apart; that those in one interpreter cannot is then the
 * larger part of the answer.
 */
export function lockedCell(
  chosen: { readonly cell: Cell },
  explained: readonly ExplainedCell[],
  cells: readonly CellAnalysis[],
): ExplainedCell | null {
  if (chosen.cell.sharesInterpreter || explained[0]?.cause.cause !== 'cores') return null;
  const locked = cells
    .filter(isExplained)
    .filter(({ cause, wallMs }) => cause.cause === 'gil' && wallMs !== null);
  return locked.find(({ cell }) => cell.workers === chosen.cell.workers) ?? locked.at(-1) ?? null;
}

export function lockReasons(locked: ExplainedCell | null): VerdictReason[] {
  if (locked === null) return [];
  const gains = (locked.scaling?.speedup?.ci95[0] ?? 0) > 1;
  const clause = `${cellName(locked.cell)} ${gains ? 'cannot do so' : 'gains nothing'}, for ${locked.cause.because}`;
  return [{ about: 'lock', clause }];
}
