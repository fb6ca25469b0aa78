/**
 * How many tests passed, read from what the test runners write for programs.
 *
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/** @type {Counts} */
export const noTests = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {readonly Counts[]} counts
 * @returns {Counts}
 */
export function addCounts(counts) {
  return counts.reduce(
    (total, next) => ({
      passed: total.passed + next.passed,
      failed: total.failed + next.failed,
      skipped: total.skipped + next.skipped,
    }),
    noTests,
  );
}

/**
 * A step that is one test by itself, such as the linter.
 *
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countStep(exitCode) {
  return exitCode === 0 ? { ...noTests, passed: 1 } : { ...noTests, failed: 1 };
}

/**
 * A runner can fail without a failed test: a file that does not load, an error outside of tests, no test found.
 * Then the runner itself counts as the one that failed, so that a red run never reads "0 failed".
 *
 * @param {Counts} counts
 * @param {number} exitCode
 * @returns {Counts}
 */
function withRunner(counts, exitCode) {
  return exitCode !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** @param {unknown} value */
function asCount(value) {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) {
    throw new TypeError(`not a count of tests: ${String(value)}`);
  }
  return value;
}

/**
 * @param {string} text what vitest's json reporter wrote
 * @returns {Counts}
 */
function readVitest(text) {
  const report = JSON.parse(text);
  return {
    passed: asCount(report.numPassedTests),
    failed: asCount(report.numFailedTests),
    skipped: asCount(report.numPendingTests) + asCount(report.numTodoTests),
  };
}

/**
 * @param {string} text what Playwright's json reporter wrote
 * @returns {Counts}
 */
function readPlaywright(text) {
  const { stats } = JSON.parse(text);
  return {
    // Flaky: passed at a second try, which the configuration must have allowed.
    passed: asCount(stats.expected) + asCount(stats.flaky),
    failed: asCount(stats.unexpected),
    skipped: asCount(stats.skipped),
  };
}

const readers = { vitest: readVitest, playwright: readPlaywright };

/**
 * @param {keyof typeof readers} runner
 * @param {string | null} text the report; null when the runner wrote none
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countReport(runner, text, exitCode) {
  // No report: the runner died before it could tell, whatever its exit code.
  if (text === null) return { ...noTests, failed: 1 };
  return withRunner(readers[runner](text), exitCode);
}
