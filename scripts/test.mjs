/**
 * `npm test`: sets everything up, runs every step that can run, and ends with the counts alone on the last line.
 * Names of steps as arguments run only those: `npm test -- unit e2e`. Each step has a temporary folder of its own,
 * which goes when it ends; what it left there is told of.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { provideElectron } from './electron-runtime.mjs';
import { ensureSystemPackages, findOnPath, hasFont, isRoot } from './setup/apt.mjs';
import { ensureBuild } from './setup/build.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { hasDisplay, startVirtualDisplay } from './setup/display.mjs';
import { findCompiler } from './setup/native-library.mjs';
import { requireNodeVersion } from './setup/node-version.mjs';
import { npmCommand } from './setup/npm-command.mjs';
import { projectRoot } from './setup/paths.mjs';
import { runQuietly, runVisibly, wasInterrupted } from './setup/run-command.mjs';
import { reportFailure, SetupError } from './setup/setup-error.mjs';
import { addCounts, countReport, countStep, noTests } from './testing/counts.mjs';
import { groupSteps, reportPath, selectSteps, steps as allSteps } from './testing/steps.mjs';
import { withTemporaryFolder } from './testing/temporary-folder.mjs';
import { listTroubles, troubleText } from './testing/troubles.mjs';
import { closingLine, formatSeconds, summaryTable } from './testing/summary.mjs';

/** @typedef {import('./testing/steps.mjs').Step} Step */
/** @typedef {import('./testing/summary.mjs').StepOutcome} StepOutcome */
/** @typedef {{ exitCode: number, outcome: StepOutcome }} StepEnd */

const log = console.log;

/**
 * What no step can do without. Throws when it cannot be had.
 *
 * @param {readonly Step[]} steps
 */
async function setUpForAll(steps) {
  requireNodeVersion();
  const needsElectron = steps.some((step) => step.needsElectron);
  const startsRuns = steps.some((step) => step.startsRuns);
  const needsBuild = steps.some((step) => step.needsBuild);
  await ensureSystemPackages(
    {
      electron: needsElectron,
      virtualDisplay: needsElectron && !hasDisplay(),
      python: startsRuns && !findOnPath('python3'),
      processList: startsRuns && !findOnPath('ps'),
      // For anybody but root a missing package is the end, and this one is not needed.
      compiler: needsBuild && isRoot() && findCompiler() === null,
      font: needsElectron && !hasFont(),
    },
    { log },
  );
  await ensureDependencies({ log });
}

/**
 * Does something once that several steps rely on; a failure is kept, for those steps to name.
 *
 * @param {boolean} isNeeded
 * @param {() => Promise<unknown>} action
 * @returns {Promise<string | null>} why it failed
 */
async function whyNot(isNeeded, action) {
  if (!isNeeded) return null;
  try {
    await action();
    return null;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    reportFailure(error);
    return error.kind;
  }
}

/** @param {string} name */
function readReport(name) {
  const path = join(projectRoot, reportPath(name));
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/**
 * @param {Step} step
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} isBesideOthers its output then comes in one piece, at its end
 */
async function runCommand({ runner, command }, env, isBesideOthers) {
  const npm = npmCommand();
  const isProgram = runner === 'program';
  const [first, words] = isProgram
    ? [npm.command, [...npm.firstParameters, ...command]]
    : [process.execPath, command];
  const options = { cwd: projectRoot, env, ...(isProgram ? { shell: npm.shell } : {}) };
  if (!isBesideOthers) return { code: await runVisibly(first, words, options), output: '' };
  return runQuietly(first, words, { ...options, untilItsEnd: true });
}

/**
 * @param {Step} step
 * @param {NodeJS.ProcessEnv} environment
 * @param {boolean} isBesideOthers
 * @returns {Promise<StepEnd>}
 */
async function runStep(step, environment, isBesideOthers) {
  const { name, runner } = step;
  if (!isBesideOthers) log(`\n── ${name} ──`);
  const path = join(projectRoot, reportPath(name));
  mkdirSync(dirname(path), { recursive: true });
  // The last run's report must not pass for this one's.
  rmSync(path, { force: true });
  const start = performance.now();
  const { result, left } = await withTemporaryFolder(environment, (env) =>
    runCommand(step, env, isBesideOthers),
  );
  const { code: exitCode, output } = result;
  const tookMs = performance.now() - start;
  const counts = runner === 'program' ? countStep(exitCode) : countReport(runner, readReport(name), exitCode);
  if (isBesideOthers) log(`\n── ${name} ──\n${output.trimEnd()}`);
  log(
    `── ${name}: ${exitCode === 0 ? 'passed' : `FAILED (exit code ${exitCode})`} in ${formatSeconds(tookMs)}`,
  );
  const note = left.length === 0 ? {} : { note: `left behind: ${left.join(', ')}` };
  return { exitCode, outcome: { name, counts, tookMs, ...note } };
}

/**
 * @param {string} name
 * @param {string} note
 * @returns {StepEnd}
 */
function notRun(name, note) {
  return { exitCode: 1, outcome: { name, counts: { ...noTests, failed: 1 }, tookMs: NaN, note } };
}

/** @param {Step} step */
function readTroubles({ name, runner }) {
  return runner === 'program' ? [] : listTroubles(runner, readReport(name));
}

/** The environment for steps that open windows. */
function windowEnvironment() {
  const isRootOnLinux = process.platform === 'linux' && isRoot();
  // Chromium refuses its sandbox as root; the fixture of the e2e tests reads this.
  return isRootOnLinux ? { ...process.env, CORESCOPE_NO_SANDBOX: '1' } : process.env;
}

/**
 * @param {Step} step
 * @param {boolean} isBesideOthers
 * @returns {Promise<StepEnd>}
 */
async function runStepWithDisplay(step, isBesideOthers) {
  if (!step.needsElectron) return runStep(step, process.env, isBesideOthers);
  if (hasDisplay()) return runStep(step, windowEnvironment(), isBesideOthers);
  const display = await startVirtualDisplay();
  try {
    return await runStep(step, { ...windowEnvironment(), DISPLAY: display.name }, isBesideOthers);
  } finally {
    display.stop();
  }
}

/**
 * @param {readonly Step[]} steps
 * @returns {Promise<{ outcomes: StepOutcome[], interruptedBy: number | null }>}
 */
async function runSteps(steps) {
  const noBuild = await whyNot(
    steps.some((step) => step.needsBuild),
    () => ensureBuild({ log }),
  );
  const noElectron = await whyNot(
    steps.some((step) => step.needsElectron),
    () => provideElectron({ log }),
  );
  /**
   * @param {Step} step
   * @param {boolean} isBesideOthers
   * @returns {Promise<StepEnd>}
   */
  async function runUnlessHindered(step, isBesideOthers) {
    const obstacle = (step.needsBuild ? noBuild : null) ?? (step.needsElectron ? noElectron : null);
    if (obstacle !== null) return notRun(step.name, obstacle);
    try {
      return await runStepWithDisplay(step, isBesideOthers);
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      reportFailure(error);
      return notRun(step.name, error.kind);
    }
  }
  /** @type {StepOutcome[]} */
  const outcomes = [];
  for (const group of groupSteps(steps)) {
    if (group.length > 1) log(`\n── ${group.map(({ name }) => name).join(' and ')}, side by side ──`);
    const ends = await Promise.all(group.map((step) => runUnlessHindered(step, group.length > 1)));
    outcomes.push(...ends.map(({ outcome }) => outcome));
    const interrupted = ends.find(({ exitCode }) => wasInterrupted(exitCode));
    if (interrupted !== undefined) return { outcomes, interruptedBy: interrupted.exitCode };
  }
  return { outcomes, interruptedBy: null };
}

/** @param {readonly Step[]} steps */
async function test(steps) {
  const start = performance.now();
  await setUpForAll(steps);
  const { outcomes, interruptedBy } = await runSteps(steps);
  log(`\n${troubleText(steps.flatMap(readTroubles))}`);
  log(`\n${summaryTable(outcomes)}\n\n${formatSeconds(performance.now() - start)} in all`);
  if (interruptedBy !== null) {
    log('Interrupted: the other steps were not run.');
    return interruptedBy;
  }
  log(closingLine(outcomes));
  return addCounts(outcomes.map(({ counts }) => counts)).failed === 0 ? 0 : 1;
}

const selected = selectSteps(process.argv.slice(2));
if (selected.ok) {
  try {
    process.exitCode = await test(selected.steps);
  } catch (error) {
    process.exitCode = reportFailure(error);
    log('0 passed, 1 failed');
  }
} else {
  const known = allSteps.map(({ name }) => name).join(', ');
  console.error(`No such step: ${selected.unknown.join(', ')}. Steps: ${known}`);
  process.exitCode = 2;
}
