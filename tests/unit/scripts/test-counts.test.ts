import { describe, expect, it } from 'vitest';
import { addCounts, countReport, countStep } from '../../../scripts/testing/counts.mjs';
import { groupSteps, selectSteps, steps } from '../../../scripts/testing/steps.mjs';
import { closingLine, summaryTable } from '../../../scripts/testing/summary.mjs';

/** The fields of vitest's report that count, as vitest 4 writes them. */
function vitestReport(passed: number, failed: number, pending: number, todo: number): string {
  return JSON.stringify({
    numPassedTests: passed,
    numFailedTests: failed,
    numPendingTests: pending,
    numTodoTests: todo,
  });
}

function playwrightReport(expected: number, unexpected: number, flaky: number, skipped: number): string {
  return JSON.stringify({ stats: { expected, unexpected, flaky, skipped } });
}

describe('counting tests', () => {
  it('takes skipped and to-do tests of vitest together', () => {
    expect(countReport('vitest', vitestReport(10, 2, 3, 1), 1)).toEqual({
      passed: 10,
      failed: 2,
      skipped: 4,
    });
  });

  it('takes a flaky test of Playwright as passed', () => {
    expect(countReport('playwright', playwrightReport(5, 1, 1, 2), 1)).toEqual({
      passed: 6,
      failed: 1,
      skipped: 2,
    });
  });

  it('counts a runner that fails without a failed test as one failure', () => {
    expect(countReport('vitest', vitestReport(10, 0, 0, 0), 1)).toEqual({
      passed: 10,
      failed: 1,
      skipped: 0,
    });
  });

  it('counts a runner that wrote no report as one failure, whatever its exit code', () => {
    expect(countReport('playwright', null, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 });
  });

  it('does not take a report it cannot read for no tests', () => {
    expect(() => countReport('vitest', '{}', 0)).toThrow('not a count of tests: undefined');
  });

  it('counts a plain step as one test', () => {
    expect(addCounts([countStep(0), countStep(0), countStep(2)])).toEqual({
      passed: 2,
      failed: 1,
      skipped: 0,
    });
  });
});

describe('the summary', () => {
  const outcomes = [
    { name: 'types', counts: { passed: 1, failed: 0, skipped: 0 }, tookMs: 12_340 },
    { name: 'unit', counts: { passed: 120, failed: 0, skipped: 2 }, tookMs: 3_000 },
    { name: 'e2e', counts: { passed: 0, failed: 1, skipped: 0 }, tookMs: NaN, note: 'build-failed' },
  ];

  it('is a table with the steps that could not run and why', () => {
    expect(summaryTable(outcomes)).toBe(
      [
        'step   passed  failed  skipped     time',
        'types       1       0        0   12.3 s',
        'unit      120       0        2    3.0 s',
        'e2e         0       1        0  not run  build-failed',
      ].join('\n'),
    );
  });

  it('ends with the counts, and names skipped tests only when there are any', () => {
    expect(closingLine(outcomes)).toBe('121 passed, 1 failed, 2 skipped');
    expect(closingLine(outcomes.slice(0, 1))).toBe('1 passed, 0 failed');
  });
});

describe('the steps', () => {
  it('are all of them when none is named, in their order whatever the order of the names', () => {
    expect(selectSteps([])).toEqual({ ok: true, steps });
    const selected = selectSteps(['e2e', 'unit']);
    expect(selected.ok && selected.steps.map(({ name }) => name)).toEqual(['unit', 'e2e']);
  });

  it('run side by side where they are programs, and by themselves where they are tests', () => {
    const names = (all: typeof steps): string[][] => groupSteps(all).map((group) => group.map((s) => s.name));
    expect(names(steps)).toEqual([['types', 'lint'], ['unit'], ['boundaries'], ['cli'], ['e2e']]);
    const [types, lint, unit] = steps;
    if (!types || !lint || !unit) throw new Error('there are more steps');
    expect(names([types, unit, lint])).toEqual([['types'], ['unit'], ['lint']]);
    expect(names([])).toEqual([]);
  });

  it('are refused by name when there is no such one', () => {
    expect(selectSteps(['unit', 'nonsense'])).toEqual({ ok: false, unknown: ['nonsense'] });
  });
});
