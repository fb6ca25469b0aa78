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

export function createProcessList(
  list: () => Promise<readonly Listed[]> = async () => (await systeminformation.processes()).list,
): ProcessList {
  let byPid: ReadonlyMap<number, Listed> = new Map();
  return {
    async read() {
      try {
        byPid = new Map((await list()).map((process) => [process.pid, process]));
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
