import systeminformation from 'systeminformation';
import { type ProcessDescription, type ProcessFacts } from './system-reader.ts';

/** The processes of the machine on systems without /proc. Starts a program per call, so not for every tick. */
export interface ProcessList {
  read(): Promise<readonly ProcessFacts[]>;
  describe(pid: number): ProcessDescription | null;
}

type Listed = systeminformation.Systeminformation.ProcessesProcessData;

function toStartMs(process: Listed): number {
  const startMs = Date.parse(process.started);
  return Number.isNaN(startMs) ? 0 : startMs;
}

/**
 * Not on Linux: there systeminformation 5.33 makes one command line of all pids, which at about 6 500 processes is
 * too long, and the error (E2BIG) comes up where nobody can catch it and ends the program.
 */
async function listAll(): Promise<readonly Listed[]> {
  if (process.platform === 'linux') throw new Error('the processes of Linux are read from /proc');
  return (await systeminformation.processes()).list;
}

export function createProcessList(list: () => Promise<readonly Listed[]> = listAll): ProcessList {
  let byPid: ReadonlyMap<number, Listed> = new Map();
  return {
    async read() {
      try {
        const listed = await list();
        // No system is without processes: the program was not there, or said something else.
        if (listed.length > 0) byPid = new Map(listed.map((process) => [process.pid, process]));
      } catch {
        // One failed call must not make the whole tree vanish: what was last known stands for one more reading.
      }
      return [...byPid.values()].map((process) => ({
        pid: process.pid,
        parentPid: process.parentPid,
        startMark: toStartMs(process),
      }));
    },
    describe(pid) {
      const process = byPid.get(pid);
      if (process === undefined) return null;
      const startMs = toStartMs(process);
      return {
        name: process.name,
        commandLine: [process.command, process.params].filter((part) => part !== '').join(' '),
        user: process.user === '' ? null : process.user,
        startedUnixMs: startMs === 0 ? null : startMs,
      };
    },
  };
}
