import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { ensureNativeLibrary } from './native-library.mjs';
import { npmCommand } from './npm-command.mjs';
import { projectRoot } from './paths.mjs';
import { lastLines, runQuietly } from './run-command.mjs';
import { SetupError } from './setup-error.mjs';

const inputFolders = ['src', 'resources'];
const inputFiles = [
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'vite.node.config.ts',
  'vite.host-entries.ts',
  'tsconfig.base.json',
];
/** One file of each bundle that the build makes: a stamp beside missing ones means nothing. */
const outputFiles = [
  'out/main/index.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
  'out/node/cli.js',
  'out/node/run-host.js',
  'out/node/run-process.cjs',
];

/** @typedef {{ path: string, content: string | Buffer }} InputFile path relative to the root, with `/` */

/**
 * A hash that changes when any input of the build changes: a file added, removed, renamed or edited. Contents, not
 * times: git sets times to the moment of checkout.
 *
 * @param {readonly InputFile[]} files in any order
 */
export function buildStamp(files) {
  const hash = createHash('sha256');
  const sorted = [...files].sort((left, right) => (left.path < right.path ? -1 : 1));
  for (const { path, content } of sorted) {
    hash.update(`${path}\0${Buffer.byteLength(content)}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * Does this file end up in the build? Pages for people and what Python leaves behind do not.
 *
 * @param {string} path relative to the root, with `/`
 */
export function isBuildInput(path) {
  return !path.endsWith('.md') && !path.endsWith('.pyc') && !path.includes('/__pycache__/');
}

/**
 * @param {string} root
 * @returns {InputFile[]}
 */
function readInputs(root) {
  const inFolders = inputFolders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1)),
    );
  return [...inFolders, ...inputFiles.filter((name) => existsSync(join(root, name)))]
    .map((path) => path.split(sep).join('/'))
    .filter(isBuildInput)
    .map((path) => ({ path, content: readFileSync(join(root, path)) }));
}

/**
 * Builds when out/ is missing or was made from other sources; silent when there is nothing to do.
 *
 * @param {{ log: (line: string) => void, root?: string }} options
 */
export async function ensureBuild({ log, root = projectRoot }) {
  const stampPath = join(root, 'out', '.build-stamp');
  const stamp = buildStamp(readInputs(root));
  const isCurrent =
    outputFiles.every((path) => existsSync(join(root, path))) &&
    existsSync(stampPath) &&
    readFileSync(stampPath, 'utf8') === stamp;
  // No part of what is current: a compiler may have come since.
  if (isCurrent) return ensureNativeLibrary({ log: () => undefined, root });
  log('Build: running npm run build …');
  // First of all: a build that is cut short must not be taken for a finished one.
  rmSync(stampPath, { force: true });
  const npm = npmCommand();
  const { code, output } = await runQuietly(npm.command, [...npm.firstParameters, 'run', 'build'], {
    cwd: root,
    shell: npm.shell,
  });
  const missing = outputFiles.filter((path) => !existsSync(join(root, path)));
  if (code !== 0 || missing.length > 0) {
    const reason = code === 0 ? `it left out ${missing.join(', ')}` : `exit code ${code}`;
    throw new SetupError(
      'build-failed',
      `npm run build failed (${reason}):\n${lastLines(output, 30)}`,
      'Mend what it names (npm run check often says it better), then run the command again.',
    );
  }
  writeFileSync(stampPath, stamp);
}
