import { readdirSync } from 'node:fs';
import os from 'node:os';
import { fail, succeed, type Failure, type Result } from '../../shared/result.ts';
import type { EndOutcome, EndWish, NiceLevel, ProcessIdentity } from '../../shared/process-requests.ts';
import type { Milliseconds } from '../../shared/units.ts';
import type { ListedProcess } from '../../shared/watch-requests.ts';

/** Ends processes and changes their nice level, after a look at who bears the number now. */
export interface ProcessActions {
  end(wish: EndWish): Promise<Result<EndOutcome>>;
  nice(wish: ProcessIdentity): Promise<Result<NiceLevel>>;
  renice(wish: ProcessIdentity & NiceLevel): Promise<Result<NiceLevel>>;
}

/** How long a process may take to go before it is said to be left. */
const endWithinMs: Milliseconds = 2_000;
const lookEveryMs: Milliseconds = 100;

/**
 * Start times on the wall clock are sums with the time since boot, which two programs read some milliseconds apart,
 * and which wanders while the clock is set right. A number is not borne anew this soon after the start it had.
 */
const sameStartWithinMs: Milliseconds = 2_000;

export function createProcessActions(list: () => Promise<readonly ListedProcess[]>): ProcessActions {
  async function find(
    wish: ProcessIdentity,
    deed: string,
  ): Promise<Result<{ readonly found: ListedProcess; readonly processes: readonly ListedProcess[] }>> {
    const processes = await list();
    const same = findSame(processes, wish);
    if (!same.ok) return same;
    const found = same.value;
    if (!found.isOwn) return succeed({ found, processes });
    return fail(
      'own-process',
      `${found.name} (${found.pid}) belongs to Corescope or to the comparison that it runs, and was not ${deed}.`,
      'A comparison is ended with Cancel; Corescope itself with Quit.',
    );
  }

  return {
    async end(wish) {
      const looked = await find(wish, 'ended');
      if (!looked.ok) return looked;
      const { found, processes } = looked.value;
      const targets = wish.scope === 'tree' ? treeOf(found, processes) : [found];
      const signalled: ListedProcess[] = [];
      for (const target of targets) {
        const sent = send(target, wish.how === 'kill' ? 'SIGKILL' : 'SIGTERM');
        if (!sent.ok) return sent;
        if (sent.value) signalled.push(target);
      }
      return succeed({ signalled: signalled.length, left: await countLeft(signalled, list) });
    },
    async nice(wish) {
      const looked = await find(wish, 'asked');
      return looked.ok ? readNice(looked.value.found) : looked;
    },
    async renice(wish) {
      const looked = await find(wish, 'changed');
      return looked.ok ? setNice(looked.value.found, wish.level) : looked;
    },
  };
}

/** A process and what hangs under it, parents first: one that starts its children anew must not see them go. */
export function treeOf(root: ListedProcess, processes: readonly ListedProcess[]): readonly ListedProcess[] {
  const childrenOf = new Map<number, ListedProcess[]>();
  for (const process of processes) {
    const siblings = childrenOf.get(process.parentPid);
    if (siblings === undefined) childrenOf.set(process.parentPid, [process]);
    else siblings.push(process);
  }
  const tree = new Set([root]);
  // A Set's iteration reaches what is added meanwhile.
  for (const { pid } of tree) {
    for (const child of childrenOf.get(pid) ?? []) if (!child.isOwn) tree.add(child);
  }
  return [...tree];
}

/** The process that is meant, and no later bearer of its number. */
export function findSame(processes: readonly ListedProcess[], wish: ProcessIdentity): Result<ListedProcess> {
  const found = processes.find(({ pid }) => pid === wish.pid);
  return found !== undefined && isSameStart(found, wish) ? succeed(found) : gone(wish.pid, found ?? null);
}

function isSameStart(found: ListedProcess, { startedUnixMs }: ProcessIdentity): boolean {
  if (startedUnixMs === null || found.startedUnixMs === null) return true;
  return Math.abs(found.startedUnixMs - startedUnixMs) <= sameStartWithinMs;
}

export function gone(pid: number, bearer: ListedProcess | null): Failure {
  return fail(
    'process-gone',
    bearer === null
      ? `The process ${pid} has ended already.`
      : `The process ${pid} has ended already; its number is now borne by ${bearer.name}, which was left alone.`,
    'Nothing was done.',
  );
}

/** False where it had just gone. */
function send(target: ListedProcess, signal: 'SIGTERM' | 'SIGKILL'): Result<boolean> {
  try {
    process.kill(target.pid, signal);
    return succeed(true);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return succeed(false);
    return fail(
      'not-permitted',
      `${target.name} (${target.pid}) could not be sent ${signal}: it belongs to ${target.user ?? 'another user'}.`,
      'Only its user or an administrator may end it.',
    );
  }
}

async function countLeft(
  signalled: readonly ListedProcess[],
  list: () => Promise<readonly ListedProcess[]>,
): Promise<number> {
  for (let waitedMs = 0; ; waitedMs += lookEveryMs) {
    const alive = new Map((await list()).map(({ pid, startMark }) => [pid, startMark]));
    const left = signalled.filter(({ pid, startMark }) => alive.get(pid) === startMark).length;
    if (left === 0 || waitedMs >= endWithinMs) return left;
    await new Promise((resolve) => {
      setTimeout(resolve, lookEveryMs);
    });
  }
}

function readNice({ pid, name }: ListedProcess): Result<NiceLevel> {
  try {
    return succeed({ level: os.getPriority(pid) });
  } catch {
    return fail(
      'nice-unknown',
      `The nice level of ${name} (${pid}) cannot be read.`,
      'It may have just ended.',
    );
  }
}

function setNice(target: ListedProcess, level: number): Result<NiceLevel> {
  const { pid, name, user } = target;
  try {
    // Linux keeps a level per thread, and the process's is that of its first one.
    for (const each of new Set([pid, ...listThreads(pid)])) setPriority(each, level, each === pid);
  } catch (error) {
    const before = readNice(target);
    const from = before.ok ? ` from ${before.value.level}` : '';
    return fail(
      'nice-refused',
      `The nice level of ${name} (${pid}, of ${user ?? 'an unknown user'}) could not be changed${from} to ${level}: ${error instanceof Error ? error.message : String(error)}.`,
      'Its own user may raise the level (up to 19, the least urgent); to lower it takes an administrator.',
    );
  }
  return readNice(target);
}

/** A thread that has ended since is passed over; that the process itself has is not. */
function setPriority(id: number, level: number, isProcess: boolean): void {
  try {
    os.setPriority(id, level);
  } catch (error) {
    if (isProcess || !isGone(error)) throw error;
  }
}

function listThreads(pid: number): readonly number[] {
  if (process.platform !== 'linux') return [];
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function isGone(error: unknown): boolean {
  // A SystemError: its code is ERR_SYSTEM_ERROR, the system's own is in `info`.
  return error instanceof Error && 'info' in error && JSON.stringify(error.info).includes('"ESRCH"');
}
