import os from 'node:os';
import type { MachineInfo } from '../shared/experiment.ts';
import { readControlGroups, readQuota } from './sampler/linux/control-groups.ts';
import { type ReadText, readText } from './sampler/linux/text-file.ts';

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

/** What is known of it at once. `knownModel` is told where the system has no name for its processor. */
export function glanceAtMachine(
  knownModel: string | null = null,
): Pick<MachineInfo, 'cpuModel' | 'logicalCores' | 'memoryBytes'> {
  const cores = os.cpus();
  return {
    cpuModel: orNull(cores[0]?.model) ?? knownModel ?? os.arch(),
    logicalCores: cores.length,
    memoryBytes: os.totalmem(),
  };
}

/** What the machine is. Starts several programs and takes up to a second: to be asked once. */
export async function describeMachine(): Promise<MachineInfo> {
  // Read when it is wanted: a program that only asks for usable cores does not wait for 20 000 lines.
  const { default: systeminformation } = await import('systeminformation');
  // One after the other: side by side they are no faster on a small machine, and a burst of programs at start-up.
  const system = await attempt(() => systeminformation.system());
  const operatingSystem = await attempt(() => systeminformation.osInfo());
  const cpu = await attempt(() => systeminformation.cpu());
  const physicalCores = cpu?.physicalCores ?? 0;
  return {
    ...glanceAtMachine(joinKnown([cpu?.manufacturer, cpu?.brand])),
    os: joinKnown([operatingSystem?.distro, operatingSystem?.release]) ?? os.type(),
    kernel: os.release(),
    arch: os.arch(),
    physicalCores: physicalCores > 0 ? physicalCores : null,
    virtualization: system?.virtual === true ? (orNull(system.virtualHost) ?? 'virtual machine') : null,
  };
}

/**
 * How many cores' worth of CPU time this process's control groups allow; Infinity where they set no limit. Versions 1
 * and 2, and every group above; see `control-groups.ts`.
 */
export function readCpuQuotaCores(read: ReadText = readText): number {
  return readQuota(read, readControlGroups(read, null)).cores ?? Number.POSITIVE_INFINITY;
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
