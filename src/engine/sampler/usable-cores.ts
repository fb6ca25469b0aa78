import type { CoreBound, UsableCores } from '../../shared/topology.ts';

export interface CoreLimits {
  readonly onlineCores: number;
  /** Null where it is not known or sets no limit, as for the others. */
  readonly affinityCores: number | null;
  readonly cpusetCores: number | null;
  readonly quotaCores: number | null;
}

/**
 * The smallest limit, and which one it is: of equal ones the outermost, since lifting an inner one would change
 * nothing. A quota is rounded up, as Go and the JVM do: with 1.5 cores, one worker would leave a third of what is
 * allowed unused, while two share it. Pure.
 */
export function chooseUsableCores(limits: CoreLimits): UsableCores {
  const { onlineCores, affinityCores, cpusetCores, quotaCores } = limits;
  const candidates: readonly (readonly [CoreBound, number | null])[] = [
    ['machine', onlineCores],
    ['cpuset', cpusetCores],
    ['affinity', affinityCores],
    ['quota', quotaCores],
  ];
  let boundBy: CoreBound = 'machine';
  let least = onlineCores;
  for (const [bound, cores] of candidates) {
    if (cores === null || cores >= least) continue;
    boundBy = bound;
    least = cores;
  }
  return { count: Math.max(1, Math.ceil(least)), boundBy, ...limits };
}
