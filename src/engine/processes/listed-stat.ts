import { parseStat, type StatLine } from '../sampler/linux-proc.ts';

/** What the list needs of /proc/PID/stat beyond what the sampler does. */
export interface ListedStat extends StatLine {
  readonly isKernelThread: boolean;
  /** Approximate, proc(5) says: within some pages of each thread. */
  readonly rssPages: number;
}

/** PF_KTHREAD of include/linux/sched.h: the same in every kernel since 2.6.27. */
const kernelThreadFlag = 0x0020_0000;

/** Null for text that is no such line. */
export function parseListedStat(text: string): ListedStat | null {
  const line = parseStat(text);
  if (line === null) return null;
  // fields[0] is field 3 of proc(5), the state: the name before it may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const flags = Number(fields[9 - 3]);
  return {
    ...line,
    isKernelThread: Math.floor(flags / kernelThreadFlag) % 2 === 1,
    rssPages: Number(fields[24 - 3]),
  };
}
