import type { SessionMs } from '../../shared/units.ts';
import type { MetricCapability } from './capability.ts';
import { createLinuxReader } from './linux-reader.ts';
import { describePortable } from './portable-capabilities.ts';
import { createPortableCores } from './portable-cores.ts';
import { createPortableProcesses } from './portable-processes.ts';
import { createProcessList } from './process-list.ts';
import { createProcessUseReader } from './process-use.ts';
import type { ProcessUse, SystemReader } from './system-reader.ts';

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
export function createLibraryReader(
  platform: NodeJS.Platform = process.platform,
  nowMs: () => SessionMs = () => performance.now(),
): SystemReader {
  const readUse = createProcessUseReader();
  const cores = createPortableCores({ platform });
  const capabilities = (): readonly MetricCapability[] => describePortable(platform);
  if (platform === 'linux')
    return { ...cores, capabilities, processEveryMs: 0, readUse, readOwnUse, ...createLinuxReader() };

  const list = createProcessList();
  const everyMs = processEveryMsByPlatform[platform] ?? processEveryMsElsewhere;
  return {
    ...cores,
    ...createPortableProcesses({ list, readUse, nowMs, everyMs }),
    capabilities,
    // A tick only takes what is there.
    processEveryMs: 0,
    describe: (pid) => list.describe(pid),
    readOwnUse,
    // Neither macOS nor Windows has them; their nearest kin comes with the native readers.
    readThread: () => null,
    readPssBytes: () => Number.NaN,
  };
}
