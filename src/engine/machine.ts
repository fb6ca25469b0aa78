import { readFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import systeminformation from 'systeminformation';
import { type MachineInfo } from '../shared/experiment.ts';

/** What systeminformation says where it does not know. */
function orNull(text: string | undefined): string | null {
  const trimmed = text?.trim() ?? '';
  return trimmed === '' || trimmed.toLowerCase() === 'unknown' ? null : trimmed;
}

function joinKnown(parts: readonly (string | undefined)[]): string | null {
  const known = parts.map(orNull).filter((part) => part !== null);
  return known.length === 0 ? null : known.join(' ');
}

/** A reading that fails leaves its fields unknown; it does not take the others with it. */
async function attempt<Value>(read: () => Promise<Value>): Promise<Value | null> {
  try {
    return await read();
  } catch {
    return null;
  }
}

/** What the machine is. Starts several programs and takes up to a second: to be asked once. */
export async function describeMachine(): Promise<MachineInfo> {
  // One after the other: side by side they are no faster on a small machine, and a burst of programs at start-up.
  const system = await attempt(() => systeminformation.system());
  const operatingSystem = await attempt(() => systeminformation.osInfo());
  const cpu = await attempt(() => systeminformation.cpu());
  const physicalCores = cpu?.physicalCores ?? 0;
  return {
    os: joinKnown([operatingSystem?.distro, operatingSystem?.release]) ?? os.type(),
    kernel: os.release(),
    arch: os.arch(),
    cpuModel: orNull(os.cpus()[0]?.model) ?? joinKnown([cpu?.manufacturer, cpu?.brand]) ?? os.arch(),
    logicalCores: os.cpus().length,
    physicalCores: physicalCores > 0 ? physicalCores : null,
    memoryBytes: os.totalmem(),
    virtualization: system?.virtual === true ? (orNull(system.virtualHost) ?? 'virtual machine') : null,
  };
}

type ReadText = (path: string) => string | null;

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The folder and all above it, up to the root of the hierarchy: a limit on any of them counts. */
function withParents(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '..');
  return names.map((_, index) => names.slice(0, names.length - index).join('/')).concat('');
}

function toCores(quota: string | undefined, period: string | undefined): number {
  const cores = Number(quota) / Number(period);
  // `max` and -1 stand for no limit.
  return cores > 0 ? cores : Number.POSITIVE_INFINITY;
}

/**
 * How many cores' worth of CPU time this process's control groups allow; Infinity where they set no limit.
 * Reads version 2 (`cpu.max`) and version 1 (`cpu.cfs_quota_us`). In a container whose own group is mounted as the
 * root, the path in /proc/self/cgroup leads nowhere and the root is what counts, so it is always asked too.
 */
export function readCpuQuotaCores(read: ReadText = readText): number {
  const limits = (read('/proc/self/cgroup') ?? '').split('\n').flatMap((line) => {
    const [id, controllers = '', ...rest] = line.split(':');
    const path = rest.join(':');
    if (id === '0' && controllers === '') {
      return withParents(path).map((group) => {
        const [quota, period] = (read(join('/sys/fs/cgroup', group, 'cpu.max')) ?? '').trim().split(' ');
        return toCores(quota, period);
      });
    }
    if (!controllers.split(',').includes('cpu')) return [];
    return withParents(path).map((group) => {
      const folder = join('/sys/fs/cgroup/cpu', group);
      return toCores(
        read(join(folder, 'cpu.cfs_quota_us'))?.trim(),
        read(join(folder, 'cpu.cfs_period_us'))?.trim(),
      );
    });
  });
  return Math.min(Number.POSITIVE_INFINITY, ...limits);
}

/**
 * Cores that work started here may use: those the scheduler allows (affinity), or fewer where a control group
 * limits CPU time. A quota is rounded up, as Go and the JVM do: with 1.5 cores, one worker would leave a third of
 * what is allowed unused, while two share it.
 */
export function usableCores(
  availableCores: number = os.availableParallelism(),
  quotaCores: number = process.platform === 'linux' ? readCpuQuotaCores() : Number.POSITIVE_INFINITY,
): number {
  return Math.max(1, Math.min(availableCores, Math.ceil(quotaCores)));
}
