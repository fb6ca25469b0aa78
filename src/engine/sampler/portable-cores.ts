import os from 'node:os';
import type { CoreTopology } from '../../shared/topology.ts';
import type { CoreReader } from './core-reader.ts';
import { coreTime, coreTimeKinds } from './core-times.ts';
import { chooseUsableCores } from './usable-cores.ts';

export interface PortableCoresOptions {
  readonly platform: NodeJS.Platform;
  readonly readCpus?: () => readonly os.CpuInfo[];
  /** Cores that this process may use. */
  readonly countAvailable?: () => number;
}

/**
 * Cores where there is no /proc, as os.cpus() tells them: idle, user and system, and on Windows interrupts, which its
 * `sys` includes. Starts no program. Its clock is the nominal one, so no clock is told.
 */
export function createPortableCores(options: PortableCoresOptions): CoreReader {
  const { platform, readCpus = os.cpus, countAvailable = os.availableParallelism } = options;
  let topology: CoreTopology | null = null;
  return {
    readCoreTimes() {
      const cpus = readCpus();
      const times = new Float64Array(cpus.length * coreTimeKinds).fill(Number.NaN);
      cpus.forEach(({ times: told }, core) => {
        const row = core * coreTimeKinds;
        const hasIrq = platform === 'win32';
        times[row + coreTime.idle] = told.idle;
        times[row + coreTime.user] = told.user + told.nice;
        times[row + coreTime.system] = hasIrq ? told.sys - told.irq : told.sys;
        if (hasIrq) times[row + coreTime.irq] = told.irq;
      });
      return times;
    },
    readCoreMhz: () => undefined,
    readTopology() {
      const count = readCpus().length;
      const available = countAvailable();
      // Only Windows has affinities, and only ours is told: a target inherits it unless it asks for another.
      const affinityCores = platform === 'win32' && available < count ? available : null;
      const isSame = topology?.cores.length === count && topology.usable.affinityCores === affinityCores;
      if (topology !== null && isSame) return topology;
      topology = {
        cores: Array.from({ length: count }, (_, index) => ({
          index,
          online: true,
          socket: null,
          numaNode: null,
          physicalCore: null,
          cacheGroup: null,
          kind: null,
          maxMhz: null,
          usable: true,
        })),
        usable: chooseUsableCores({ onlineCores: count, affinityCores, cpusetCores: null, quotaCores: null }),
        kernelTickMs: null,
      };
      return topology;
    },
    readHeldBackMs: () => Number.NaN,
  };
}
