import { addCounts } from './counts.mjs';

/**
 * @typedef {object} StepOutcome
 * @property {string} name
 * @property {import('./counts.mjs').Counts} counts
 * @property {number} tookMs NaN for a step that was not run
 * @property {string} [note] why it was not run, or what else is to be said of it
 */

/** @param {number} tookMs */
export function formatSeconds(tookMs) {
  return Number.isNaN(tookMs) ? 'not run' : `${(tookMs / 1000).toFixed(1)} s`;
}

/**
 * @param {readonly StepOutcome[]} outcomes
 * @returns {string} a table, one step a line
 */
export function summaryTable(outcomes) {
  const rows = outcomes.map(({ name, counts, tookMs, note }) => [
    name,
    String(counts.passed),
    String(counts.failed),
    String(counts.skipped),
    formatSeconds(tookMs),
    note ?? '',
  ]);
  const table = [['step', 'passed', 'failed', 'skipped', 'time', ''], ...rows];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * @param {readonly StepOutcome[]} outcomes
 * @returns {string} the very last line of a test run, for people and for programs that read only that
 */
export function closingLine(outcomes) {
  const { passed, failed, skipped } = addCounts(outcomes.map(({ counts }) => counts));
  const line = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${line}, ${skipped} skipped` : line;
}
