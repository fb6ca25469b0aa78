import type { CoreTopology, LogicalCore } from '../../../shared/topology.ts';
import type { Milliseconds, SessionMs } from '../../../shared/units.ts';
import type { CoreReader } from '../core-reader.ts';
import { countCores, isCoreOnline, type CoreTimes } from '../core-times.ts';
import { chooseUsableCores } from '../usable-cores.ts';
import {
  readControlGroups,
  readCpuset,
  readGroupMounts,
  readQuota,
  type GroupMount,
} from './control-groups.ts';
import { createFrequencies } from './frequency.ts';
import type { HeldFiles } from './held-files.ts';
import { readKernelTickMs } from './kernel-tick.ts';
import { parseCoreTimes } from './machine-stat.ts';
import { parseNumberList } from './number-list.ts';
import { type ReadText, readText } from './text-file.ts';
import { createThrottling } from './throttling.ts';
import { readCores } from './topology.ts';

export interface LinuxCores extends Omit<CoreReader, 'readCoreTimes'> {
  /** What `/proc/stat` says, which the caller reads for other things too. */
  takeCoreTimes(bytes: Buffer, length: number): CoreTimes;
  close(): void;
}

export interface LinuxCoresOptions {
  readonly files: HeldFiles;
  /** The sampler's own clock. */
  readonly nowMs: () => SessionMs;
  readonly read?: ReadText;
  /** Found out by default. */
  readonly kernelTickMs?: Milliseconds | null;
}

/**
 * Limits may be changed while something runs (`docker update`, taskset). About ten small files, 0.1 ms, and five times
 * that on a busy machine: more often would be a twentieth of all that sampling costs.
 */
const limitsEveryMs = 5000;

interface Limits {
  readonly affinity: readonly number[] | null;
  readonly cpuset: readonly number[] | null;
  readonly quotaCores: number | null;
}

/** Affinity as the kernel holds it: what the process asked for, within its cpuset. */
function readAffinity(read: ReadText, pid: number | null): readonly number[] | null {
  const list = /^Cpus_allowed_list:\s*(\S+)/m.exec(read(`/proc/${pid ?? 'self'}/status`) ?? '')?.[1];
  const cores = list === undefined ? null : parseNumberList(list);
  return cores === null || cores.length === 0 ? null : cores;
}

/** Cores, their limits and clocks on Linux. */
export function createLinuxCores(options: LinuxCoresOptions): LinuxCores {
  const { files, nowMs, read = readText } = options;
  const kernelTickMs = options.kernelTickMs === undefined ? readKernelTickMs() : options.kernelTickMs;
  const throttling = createThrottling(files);
  const frequencies = createFrequencies(files, nowMs);
  let online: readonly boolean[] = [];
  let times: CoreTimes = new Float64Array(0);
  let hasNewCores = true;
  let bareCores: readonly LogicalCore[] = [];
  let lastPid: number | null = null;
  let limitsDueAtMs = Number.NEGATIVE_INFINITY;
  let lastLimits = '';
  let topology: CoreTopology | null = null;
  let mounts: readonly GroupMount[] | null = null;

  function readLimits(pid: number | null): Limits {
    mounts ??= readGroupMounts(read);
    const groups = readControlGroups(read, pid, mounts);
    const quota = readQuota(read, groups);
    throttling.watch(quota.statFiles);
    return {
      affinity: readAffinity(read, pid),
      cpuset: readCpuset(read, groups),
      quotaCores: quota.cores,
    };
  }

  function countOnline(list: readonly number[] | null): number | null {
    return list === null ? null : list.filter((core) => online[core] === true).length;
  }

  function describe({ affinity, cpuset, quotaCores }: Limits): CoreTopology {
    const allowed = new Set(affinity ?? online.keys());
    const inCpuset = new Set(cpuset ?? online.keys());
    return {
      cores: bareCores.map((core) => ({
        ...core,
        usable: core.online && allowed.has(core.index) && inCpuset.has(core.index),
      })),
      usable: chooseUsableCores({
        onlineCores: online.filter(Boolean).length,
        affinityCores: countOnline(affinity),
        cpusetCores: countOnline(cpuset),
        quotaCores,
      }),
      kernelTickMs,
    };
  }

  return {
    takeCoreTimes(bytes, length) {
      times = parseCoreTimes(bytes, length, online.length, times);
      let isSame = countCores(times) === online.length;
      for (let core = 0; isSame && core < online.length; core += 1) {
        isSame = isCoreOnline(times, core) === online[core];
      }
      if (!isSame) {
        online = Array.from({ length: countCores(times) }, (_, core) => isCoreOnline(times, core));
        hasNewCores = true;
      }
      return times;
    },
    readCoreMhz(coreMhz) {
      frequencies.writeMhz(coreMhz, nowMs());
    },
    readTopology(targetPid) {
      const atMs = nowMs();
      if (topology !== null && !hasNewCores && targetPid === lastPid && atMs < limitsDueAtMs) return topology;
      limitsDueAtMs = atMs + limitsEveryMs;
      lastPid = targetPid;
      const limits = readLimits(targetPid);
      const written = JSON.stringify(limits);
      if (topology !== null && !hasNewCores && written === lastLimits) return topology;
      if (hasNewCores) bareCores = readCores(read, online);
      hasNewCores = false;
      lastLimits = written;
      topology = describe(limits);
      return topology;
    },
    readHeldBackMs: () => throttling.readMs(),
    close() {
      throttling.close();
      frequencies.close();
    },
  };
}
