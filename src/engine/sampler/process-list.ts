import type systeminformation from 'systeminformation';
import type { Milliseconds, UnixMs } from '../../shared/units.ts';
import type { ProcessDescription, ProcessFacts } from './system-reader.ts';

/** The processes of the machine on systems without /proc. Starts a program per call, so not for every tick. */
export interface ProcessList {
  read(): Promise<readonly ProcessFacts[]>;
  describe(pid: number): ProcessDescription | null;
}

type Listed = systeminformation.Systeminformation.ProcessesProcessData;

interface Known {
  readonly listed: Listed;
  /** As it was told first; 0 where it is not told. */
  readonly startedUnixMs: UnixMs;
}

/**
 * On macOS systeminformation subtracts what `ps` tells in whole seconds from a clock that it rounds down to whole
 * seconds, so the same process seems to have begun a second earlier or later from one reading to the next. Closer
 * than this is the same one; a pid is not given again as soon as that.
 */
const startToleranceMs: Milliseconds = 2000;

function toStartMs(process: Listed): UnixMs {
  const startMs = Date.parse(process.started);
  return Number.isNaN(startMs) ? 0 : startMs;
}

/**
 * Not on Linux: there systeminformation 5.33 makes one command line of all pids, which at about 6 500 processes is
 * too long, and the error (E2BIG) comes up where nobody can catch it and ends the program.
 */
async function listAll(): Promise<readonly Listed[]> {
  if (process.platform === 'linux') throw new Error('the processes of Linux are read from /proc');
  // Not read where it is not wanted: a sampler on Linux would wait for 20 000 lines before its first tick.
  const { default: library } = await import('systeminformation');
  return (await library.processes()).list;
}

/** Who was there before began when it was first said to have; and nobody before a parent that seems to be younger. */
function steadyStarts(
  listed: readonly Listed[],
  last: ReadonlyMap<number, Known>,
): ReadonlyMap<number, Known> {
  const byPid = new Map(listed.map((process) => [process.pid, process]));
  const known = new Map<number, Known>();
  function place(process: Listed): UnixMs {
    const done = known.get(process.pid);
    if (done !== undefined) return done.startedUnixMs;
    const toldMs = toStartMs(process);
    const lastMs = last.get(process.pid)?.startedUnixMs ?? Number.NaN;
    const isSame = Math.abs(toldMs - lastMs) <= startToleranceMs;
    // Before its parent is placed: parents may form a circle (Windows' idle process is its own).
    known.set(process.pid, { listed: process, startedUnixMs: isSame ? lastMs : toldMs });
    const parent = byPid.get(process.parentPid);
    if (isSame || parent === undefined || toldMs === 0) return isSame ? lastMs : toldMs;
    const parentMs = place(parent);
    const isYounger = parentMs > toldMs && parentMs - toldMs <= startToleranceMs;
    if (isYounger) known.set(process.pid, { listed: process, startedUnixMs: parentMs });
    return isYounger ? parentMs : toldMs;
  }
  for (const process of listed) place(process);
  return known;
}

export function createProcessList(list: () => Promise<readonly Listed[]> = listAll): ProcessList {
  let byPid: ReadonlyMap<number, Known> = new Map();
  return {
    async read() {
      try {
        const listed = await list();
        // No system is without processes: the program was not there, or said something else.
        if (listed.length > 0) byPid = steadyStarts(listed, byPid);
      } catch {
        // One failed call must not make the whole tree vanish: what was last known stands for one more reading.
      }
      return [...byPid.values()].map(({ listed: { pid, parentPid }, startedUnixMs }) => ({
        pid,
        parentPid,
        startMark: startedUnixMs,
      }));
    },
    describe(pid) {
      const known = byPid.get(pid);
      if (known === undefined) return null;
      const { listed, startedUnixMs } = known;
      return {
        name: listed.name,
        commandLine: [listed.command, listed.params].filter((part) => part !== '').join(' '),
        user: listed.user === '' ? null : listed.user,
        startedUnixMs: startedUnixMs === 0 ? null : startedUnixMs,
      };
    },
  };
}
