import { z } from 'zod';
import type { Result } from '../../shared/result.ts';
import { processOrders, type WatchRequests } from '../../shared/watch-requests.ts';
import type { Services } from '../services.ts';

const pid = z.int().positive().max(0x7fff_ffff);

/** What a page may send about processes and watches. */
export const watchSchemas = {
  'watch:processes': z.strictObject({ search: z.string().max(1000), order: z.enum(processOrders) }),
  'watch:state': z.null(),
  'watch:attach': z.strictObject({ pid, startMark: z.number().nullable() }),
  'watch:start': z.strictObject({
    argv: z.array(z.string().max(100_000)).min(1).max(1000),
    folder: z.string().min(1).max(4096).nullable(),
  }),
  'watch:stop': z.strictObject({ id: z.int().positive() }),
  'watch:forget': z.strictObject({ id: z.int().positive() }),
} as const satisfies {
  readonly [Channel in keyof WatchRequests]: z.ZodType<WatchRequests[Channel]['request']>;
};

type WatchHandlers = {
  readonly [Channel in keyof WatchRequests]: (
    payload: WatchRequests[Channel]['request'],
  ) => Promise<Result<WatchRequests[Channel]['response']>>;
};

/** Main only passes on. */
export function watchHandlers({ request }: Pick<Services, 'request'>): WatchHandlers {
  return {
    'watch:processes': (payload) => request('watch:processes', payload),
    'watch:state': (payload) => request('watch:state', payload),
    'watch:attach': (payload) => request('watch:attach', payload),
    'watch:start': (payload) => request('watch:start', payload),
    'watch:stop': (payload) => request('watch:stop', payload),
    'watch:forget': (payload) => request('watch:forget', payload),
  };
}
