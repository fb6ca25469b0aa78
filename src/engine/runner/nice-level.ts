import { readdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { fail, type Result, succeed } from '../../shared/result.ts';

/**
 * Sets the nice level of a host that has just been spawned; what it starts inherits it. Fails where it may not be
 * set: work that ran at another priority than was asked for has not been measured as asked.
 */
export function setNiceLevel(pid: number, niceLevel: number): Result<null> {
  try {
    os.setPriority(pid, niceLevel);
  } catch (error) {
    // A host that has already gone says itself why.
    if (isGone(error)) return succeed(null);
    const reason = error instanceof Error ? error.message : String(error);
    return fail(
      'nice-refused',
      `The run was not started: its nice level could not be set to ${niceLevel} (${reason}).`,
      niceLevel < 0
        ? 'Only an administrator may go below 0; use a level from 0 to 19.'
        : 'Use the level that Corescope itself runs at, or a higher one, up to 19.',
    );
  }
  if (process.platform === 'linux') setOnLinux(pid, niceLevel);
  return succeed(null);
}

/**
 * Linux keeps a level per thread, so that of the process is its first thread's: threads that the runtime has
 * started before us get theirs here (later ones inherit it). And where the kernel groups processes by session
 * (autogroup, on most desktops), levels count within a session only, so the session's own is set as well.
 */
function setOnLinux(pid: number, niceLevel: number): void {
  for (const tid of listThreads(pid)) {
    try {
      os.setPriority(tid, niceLevel);
    } catch {
      // The thread has ended since.
    }
  }
  try {
    writeFileSync(`/proc/${pid}/autogroup`, String(niceLevel));
  } catch {
    // This kernel has no such groups.
  }
}

function listThreads(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

function isGone(error: unknown): boolean {
  // A SystemError: its code is ERR_SYSTEM_ERROR, the system's own is in `info`.
  return error instanceof Error && 'info' in error && JSON.stringify(error.info).includes('"ESRCH"');
}
