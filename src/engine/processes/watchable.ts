import { closeSync, openSync, readFileSync } from 'node:fs';
import type { ListedProcess } from '../../shared/watch-requests.ts';
import { fail, succeed, type Failure, type Result } from '../../shared/result.ts';
import { parseListedStat, type ListedStat } from './listed-stat.ts';

/** The process of that number, if it can be watched. `startMark` null: whichever bears the number now. */
export function findWatchable(
  processes: readonly ListedProcess[],
  { pid, startMark }: { readonly pid: number; readonly startMark: number | null },
): Result<ListedProcess> {
  const found = processes.find((process) => process.pid === pid);
  if (found === undefined) return whyNotListed(pid);
  if (startMark !== null && found.startMark !== startMark) {
    return fail(
      'process-replaced',
      `The process ${pid} that was meant has ended; its number is now borne by ${found.name}.`,
      'Choose it from the list again if that is the one you want.',
    );
  }
  if (found.isOwn) {
    return fail(
      'own-process',
      `${found.name} (${pid}) is a part of Corescope.`,
      'What Corescope itself uses is shown at the foot of every process table.',
    );
  }
  return succeed(found);
}

function whyNotListed(pid: number): Failure {
  const stat = readStat(pid);
  if (stat?.isKernelThread === true) {
    return fail(
      'kernel-thread',
      `${pid} is a thread of the kernel, not a program.`,
      'It has no memory and no children of its own; its CPU time is in the picture of the cores.',
    );
  }
  if (stat !== null) {
    return fail(
      'process-ended',
      `${stat.name} (${pid}) has ended; its number is kept until its parent asks how.`,
      'There is nothing left of it to watch.',
    );
  }
  return fail('no-process', `There is no process ${pid}.`, 'Choose one from the list, which is up to date.');
}

function readStat(pid: number): ListedStat | null {
  if (process.platform !== 'linux') return null;
  try {
    return parseListedStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** What is hidden of another user's process, in a sentence; null where nothing is. */
export function hiddenFacts({ pid, user }: Pick<ListedProcess, 'pid' | 'user'>): string | null {
  if (process.platform !== 'linux') return null;
  try {
    // Opening it takes the same right (ptrace) as memory, I/O and open files do, and it is there in every kernel.
    closeSync(openSync(`/proc/${pid}/environ`, 'r'));
    return null;
  } catch {
    return `It belongs to ${user ?? 'another user'}: its PSS, I/O and open files may not be read and are n/a.`;
  }
}
