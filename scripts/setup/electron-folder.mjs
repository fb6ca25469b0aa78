import {
  accessSync,
  constants,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './paths.mjs';

/**
 * node_modules/electron: what `require('electron')`, `npx electron`, Playwright and electron-vite look into to find
 * the executable: `path.txt` names it inside `dist`.
 */
export const electronFolder = join(projectRoot, 'node_modules', 'electron');

/**
 * @param {NodeJS.Platform} platform
 * @returns {string} the executable's path inside a folder of Electron's distribution
 */
export function executableInside(platform = process.platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * @param {string} folder of Electron's distribution
 * @returns {{ executable: string, version: string | null } | null} null when no complete one is there; a null
 *   version when it does not say (a build of one's own)
 */
export function inspectDistribution(folder, platform = process.platform) {
  const executable = join(folder, executableInside(platform));
  if (!isExecutable(executable)) return null;
  const versionPath = join(folder, 'version');
  const version = existsSync(versionPath) ? readFileSync(versionPath, 'utf8').trim().replace(/^v/, '') : null;
  return { executable, version };
}

/** The distribution that node_modules/electron already leads to, if it is a complete one. */
export function inspectLinked(folder = electronFolder) {
  const pathFile = join(folder, 'path.txt');
  // Electron's own installer writes path.txt last: without it, dist may be half unpacked.
  if (!existsSync(pathFile) || readFileSync(pathFile, 'utf8') !== executableInside()) return null;
  return inspectDistribution(join(folder, 'dist'));
}

/**
 * Makes node_modules/electron lead to a distribution elsewhere.
 *
 * @param {string} distribution
 */
export function linkDistribution(distribution, folder = electronFolder) {
  const link = join(folder, 'dist');
  const fresh = `${link}-${process.pid}`;
  rmSync(fresh, { force: true });
  symlinkSync(distribution, fresh, 'dir');
  rmSync(link, { recursive: true, force: true });
  renameSync(fresh, link);
  // Electron reads this file as it is: no newline.
  writeFileSync(join(folder, 'path.txt'), executableInside());
}

/** Takes away what a failed installation or a dead link left behind. Follows no link. */
export function unlinkDistribution(folder = electronFolder) {
  rmSync(join(folder, 'path.txt'), { force: true });
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
}
