import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npmCommand, npmComplaint } from './npm-command.mjs';
import { projectRoot } from './paths.mjs';
import { runQuietly } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

/** @typedef {Readonly<Record<string, { version?: string, optional?: boolean, link?: boolean }>>} LockedPackages */
/** @typedef {(line: string) => void} Log */

/**
 * @param {string} lockText text of package-lock.json
 * @returns {string} what the stamp inside node_modules says when it was installed from exactly this lock file
 */
export function lockStamp(lockText) {
  return createHash('sha256').update(lockText).digest('hex');
}

/**
 * Was `installed` (npm's own record in node_modules) made from `locked`? Optional packages may be absent: those of
 * other platforms always are.
 *
 * @param {LockedPackages} locked
 * @param {LockedPackages} installed
 */
export function installedMatchesLock(locked, installed) {
  const wanted = Object.entries(locked).filter(([path]) => path !== '');
  return (
    wanted.every(([path, entry]) => entry.optional === true || path in installed) &&
    Object.entries(installed).every(
      ([path, entry]) => locked[path]?.version === entry.version && path in locked,
    )
  );
}

/**
 * What is to be done about node_modules. `adopt`: npm was run by hand and did what we would have done, so only our
 * stamp is missing.
 *
 * @param {{ lockText: string, stampText: string | null, installedText: string | null }} found texts of
 *   package-lock.json, of our stamp and of node_modules/.package-lock.json; null when there is no such file
 * @returns {'nothing' | 'adopt' | 'install'}
 */
export function dependenciesNeed({ lockText, stampText, installedText }) {
  // npm writes its record last: without it an installation was cut short, whatever our stamp says.
  if (installedText === null) return 'install';
  if (stampText === lockStamp(lockText)) return 'nothing';
  return installedMatchesLock(JSON.parse(lockText).packages, JSON.parse(installedText).packages)
    ? 'adopt'
    : 'install';
}

/** @param {string} path */
function readIfThere(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}

/**
 * Makes node_modules be what package-lock.json says; silent when it already is.
 *
 * @param {{ log: Log, root?: string }} options
 */
export async function ensureDependencies({ log, root = projectRoot }) {
  const stampPath = join(root, 'node_modules', '.corescope-stamp');
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8');
  const need = dependenciesNeed({
    lockText,
    stampText: readIfThere(stampPath),
    installedText: readIfThere(join(root, 'node_modules', '.package-lock.json')),
  });
  if (need === 'nothing') return;
  if (need === 'install') {
    log('Dependencies: running npm ci …');
    const npm = npmCommand();
    const { code, output } = await runQuietly(
      npm.command,
      // The tools that build Corescope are development dependencies: NODE_ENV=production must not leave them out.
      [...npm.firstParameters, 'ci', '--include=dev', '--no-audit', '--no-fund'],
      { cwd: root, shell: npm.shell },
    );
    if (code !== 0) {
      throw new SetupError(
        'dependencies-failed',
        `npm ci failed with exit code ${code} in ${root}:\n${npmComplaint(output)}`,
        output.includes('code EUSAGE')
          ? 'If you changed package.json, run npm install to bring package-lock.json up to date, then the command again.'
          : 'Check the network and the registry that npm uses (npm ping), then run the command again.',
      );
    }
  }
  writeFileSync(stampPath, lockStamp(lockText));
}
