/**
 * What the cores did since they came up, in milliseconds: one row of `coreTimeKinds` numbers for each core, at the
 * system's number of the core, in one array, since one is made at every tick. NaN: the core is offline, or the
 * system does not tell.
 */
export type CoreTimes = Float64Array;

/** Places within the row of one core. */
export const coreTime = {
  /** Nothing to run, waiting for the disk included: a core that waits for the disk runs nothing. */
  idle: 0,
  /** At any priority, guests of virtual machines included. */
  user: 1,
  system: 2,
  iowait: 3,
  /** Hardware and software interrupts. */
  irq: 4,
  /** Given to other machines by the hypervisor. */
  steal: 5,
} as const;
export const coreTimeKinds = 6;

export function countCores(times: CoreTimes): number {
  return times.length / coreTimeKinds;
}

export function isCoreOnline(times: CoreTimes, core: number): boolean {
  return !Number.isNaN(times[core * coreTimeKinds + coreTime.idle] ?? Number.NaN);
}
