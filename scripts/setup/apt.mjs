import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { lastLines, runQuietly } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';
import {
  installCommand,
  missingPackages,
  neededPackages,
  packageNamesHere,
  parseInstallable,
  parseInstalled,
} from './system-packages.mjs';

/** @typedef {import('./system-packages.mjs').PackageNames} PackageNames */

/**
 * The full path of a program on PATH.
 *
 * @param {string} name
 * @returns {string | null}
 */
export function findOnPath(name, searchPath = process.env['PATH'] ?? '') {
  for (const folder of searchPath.split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not here: the next folder may have it.
    }
  }
  return null;
}

export function isRoot() {
  return process.getuid?.() === 0;
}

/** Is there any font that fontconfig would find? Without one, Chromium draws every letter as nothing. */
export function hasFont(
  folders = [
    '/usr/share/fonts',
    '/usr/local/share/fonts',
    join(homedir(), '.fonts'),
    join(homedir(), '.local/share/fonts'),
  ],
) {
  return folders.some(
    (folder) =>
      existsSync(folder) &&
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).some((name) =>
        /\.(ttf|otf|ttc|pfb)$/i.test(name),
      ),
  );
}

/** @param {readonly PackageNames[]} missing */
async function askAptForNames(missing) {
  const { output } = await runQuietly('apt-cache', ['policy', ...missing.flat()], {
    env: { ...process.env, LC_ALL: 'C' },
  });
  return packageNamesHere(missing, parseInstallable(output));
}

function updateLists() {
  return runQuietly('apt-get', ['update']);
}

/** @param {readonly string[]} names */
function install(names) {
  const [command = '', ...parameters] = installCommand(names);
  // Another apt may be at work (unattended upgrades on a machine just started): wait for it, do not fail.
  return runQuietly(command, ['-o', 'DPkg::Lock::Timeout=120', ...parameters], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

/**
 * @param {readonly PackageNames[]} missing
 * @param {(line: string) => void} log
 */
async function installAsRoot(missing, log) {
  let here = await askAptForNames(missing);
  const hadLists = here.isComplete;
  log(`System packages: installing ${here.names.join(' ')} …`);
  if (!hadLists) {
    await updateLists();
    here = await askAptForNames(missing);
  }
  let result = await install(here.names);
  if (result.code !== 0 && hadLists) {
    // Old lists name versions that the mirror has dropped since.
    await updateLists();
    here = await askAptForNames(missing);
    result = await install(here.names);
  }
  if (result.code !== 0) {
    throw new SetupError(
      'system-packages-failed',
      `apt-get could not install ${here.names.join(' ')} (exit code ${result.code}):\n${lastLines(result.output)}`,
      `Run this by hand and see what it says: apt-get update && ${installCommand(here.names).join(' ')}`,
    );
  }
}

/**
 * Sees to the Debian packages that are needed: as root it installs the missing ones, as anybody else it stops with
 * the one line to run. On other systems it does nothing.
 *
 * @param {import('./system-packages.mjs').Need} need
 * @param {{ log: (line: string) => void }} options
 */
export async function ensureSystemPackages(need, { log }) {
  if (process.platform !== 'linux' || !findOnPath('apt-get') || !findOnPath('dpkg-query')) return;
  const needed = neededPackages(need);
  if (needed.length === 0) return;
  const { output } = await runQuietly('dpkg-query', ['-W', '-f=${Package} ${db:Status-Status}\\n']);
  const missing = missingPackages(needed, parseInstalled(output));
  if (missing.length === 0) return;
  if (isRoot()) return installAsRoot(missing, log);
  const { names } = await askAptForNames(missing);
  throw new SetupError(
    'system-packages-missing',
    `These system packages are missing: ${names.join(' ')}.`,
    `Run this once, then the command again: sudo ${installCommand(names).join(' ')}`,
  );
}
