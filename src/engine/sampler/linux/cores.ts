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
import { createHeldTexts, createKnownTexts, type KnownTexts } from './known-texts.ts';
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
 * Limits may be changed while something runs (`docker update`, taskset). About six small files, 0.05 ms where they say
 * what they said, and ten times that where not.
 */
const limitsEveryMs = 5000;

interface Limits {
  readonly affinity: readonly number[] | null;
  readonly cpuset: readonly number[] | null;
  readonly quotaCores: number | null;
}

/** Affinity as the kernel holds it: what the process asked for, within its cpuset. */
function readAffinity(texts: KnownTexts, pid: number | null): readonly number[] | null {
  const list = texts.readLine(`/proc/${pid ?? 'self'}/status`, 'Cpus_allowed_list:');
  const cores = list === null ? null : parseNumberList(list);
  return cores === null || cores.length === 0 ? null : cores;
}

/** Cores, their limits and clocks on Linux. */
export function createLinuxCores(options: LinuxCoresOptions): LinuxCores {
  const { files, nowMs, read = readText } = options;
  const heldTexts = options.read === undefined ? createHeldTexts(files) : null;
  const limitTexts = createKnownTexts(heldTexts?.read ?? read);
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
    limitTexts.forget();
    const groups = readControlGroups(limitTexts.read, pid, mounts);
    const quota = readQuota(limitTexts.read, groups);
    throttling.watch(quota.statFiles);
    return {
      affinity: readAffinity(limitTexts, pid),
      cpuset: readCpuset(limitTexts.read, groups),
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
      const isSameTarget = targetPid === lastPid;
      if (topology !== null && !hasNewCores && isSameTarget && !limitTexts.haveChanged()) return topology;
      // Another's files, or of groups that it was in.
      if (!isSameTarget) heldTexts?.close();
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
      heldTexts?.close();
      throttling.close();
      frequencies.close();
    },
  };
}
