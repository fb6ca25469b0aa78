import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { lastLines } from './run-command.mjs';

/**
 * @typedef {object} NpmCommand
 * @property {string} command
 * @property {readonly string[]} firstParameters to be put before npm's own
 * @property {boolean} shell Windows' npm is a .cmd file, which only a shell can start
 */

/**
 * How to start npm: the one that runs this script, else the one that came with this Node, else the one on PATH.
 * The first two are JavaScript files, so that no shell is between.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {{ nodePath: string, platform: NodeJS.Platform, exists: (path: string) => boolean }} machine
 * @returns {NpmCommand}
 */
export function npmCommand(
  environment = process.env,
  { nodePath, platform, exists } = {
    nodePath: process.execPath,
    platform: process.platform,
    exists: existsSync,
  },
) {
  const runningNpm = environment['npm_execpath'];
  const candidates = [
    // yarn and pnpm set the same variable to themselves.
    ...(runningNpm !== undefined && /^npm-cli\.c?js$/.test(basename(runningNpm)) ? [runningNpm] : []),
    join(dirname(nodePath), 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(dirname(nodePath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = candidates.find(exists);
  if (script !== undefined) return { command: nodePath, firstParameters: [script], shell: false };
  return { command: 'npm', firstParameters: [], shell: platform === 'win32' };
}

/**
 * What npm has to say about its failure: its first error lines, for the last ones only repeat its manual and name
 * its log.
 *
 * @param {string} output
 * @param {number} lineCount
 */
export function npmComplaint(output, lineCount = 12) {
  const lines = output
    .split('\n')
    .filter((line) => line.startsWith('npm error'))
    .map((line) => line.slice('npm error'.length).trim())
    .filter((line) => line !== '');
  return lines.length === 0 ? lastLines(output, lineCount) : lines.slice(0, lineCount).join('\n');
}
