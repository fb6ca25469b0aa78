import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftRunning } from './left-running.mjs';

/** What the tools keep there by themselves, for the next time; some with the user's number behind it. */
const kept = /^(node-compile-cache|v8-compile-cache-\d+|playwright-transform-cache-\d+)$/;

/**
 * Lends an action a temporary folder, which goes with all that is in it, also where the action was killed; and ends
 * whatever of it still runs: a process that nobody waits for would take cores from all that is measured after it.
 *
 * @template Result
 * @param {NodeJS.ProcessEnv} environment
 * @param {(environment: NodeJS.ProcessEnv) => Promise<Result>} action
 * @returns {Promise<{ result: Result, left: readonly string[] }>} `left`: what it should have removed or ended
 */
export async function withTemporaryFolder(environment, action) {
  // Short: Chromium puts a socket somewhere inside, and the path of a socket has 103 characters at the most.
  const folder = mkdtempSync(join(tmpdir(), 'cs-'));
  // As the system's own: some tests let a process of another user write below it.
  chmodSync(folder, 0o1777);
  try {
    const result = await action({ ...environment, TMPDIR: folder, TMP: folder, TEMP: folder });
    const running = await endLeftRunning(folder);
    const files = readdirSync(folder).filter((name) => !kept.test(name));
    return { result, left: [...files, ...running.map((name) => `the process ${name}`)] };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
