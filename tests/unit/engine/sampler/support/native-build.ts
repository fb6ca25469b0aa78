import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { findCompiler, nativeCompilation } from '../../../../../scripts/setup/native-library.mjs';

const compiler = findCompiler();

export const canBuildNativeLibrary = process.platform === 'linux' && compiler !== null;

const strict = ['-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror'];

/** Compiles `native/` with every warning an error; answers the library's path. */
export function buildNativeLibrary(folder: string): string {
  const file = join(folder, 'sampler.so');
  execFileSync(compiler ?? '', [...strict, ...nativeCompilation(file)], { stdio: 'inherit' });
  return file;
}
