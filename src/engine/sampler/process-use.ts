import type { ProcessUse } from './system-reader.ts';

/**
 * pidusage, with its traps closed (pidusage 4.1.0, read in its source and tried):
 * - its `cpu` depends on a coarse clock and on who else asked, so only the cumulative `ctime` is used;
 * - calls that overlap overwrite each other's state, so all calls of this program stand in one line;
 * - it keeps a file open per pid, for `maxage` after the last question, so `maxage` is short;
 * - that file belongs to one process: after the pid is reused it fails, for as long as one keeps asking. So a pid
 *   that failed is left alone until the file has been closed.
 *
 * One trap stays open: where a process ends between pidusage's first open and read, that file is never closed.
 * Measured on 2 000 children of 10 ms: 10 files for 974 seen at 50 Hz, 1 for 214 seen at 10 Hz. Closing it from here
 * could close another's file, since pidusage does not say which it still holds; readers of our own will not have it.
 */

/** Longer keeps files of dead processes open longer; shorter than a tick opens a file per pid and tick. */
const maximumAgeMs = 1000;
/** pidusage looks for expired files every half `maxage`, so one is surely closed after one and a half. */
const restAfterFailureMs = 2 * maximumAgeMs;

let lastCall: Promise<unknown> = Promise.resolve();

/** Runs `call` after all earlier ones have ended, in this thread. */
function inLine<Value>(call: () => Promise<Value>): Promise<Value> {
  const result = lastCall.then(call);
  lastCall = result.catch(() => undefined);
  return result;
}

type Answer = Record<string, { readonly ctime: number; readonly memory: number } | null>;

async function ask(pids: readonly number[]): Promise<Answer> {
  try {
    const { default: pidusage } = await import('pidusage');
    return await pidusage([...pids], { maxage: maximumAgeMs, usePs: false });
  } catch {
    // Alone on the list, a process that ended is an error; among others it is a null.
    return {};
  }
}

/** `nowMs`: any monotonic clock. */
export function createProcessUseReader(
  nowMs: () => number = () => performance.now(),
): (pids: readonly number[]) => Promise<ReadonlyMap<number, ProcessUse>> {
  const restingUntilMs = new Map<number, number>();

  async function read(pids: readonly number[]): Promise<ReadonlyMap<number, ProcessUse>> {
    const uses = new Map<number, ProcessUse>();
    const startMs = nowMs();
    for (const [pid, untilMs] of restingUntilMs) {
      if (untilMs <= startMs) restingUntilMs.delete(pid);
    }
    const asked = pids.filter((pid) => !restingUntilMs.has(pid));
    if (asked.length === 0) return uses;
    const answer = await ask(asked);
    const endMs = nowMs();
    for (const pid of asked) {
      const use = answer[String(pid)] ?? null;
      if (use === null) restingUntilMs.set(pid, endMs + restAfterFailureMs);
      else uses.set(pid, { cpuMs: use.ctime, rssBytes: use.memory });
    }
    return uses;
  }

  return (pids) => inLine(() => read(pids));
}
