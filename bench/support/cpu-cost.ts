import { readdirSync, readFileSync } from 'node:fs';
import { parseChildren, parseSchedstatMs } from '../../src/engine/sampler/linux-proc.ts';

/** CPU time of a process and all its descendants up to one instant, from two sources. */
export interface TreeCpu {
  /**
   * Live threads by schedstat (nanoseconds; a thread that runs right now is behind by one kernel tick at most),
   * plus the children that were waited for, in steps of 10 ms. Misses threads that ended. NaN where the kernel
   * keeps no schedstat.
   */
  readonly threadsMs: number;
  /** User and system time of all, children that were waited for included, in steps of 10 ms. */
  readonly ticksMs: number;
}

const msPerTick = 10;

/** utime, stime, cutime, cstime of one /proc/PID/stat, in milliseconds; null for text that is not one. */
export function parseCpuFields(stat: string): { ownMs: number; waitedForMs: number } | null {
  const nameEnd = stat.lastIndexOf(')');
  if (nameEnd < 0) return null;
  // fields[0] is field 3 of proc(5).
  const fields = stat.slice(nameEnd + 2).split(' ');
  const ticks = (number: number): number => Number(fields[number - 3] ?? Number.NaN);
  const ownMs = (ticks(14) + ticks(15)) * msPerTick;
  const waitedForMs = (ticks(16) + ticks(17)) * msPerTick;
  return Number.isNaN(ownMs + waitedForMs) ? null : { ownMs, waitedForMs };
}

/**
 * CPU between two readings. A thread that ended takes its schedstat along; the coarse count still has it, and is
 * believed where it is ahead by more than its own steps (four fields of 10 ms) can explain.
 */
export function spentBetween(before: TreeCpu, after: TreeCpu): number {
  const threadsMs = after.threadsMs - before.threadsMs;
  const ticksMs = after.ticksMs - before.ticksMs;
  if (Number.isNaN(threadsMs)) return ticksMs;
  return ticksMs > threadsMs + 4 * msPerTick ? ticksMs : threadsMs;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // The process or thread ended meanwhile.
    return '';
  }
}

function listThreads(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** A process and all its living descendants. Children of every thread, not of the main one only. */
export function listTree(rootPid: number): number[] {
  const pids = [rootPid];
  for (const pid of pids) {
    for (const tid of listThreads(pid))
      pids.push(...parseChildren(read(`/proc/${pid}/task/${tid}/children`)));
  }
  return pids;
}

/** A process that is gone counts as 0: whoever waited for it has its time. */
export function readTreeCpu(rootPid: number): TreeCpu {
  let threadsMs = 0;
  let ticksMs = 0;
  for (const pid of listTree(rootPid)) {
    const fields = parseCpuFields(read(`/proc/${pid}/stat`));
    if (fields === null) continue;
    ticksMs += fields.ownMs + fields.waitedForMs;
    threadsMs += fields.waitedForMs;
    for (const tid of listThreads(pid)) {
      const text = read(`/proc/${pid}/task/${tid}/schedstat`);
      // Ended between the listing and the reading.
      if (text !== '') threadsMs += parseSchedstatMs(text);
    }
  }
  return { threadsMs, ticksMs };
}
