/**
 * `npm start`: sets everything up and opens the application; where there is no display, runs the same comparisons
 * in the terminal instead. Arguments go to the application.
 */
import { rmSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { provideElectron } from './electron-runtime.mjs';
import { ensureSystemPackages, findOnPath, hasFont, isRoot } from './setup/apt.mjs';
import { electronSwitches, hasDisplay } from './setup/display.mjs';
import { projectRoot } from './setup/paths.mjs';
import { runVisibly, wasInterrupted } from './setup/run-command.mjs';
import { reportFailure, SetupError } from './setup/setup-error.mjs';
import { setUpCommandLine } from './setup/setup.mjs';

/** @param {string} line */
function log(line) {
  console.log(line);
}

/** Python is wanted, not needed: without it half of the work remains, and the comparison itself says what is missing. */
async function seeToPython() {
  if (findOnPath('python3')) return;
  try {
    await ensureSystemPackages(
      {
        electron: false,
        virtualDisplay: false,
        python: true,
        processList: false,
        compiler: false,
        font: false,
      },
      { log },
    );
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    log(`Python comparisons will not run: ${error.message} ${error.advice}`);
  }
}

/** @param {readonly string[]} applicationArguments */
async function openApplication(applicationArguments) {
  await ensureSystemPackages(
    {
      electron: true,
      virtualDisplay: false,
      python: false,
      processList: false,
      compiler: false,
      font: !hasFont(),
    },
    { log },
  );
  await seeToPython();
  await setUpCommandLine({ log });
  const { executable } = await provideElectron({ log });
  const switches = electronSwitches({
    platform: process.platform,
    isRoot: isRoot(),
    environment: process.env,
  });
  if (switches.includes('--no-sandbox')) {
    log("Running as root: Chromium's sandbox is off. Run as an ordinary user to have it.");
  }
  return runVisibly(executable, [...switches, projectRoot, ...applicationArguments]);
}

const comparisons = [
  { runtime: 'node', title: 'Node' },
  { runtime: 'python', title: 'Python' },
];

/**
 * @param {string} runtime
 * @param {string} report file name
 */
function compare(runtime, report) {
  const command = ['compare', 'count-loop', '--runtime', runtime, '--strategies', 'serial,threads,processes'];
  return runVisibly(
    process.execPath,
    [join(projectRoot, 'out', 'node', 'cli.js'), ...command, '--report', report],
    { cwd: projectRoot },
  );
}

/** @param {readonly string[]} applicationArguments */
async function compareInTerminal(applicationArguments) {
  log('There is no display here (DISPLAY is not set), so the comparisons run in this terminal.');
  if (applicationArguments.length > 0) {
    log(`Not used, because they are for the application: ${applicationArguments.join(' ')}`);
  }
  await seeToPython();
  await setUpCommandLine({ log });
  let exitCode = 0;
  /** @type {string[]} */
  const outcome = [];
  for (const { runtime, title } of comparisons) {
    const report = `corescope-report-${runtime}.html`;
    // An old report must not pass for this run's.
    rmSync(join(projectRoot, report), { force: true });
    log(`\n${title}:`);
    const code = await compare(runtime, report);
    if (wasInterrupted(code)) return code;
    const isWritten = existsSync(join(projectRoot, report));
    outcome.push(
      code === 0 && isWritten
        ? `${title} report: ${join(projectRoot, report)}`
        : `${title}: the comparison failed (exit code ${code}); what it said stands above.`,
    );
    if (code !== 0 || !isWritten) exitCode = code || 1;
  }
  log(`\n${outcome.join('\n')}`);
  return exitCode;
}

try {
  const applicationArguments = process.argv.slice(2);
  process.exitCode = hasDisplay()
    ? await openApplication(applicationArguments)
    : await compareInTerminal(applicationArguments);
} catch (error) {
  process.exitCode = reportFailure(error);
}
