import { z } from 'zod';
import type { CoreTopology } from '../../shared/topology.ts';
import type { SessionMs } from '../../shared/units.ts';
import { decodeJson } from './json-payload.ts';

const wholeOrNull = z.int().nullable();

const topologyShape: z.ZodType<CoreTopology> = z.object({
  cores: z.array(
    z.object({
      index: z.int().nonnegative(),
      online: z.boolean(),
      socket: wholeOrNull,
      numaNode: wholeOrNull,
      physicalCore: wholeOrNull,
      cacheGroup: wholeOrNull,
      kind: z.enum(['performance', 'efficiency']).nullable(),
      maxMhz: z.number().nullable(),
      usable: z.boolean(),
    }),
  ),
  usable: z.object({
    count: z.number(),
    boundBy: z.enum(['machine', 'affinity', 'cpuset', 'quota']),
    onlineCores: z.number(),
    affinityCores: z.number().nullable(),
    cpusetCores: z.number().nullable(),
    quotaCores: z.number().nullable(),
  }),
  kernelTickMs: z.number().nullable(),
});

/** The cores as they were from a moment on. */
export interface RecordedTopology {
  readonly atMs: SessionMs;
  readonly topology: CoreTopology;
}

/** Throws `MalformedBlock` where the payload is not a topology. */
export function decodeTopology(payload: Uint8Array): CoreTopology {
  return decodeJson(payload, topologyShape, 'a topology');
}
