import { z } from 'zod';
import { createProcessActions } from '../../engine/processes/act-on-process.ts';
import { createProcessFacts } from '../../engine/processes/facts.ts';
import type { ProcessRequests } from '../../shared/process-requests.ts';
import type { Result } from '../../shared/result.ts';
import type { ListedProcess } from '../../shared/watch-requests.ts';
import type { Services } from '../services.ts';

const identity = { pid: z.int().positive().max(0x7fff_ffff), startedUnixMs: z.number().nullable() };

/** What a page may ask to be done to a process. */
export const processSchemas = {
  'process:facts': z.strictObject(identity),
  'process:environment': z.strictObject({ ...identity, withSecrets: z.boolean() }),
  'process:memory-map': z.strictObject(identity),
  'process:end': z.strictObject({
    ...identity,
    scope: z.enum(['process', 'tree']),
    how: z.enum(['term', 'kill']),
  }),
  'process:nice': z.strictObject(identity),
  'process:renice': z.strictObject({ ...identity, level: z.int().min(-20).max(19) }),
} as const satisfies {
  readonly [Channel in keyof ProcessRequests]: z.ZodType<ProcessRequests[Channel]['request']>;
};

export type ProcessAnswers = {
  readonly [Channel in keyof ProcessRequests]: (
    payload: ProcessRequests[Channel]['request'],
  ) => Promise<Result<ProcessRequests[Channel]['response']>>;
};

/** In the engine's process. `list`: with Corescope's own marked. */
export function createProcessAnswers(list: () => Promise<readonly ListedProcess[]>): ProcessAnswers {
  const actions = createProcessActions(list);
  return {
    ...createProcessFacts(list),
    'process:end': (wish) => actions.end(wish),
    'process:nice': (wish) => actions.nice(wish),
    'process:renice': (wish) => actions.renice(wish),
  };
}

/** Main only passes on. */
export function processHandlers({ request }: Pick<Services, 'request'>): ProcessAnswers {
  return {
    'process:facts': (payload) => request('process:facts', payload),
    'process:environment': (payload) => request('process:environment', payload),
    'process:memory-map': (payload) => request('process:memory-map', payload),
    'process:end': (payload) => request('process:end', payload),
    'process:nice': (payload) => request('process:nice', payload),
    'process:renice': (payload) => request('process:renice', payload),
  };
}
