import type { Milliseconds } from './units.ts';

/** One logical core, as the scheduler counts them. What the system does not tell is null. */
export interface LogicalCore {
  /** The system's number of the core; also its place in the columns of a frame. */
  readonly index: number;
  readonly online: boolean;
  readonly socket: number | null;
  readonly numaNode: number | null;
  /** Equal for the logical cores of one physical core, and unique on the machine. */
  readonly physicalCore: number | null;
  /** Equal for the cores that share the last level of cache, and unique on the machine. */
  readonly cacheGroup: number | null;
  /** Of a machine with two classes of cores; null on the others. */
  readonly kind: 'performance' | 'efficiency' | null;
  readonly maxMhz: number | null;
  /** Whether the watched work may run there (affinity and cpuset). */
  readonly usable: boolean;
}

/** What limits how many cores the work can use. */
export type CoreBound = 'machine' | 'affinity' | 'cpuset' | 'quota';

/** How many cores the work can use at most: the smallest of all limits, and which one that is. */
export interface UsableCores {
  readonly count: number;
  readonly boundBy: CoreBound;
  readonly onlineCores: number;
  readonly affinityCores: number | null;
  readonly cpusetCores: number | null;
  /** Cores' worth of CPU time that control groups allow; may be a fraction. Null where they set no limit. */
  readonly quotaCores: number | null;
}

/** The cores of the machine: told when the sampler starts, and again when a core comes or goes or a limit changes. */
export interface CoreTopology {
  readonly cores: readonly LogicalCore[];
  readonly usable: UsableCores;
  /** Time between two ticks of the kernel's clock, by which CPU time is credited; null where it is not known. */
  readonly kernelTickMs: Milliseconds | null;
}
