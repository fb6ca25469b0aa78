/**
 * What each command needs to be in place, in order. Node's own modules only at import time: a fresh clone has no
 * node_modules yet.
 */
import { ensureBuild } from './build.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { requireNodeVersion } from './node-version.mjs';

/** @typedef {(line: string) => void} Log */

/**
 * For the command line: no Electron, no system package.
 *
 * @param {{ log: Log }} options
 */
export async function setUpCommandLine({ log }) {
  requireNodeVersion();
  await ensureDependencies({ log });
  await ensureBuild({ log });
}
