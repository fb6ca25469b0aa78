import type { CoreTopology, LogicalCore, UsableCores } from '../../src/shared/topology.ts';

/** A core of which the system tells nothing but that it is there, with `changes`. */
export function drawnCore(changes: Partial<LogicalCore> & Pick<LogicalCore, 'index'>): LogicalCore {
  return {
    online: true,
    socket: null,
    numaNode: null,
    physicalCore: null,
    cacheGroup: null,
    kind: null,
    maxMhz: null,
    usable: true,
    ...changes,
  };
}

export function drawnTopology(
  cores: readonly LogicalCore[],
  usable: Partial<UsableCores> = {},
): CoreTopology {
  return {
    cores,
    usable: {
      count: cores.filter((core) => core.usable).length,
      boundBy: 'machine',
      onlineCores: cores.filter(({ online }) => online).length,
      affinityCores: null,
      cpusetCores: null,
      quotaCores: null,
      ...usable,
    },
    kernelTickMs: 10,
  };
}
