import os from 'node:os';
import { createLinuxReader } from './linux-reader.ts';
import { createProcessList } from './process-list.ts';
import { createProcessUseReader } from './process-use.ts';
import { type ProcessUse, type SystemReader } from './system-reader.ts';

/**
 * Least time between two readings of processes where each one starts a program: `ps` on macOS takes some tens of
 * milliseconds, PowerShell on Windows about a second. Oftener, the sampler would be what is measured.
 */
const processEveryMsByPlatform: Partial<Record<NodeJS.Platform, number>> = { win32: 3000 };
const processEveryMsElsewhere = 1000;

function readOwnUse(): ProcessUse {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() };
}

/** Reads through os.cpus(), pidusage and systeminformation, and through /proc what these cannot tell. */
export function createLibraryReader(platform: NodeJS.Platform = process.platform): SystemReader {
  const readUse = createProcessUseReader();
  if (platform === 'linux') return { processEveryMs: 0, readUse, readOwnUse, ...createLinuxReader() };

  const list = createProcessList();
  return {
    processEveryMs: processEveryMsByPlatform[platform] ?? processEveryMsElsewhere,
    readCoreIdleMs: () => Float64Array.from(os.cpus(), (core) => core.times.idle),
    readProcesses: () => list.read(),
    describe: (pid) => list.describe(pid),
    readUse,
    readOwnUse,
    // Neither macOS nor Windows has them; their nearest kin comes with the native readers.
    readThread: () => null,
    readPssBytes: () => Number.NaN,
  };
}
