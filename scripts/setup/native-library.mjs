import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { findOnPath } from './apt.mjs';
import { projectRoot } from './paths.mjs';
import { lastLines, runQuietly } from './run-command.mjs';

const sources = ['glances.c', 'process-stat.c'].map((name) => join('native', name));
const library = join('out', 'native', 'sampler.so');

/** Warnings are looked at by the tests: a compiler of tomorrow that has others must still make it. */
const flags = ['-std=c11', '-O2', '-shared', '-fPIC'];

const compilers = ['cc', 'gcc', 'clang'];

/** @returns {string | null} */
export function findCompiler() {
  return compilers.map((name) => findOnPath(name)).find((path) => path !== null) ?? null;
}

/**
 * What makes `file` of native/*.c, to be run in the project's root.
 *
 * @param {string} file
 */
export function nativeCompilation(file) {
  return [...flags, '-o', file, ...sources, '-lm'];
}

/** @param {string} code */
function stampOf(code) {
  return createHash('sha256')
    .update(`${process.arch} ${flags.join(' ')}\0${code}`)
    .digest('hex');
}

/**
 * Makes out/native/sampler.so of native/*.c where there is a C compiler; silent when there is nothing to do. The
 * sampler works without it, at a higher price (`corescope doctor` says which it is), so nothing here is an error.
 *
 * @param {{ log: (line: string) => void, root?: string }} options
 */
export async function ensureNativeLibrary({ log, root = projectRoot }) {
  if (process.platform !== 'linux') return;
  const file = join(root, library);
  const stampPath = `${file}.stamp`;
  const code = sources.map((source) => readFileSync(join(root, source), 'utf8')).join('\0');
  const stamp = stampOf(code);
  if (existsSync(file) && existsSync(stampPath) && readFileSync(stampPath, 'utf8') === stamp) return;
  // One of another source is refused or, worse, believed.
  rmSync(file, { force: true });
  const compiler = findCompiler();
  if (compiler === null) {
    log(
      `No C compiler (${compilers.join(', ')}), so ${library} was not made: sampling costs more without it. ` +
        'On Debian: apt-get install gcc libc6-dev, then npm run build',
    );
    return;
  }
  mkdirSync(dirname(file), { recursive: true });
  // Another build may do the same: whoever loads it finds a whole one.
  const unfinished = `${file}.${process.pid}`;
  const result = await runQuietly(compiler, nativeCompilation(unfinished), { cwd: root });
  if (result.code === 0) {
    renameSync(unfinished, file);
    writeFileSync(stampPath, stamp);
    return;
  }
  rmSync(unfinished, { force: true });
  log(
    `${compiler} could not make ${library}: sampling costs more without it.\n${lastLines(result.output)}\n` +
      'Where headers are missing, on Debian: apt-get install libc6-dev, then npm run build',
  );
}
