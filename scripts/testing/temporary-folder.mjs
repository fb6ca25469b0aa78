import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the tools keep there by themselves, for the next time. */
const kept = ['node-compile-cache', 'v8-compile-cache-0'];

/**
 * Lends an action a temporary folder, which goes with all that is in it, also where the action was killed.
 *
 * @template Result
 * @param {NodeJS.ProcessEnv} environment
 * @param {(environment: NodeJS.ProcessEnv) => Promise<Result>} action
 * @returns {Promise<{ result: Result, left: readonly string[] }>} `left`: names of what it should have removed
 */
export async function withTemporaryFolder(environment, action) {
  // Short: Chromium puts a socket somewhere inside, and the path of a socket has 103 characters at the most.
  const folder = mkdtempSync(join(tmpdir(), 'cs-'));
  // As the system's own: some tests let a process of another user write below it.
  chmodSync(folder, 0o1777);
  try {
    const result = await action({ ...environment, TMPDIR: folder, TMP: folder, TEMP: folder });
    return { result, left: readdirSync(folder).filter((name) => !kept.includes(name)) };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}
