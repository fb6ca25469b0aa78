/**
 * Which tests failed and why, read from what the runners write for programs. Printed after everything else: what a
 * log keeps is its end.
 *
 * @typedef {object} Trouble
 * @property {string} test file and full name
 * @property {boolean} passedLater at its second try
 * @property {string} reason the first lines of the first failure
 */

const mostReasonLines = 12;
// The colours that assertion messages carry.
const escapeSequences = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** @param {string | undefined} message */
function shorten(message) {
  return (message ?? 'no message')
    .replaceAll(escapeSequences, '')
    .split('\n')
    .slice(0, mostReasonLines)
    .join('\n');
}

/**
 * @param {string} text what vitest's json reporter wrote
 * @returns {Trouble[]}
 */
function readVitest(text) {
  /** @type {{ testResults: { name: string, message?: string, status: string, assertionResults: { fullName: string, status: string, failureMessages?: string[] }[] }[] }} */
  const report = JSON.parse(text);
  return report.testResults.flatMap(({ name, message, status, assertionResults }) => {
    const troubles = assertionResults
      .filter(({ failureMessages }) => failureMessages !== undefined && failureMessages.length > 0)
      .map((test) => ({
        test: `${name}: ${test.fullName}`,
        passedLater: test.status === 'passed',
        reason: shorten(test.failureMessages?.[0]),
      }));
    // A file that does not load has no tests at all.
    const isOwnFault = status === 'failed' && assertionResults.length === 0;
    return isOwnFault ? [{ test: name, passedLater: false, reason: shorten(message) }] : troubles;
  });
}

/**
 * @typedef {{ title: string, file: string, tests: { results: { status: string, error?: { message?: string } }[] }[] }} PlaywrightSpec
 * @typedef {{ specs?: PlaywrightSpec[], suites?: PlaywrightSuite[] }} PlaywrightSuite
 */

/**
 * @param {PlaywrightSuite} suite
 * @returns {PlaywrightSpec[]}
 */
function specsOf(suite) {
  return [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];
}

/**
 * @param {string} text what Playwright's json reporter wrote
 * @returns {Trouble[]}
 */
function readPlaywright(text) {
  return specsOf(JSON.parse(text)).flatMap(({ title, file, tests }) =>
    tests.flatMap(({ results }) => {
      const bad = results.find(({ status }) => status !== 'passed' && status !== 'skipped');
      if (bad === undefined) return [];
      const passedLater = results.at(-1)?.status === 'passed';
      return [{ test: `${file}: ${title}`, passedLater, reason: shorten(bad.error?.message) }];
    }),
  );
}

const readers = { vitest: readVitest, playwright: readPlaywright };

/**
 * @param {keyof typeof readers} runner
 * @param {string | null} text the report; null when the runner wrote none
 * @returns {Trouble[]}
 */
export function listTroubles(runner, text) {
  return text === null ? [] : readers[runner](text);
}

/**
 * @param {readonly Trouble[]} troubles
 * @returns {string} nothing where there are none
 */
export function troubleText(troubles) {
  return troubles
    .map(({ test, passedLater, reason }) => {
      const heading = passedLater ? `passed at its second try only: ${test}` : `FAILED: ${test}`;
      return `${heading}\n${reason.replaceAll(/^/gm, '    ')}\n`;
    })
    .join('\n');
}
