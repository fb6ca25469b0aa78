import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { RunCgroup } from './run-cgroup.ts';
import { findOnLinux, findWithPs, type RunProcess } from './run-processes.ts';

/**
 * Ends everything that a run has started. On POSIX a host is spawned detached, so that it leads a process group
 * of its own, which all its workers join by birth; what leaves that group is found by the run's control group,
 * by the cookie in its environment, or by its parents. On Windows there are no groups; `taskkill /T` follows parents.
 */
const onWindows = process.platform === 'win32';
export const ownGroup = { detached: !onWindows, windowsHide: true } as const;

/** What belongs to a run. */
export interface RunMarks {
  /** Of the process group: the pid of the host. */
  readonly leaderPid: number;
  /** The value of `CORESCOPE_RUN` in the environment of all that the run starts. */
  readonly cookie: string;
  /** When the host started, as `readStartTicks` tells it. */
  readonly hostStartTicks: number | null;
  readonly cgroup: RunCgroup | null;
}

/** Short enough not to be noticed, long enough that waiting costs no CPU. */
const pollEveryMs = 5;

/** After SIGKILL the kernel needs as long as it needs to free memory; beyond this we would wait for nothing. */
const killLimitMs = 5_000;

/** The dead whose parent was killed are collected by process 1, at once or when it likes: no reason to wait long. */
const zombieLimitMs = 100;

/**
 * Ends a run and waits until nothing of it is left. The group is first asked with SIGTERM for `graceMs`: a run
 * host then collects its dead workers before it goes, so that no zombie stays behind even where process 1
 * collects none (a container without an init). Then SIGKILL for whatever can be found, until nothing can be.
 */
export async function endRun(run: RunMarks, graceMs: number): Promise<void> {
  if (onWindows) {
    await endTreeOnWindows(run.leaderPid);
    return;
  }
  // Found before its parents go: what has left the group and cleared its environment is known by them only.
  const known = graceMs > 0 && signalGroup(run.leaderPid, 0) ? await findAll(run, []) : [];
  if (graceMs > 0 && signalGroup(run.leaderPid, 'SIGTERM')) await waitUntilGone(run.leaderPid, graceMs);
  signalGroup(run.leaderPid, 'SIGKILL');
  await killAll(run, known);
}

async function killAll(run: RunMarks, before: readonly RunProcess[]): Promise<void> {
  const startMs = performance.now();
  let known = await findAll(run, before);
  while (known.length > 0) {
    const waitedMs = performance.now() - startMs;
    if (waitedMs > (known.every(({ isZombie }) => isZombie) ? zombieLimitMs : killLimitMs)) return;
    run.cgroup?.kill();
    for (const { pid, isZombie } of known) if (!isZombie) killProcess(pid);
    await delay(pollEveryMs);
    // All of it again: between the look and the blow a process may have forked.
    known = await findAll(run, known);
  }
}

function findAll(
  { cgroup, ...traces }: RunMarks,
  known: readonly RunProcess[],
): Promise<readonly RunProcess[]> | readonly RunProcess[] {
  const inCgroup = cgroup?.members() ?? [];
  return process.platform === 'linux' ? findOnLinux({ ...traces, inCgroup, known }) : findWithPs(traces);
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone by itself, or is another user's (a program with the setuid bit): out of our hands either way.
  }
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

async function waitUntilGone(leaderPid: number, limitMs: number): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (signalGroup(leaderPid, 0) && performance.now() < deadlineMs) await delay(pollEveryMs);
}

async function endTreeOnWindows(pid: number): Promise<void> {
  const taskkill = spawn('taskkill', ['/PID', String(pid), '/T', '/F'], {
    stdio: 'ignore',
    windowsHide: true,
  });
  await ended(taskkill);
}

/** Resolves when `child` has ended, or could not be started in the first place. */
export function ended(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}
