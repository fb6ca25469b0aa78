import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Ends everything that a run has started. On POSIX a host is spawned detached, so that it leads a process group
 * of its own, which all its workers join by birth. On Windows there are no groups; `taskkill /T` follows parents.
 */
const onWindows = process.platform === 'win32';
export const ownGroup = { detached: !onWindows, windowsHide: true } as const;

/** Short enough not to be noticed, long enough that waiting costs no CPU. */
const pollEveryMs = 5;

/** After SIGKILL the kernel needs as long as it needs to free memory; beyond this we would wait for nothing. */
const killLimitMs = 5_000;

/**
 * Ends the group led by `leaderPid` and waits until nothing of it is left. It is first asked with SIGTERM for
 * `graceMs`: a run host then collects its dead workers before it goes, so that no zombie stays behind even where
 * process 1 collects none (a container without an init). Then SIGKILL.
 */
export async function endGroup(leaderPid: number, graceMs: number): Promise<void> {
  if (onWindows) {
    await endTreeOnWindows(leaderPid);
    return;
  }
  if (!signalGroup(leaderPid, 'SIGTERM')) return;
  if (await waitUntilGone(leaderPid, graceMs)) return;
  signalGroup(leaderPid, 'SIGKILL');
  await waitUntilGone(leaderPid, killLimitMs);
}

/** False where there is no such group any more. */
function signalGroup(leaderPid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leaderPid, signal);
    return true;
  } catch (error) {
    // EPERM: macOS says so of a group in which only zombies are left; there is nothing to signal either way.
    if (error instanceof Error && 'code' in error && (error.code === 'ESRCH' || error.code === 'EPERM')) {
      return false;
    }
    throw error;
  }
}

async function waitUntilGone(leaderPid: number, limitMs: number): Promise<boolean> {
  const deadlineMs = performance.now() + limitMs;
  while (signalGroup(leaderPid, 0)) {
    if (performance.now() >= deadlineMs) return false;
    await delay(pollEveryMs);
  }
  return true;
}

async function endTreeOnWindows(pid: number): Promise<void> {
  const taskkill = spawn('taskkill', ['/PID', String(pid), '/T', '/F'], {
    stdio: 'ignore',
    windowsHide: true,
  });
  await ended(taskkill);
}

/** A helper process that outlives Corescope by as long as it takes to end a run. */
export interface Guard {
  /** Tells the guard that the run is over; resolves when the guard is gone. */
  dismiss(): Promise<void>;
}

/**
 * `$1` is the group to end. `read` returns when a line comes (the farewell) or when the pipe closes, which it does
 * however Corescope ends, `kill -9` included.
 */
const guardScript = `
read -r farewell && exit 0
kill -s TERM -- "-$1" 2>/dev/null || exit 0
sleep 0.3 2>/dev/null || sleep 1
kill -s KILL -- "-$1" 2>/dev/null
`;

/**
 * Watches over the group led by `leaderPid` in case Corescope is killed. The guard is a shell that sleeps in
 * `read` beside the measured processes: no thread, no memory, no wake-up of theirs. It has a session of its own,
 * so that a Ctrl-C or a closed terminal does not reach it before its work is done.
 *
 * Null on Windows (libuv puts children into a job that dies with us) and where no shell could be started.
 */
export function startGuard(leaderPid: number): Guard | null {
  if (onWindows) return null;
  const guard = spawn('/bin/sh', ['-c', guardScript, 'corescope-guard', String(leaderPid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  });
  const gone = ended(guard);
  // The guard may already have gone with the group.
  guard.stdin.on('error', () => undefined);
  if (guard.pid === undefined) return null;
  return {
    async dismiss() {
      guard.stdin.end('farewell\n');
      await gone;
    },
  };
}

/** Resolves when `child` has ended, or could not be started in the first place. */
function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}
