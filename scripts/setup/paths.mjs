import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the checkout, without a trailing separator. */
export const projectRoot = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/**
 * The user's cache folder for Corescope, outside node_modules so that `npm ci` does not empty it.
 *
 * @param {Readonly<Record<string, string | undefined>>} environment
 * @param {string} home
 */
export function cacheFolder(environment = process.env, home = homedir()) {
  const base = environment['XDG_CACHE_HOME'];
  // The XDG specification says that a relative path here is invalid and is to be ignored.
  return join(base !== undefined && base.startsWith('/') ? base : join(home, '.cache'), 'corescope');
}
