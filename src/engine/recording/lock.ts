import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { fail, succeed, type Failure, type Result } from '../../shared/result.ts';
import { codeOf, fileProblem } from './file-problem.ts';

/** Keeps two writers off one recording: a small file beside it that says who writes. */
export interface RecordingLock {
  release(): void;
}

const ownerShape = z.object({ host: z.string(), pid: z.int().positive(), started: z.string().nullable() });
type LockOwner = z.infer<typeof ownerShape>;

export interface LockSurroundings {
  readonly host: string;
  readonly pid: number;
  /** What tells a process from another that has its pid later; null where there is no such process. */
  startOf(pid: number): string | null;
}

export function lockPathOf(path: string): string {
  return `${path}.lock`;
}

/** A lock of a process that is no more is taken over. */
export function acquireLock(
  path: string,
  surroundings: LockSurroundings = realSurroundings,
): Result<RecordingLock> {
  const lockPath = lockPathOf(path);
  const owner: LockOwner = {
    host: surroundings.host,
    pid: surroundings.pid,
    started: surroundings.startOf(surroundings.pid),
  };
  const content = JSON.stringify(owner);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      createWhole(lockPath, content);
      return succeed({
        release: () => {
          removeIfOurs(lockPath, content);
        },
      });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') return fileProblem(lockPath, error, 'written');
      const found = readText(lockPath);
      if (found === null) continue;
      if (isHeld(found, surroundings)) return heldBy(path, found);
      takeAway(lockPath, found);
    }
  }
  return heldBy(path, readText(lockPath) ?? '');
}

/** Whether somebody writes the recording at `path` now. */
export function isLocked(path: string, surroundings: LockSurroundings = realSurroundings): boolean {
  const content = readText(lockPathOf(path));
  return content !== null && isHeld(content, surroundings);
}

function heldBy(path: string, content: string): Failure {
  const owner = parseOwner(content);
  const who = owner === null ? 'another program' : `process ${owner.pid} on ${owner.host}`;
  return fail(
    'recording-in-use',
    `${path} is being written by ${who}.`,
    `Wait until that has ended, or choose another file.`,
  );
}

function isHeld(content: string, surroundings: LockSurroundings): boolean {
  const owner = parseOwner(content);
  // Not made by us, for ours are there whole or not at all. Only an empty one is surely nobody's.
  if (owner === null) return content !== '';
  // Of another machine's processes nothing can be known here.
  if (owner.host !== surroundings.host) return true;
  const started = surroundings.startOf(owner.pid);
  return started !== null && (owner.started === null || owner.started === started);
}

/** Throws EEXIST where there is one. Nobody ever sees it half written. */
function createWhole(lockPath: string, content: string): void {
  const aside = `${lockPath}.${randomBytes(6).toString('hex')}`;
  try {
    writeFileSync(aside, content, { flag: 'wx', mode: 0o600 });
    linkSync(aside, lockPath);
  } catch (error) {
    // File systems without hard links (FAT, some network shares).
    if (!['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'].includes(codeOf(error))) throw error;
    writeFileSync(lockPath, content, { flag: 'wx', mode: 0o600 });
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Renamed first and then looked at again: of two who found the same dead lock one gets it, and a lock that was
 * taken anew in between is put back.
 */
function takeAway(lockPath: string, content: string): void {
  const aside = `${lockPath}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(lockPath, aside);
    if (readText(aside) !== content) linkSync(aside, lockPath);
    unlinkSync(aside);
  } catch {
    // Somebody else was faster; the next attempt sees what they made of it.
  }
}

function removeIfOurs(lockPath: string, content: string): void {
  if (readText(lockPath) !== content) return;
  try {
    unlinkSync(lockPath);
  } catch {
    // Gone already.
  }
}

function parseOwner(content: string): LockOwner | null {
  try {
    const parsed = ownerShape.safeParse(JSON.parse(content));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const realSurroundings: LockSurroundings = { host: hostname(), pid: process.pid, startOf: processStart };

/** Start time in ticks since boot where /proc tells it, else a word that only says that it is there. */
function processStart(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  // Behind the last bracket, for the name in brackets may hold anything: start time is the 20th field from there.
  if (stat !== null) return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'running';
  try {
    process.kill(pid, 0);
    return 'running';
  } catch (error) {
    return codeOf(error) === 'EPERM' ? 'running' : null;
  }
}
