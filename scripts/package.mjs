/**
 * `npm run package`: packages of Corescope for this system in out/package. On Linux a folder, a .tar.gz and, where
 * dpkg-deb is, a .deb; names of electron-builder's targets as arguments make only those (`npm run package -- dir`).
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { provideElectron } from './electron-runtime.mjs';
import { findOnPath } from './setup/apt.mjs';
import { ensureDependencies } from './setup/dependencies.mjs';
import { projectRoot } from './setup/paths.mjs';
import { runVisibly } from './setup/run-command.mjs';
import { reportFailure, SetupError } from './setup/setup-error.mjs';
import { setUpCommandLine } from './setup/setup.mjs';

const { log } = console;
const packaging = join(projectRoot, 'packaging');
const output = join(projectRoot, 'out', 'package');
const platformSwitches = new Map([
  ['linux', '--linux'],
  ['darwin', '--mac'],
  ['win32', '--win'],
]);

/**
 * @param {readonly string[]} asked
 * @returns {readonly string[]} for electron-builder; none means those of its configuration
 */
function targets(asked) {
  const isDebPossible = findOnPath('dpkg-deb') !== null;
  if (process.platform === 'linux' && asked.length === 0) return isDebPossible ? ['dir', 'deb'] : ['dir'];
  return asked.map((name) => (name === 'tar.gz' ? 'dir' : name));
}

/** @param {readonly string[]} words */
async function build(words) {
  const { executable, version } = await provideElectron({ log });
  const platformSwitch = platformSwitches.get(process.platform);
  if (platformSwitch === undefined) {
    throw new SetupError(
      'no-packages',
      `There is no package for ${process.platform}.`,
      'Run it with: npm start.',
    );
  }
  const builder = join(packaging, 'node_modules', 'electron-builder', 'cli.js');
  const code = await runVisibly(
    process.execPath,
    [
      builder,
      '--config',
      'packaging/electron-builder.config.mjs',
      '--publish',
      'never',
      platformSwitch,
      ...words,
    ],
    {
      cwd: projectRoot,
      env: {
        ...process.env,
        CORESCOPE_ELECTRON_DIST: dirname(executable),
        ...(version === null ? {} : { CORESCOPE_ELECTRON_VERSION: version }),
        CUSTOM_FPM_PATH: join(packaging, 'linux', 'fpm-by-dpkg-deb.mjs'),
      },
    },
  );
  if (code !== 0) {
    throw new SetupError(
      'packaging-failed',
      `electron-builder failed with exit code ${code}.`,
      'What it needs besides is said above; `npm run package -- dir` makes the plain folder only.',
    );
  }
}

/** electron-builder would fetch 7-Zip for this. */
async function archive() {
  const folder = join(output, 'linux-unpacked');
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const name = `corescope-${version}-linux-${process.arch}`;
  const code = await runVisibly(
    'tar',
    [
      '-czf',
      join(output, `${name}.tar.gz`),
      '--owner=0',
      '--group=0',
      '--transform',
      `s,^linux-unpacked,${name},`,
      basename(folder),
    ],
    { cwd: output },
  );
  if (code !== 0) {
    throw new SetupError('packaging-failed', `tar failed with exit code ${code}.`, 'See what it said above.');
  }
}

try {
  const asked = process.argv.slice(2);
  await setUpCommandLine({ log });
  await ensureDependencies({ log, root: packaging });
  rmSync(output, { recursive: true, force: true });
  await build(targets(asked));
  if (process.platform === 'linux' && (asked.length === 0 || asked.includes('tar.gz'))) await archive();
  const made = existsSync(output) ? readdirSync(output).filter((name) => !/^builder-|\.yml$/.test(name)) : [];
  log(`Made in ${output}:\n${made.map((name) => `  ${name}`).join('\n')}`);
} catch (error) {
  process.exitCode = reportFailure(error);
}
