import { z } from 'zod';
import { parsePlan } from '../engine/experiment/plan.ts';
import { objectives } from '../shared/experiment-analysis.ts';
import type { RequestChannel, Requests } from '../shared/ipc.ts';
import { filePurposes } from '../shared/ipc.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import { heatmapChoices } from '../shared/run-heatmap.ts';
import { runtimes } from '../shared/workload.ts';
import { differencesSchemas } from './answers/differences-desk.ts';
import { processSchemas } from './answers/processes.ts';
import { recordingSchemas } from './answers/recordings-payloads.ts';
import { shellSchemas } from './answers/shell-payloads.ts';
import { watchSchemas } from './answers/watch-payloads.ts';

/** Characters: a table of 100 000 rows. */
const longestCopiedText = 20_000_000;

export type PayloadParsers = {
  readonly [Channel in RequestChannel]: (payload: unknown) => Result<Requests[Channel]['request']>;
};

/** What a page sends is checked here, at run time, before anything is done with it. */
export const payloadParsers: PayloadParsers = {
  'app:describe': nothing,
  'app:look-around': nothing,
  'experiment:estimate': parsePlan,
  'experiment:start': parsePlan,
  'experiment:cancel': nothing,
  'experiment:pause': bySchema(z.strictObject({ paused: z.boolean() })),
  'experiment:judge': bySchema(z.strictObject({ objective: z.enum(objectives) })),
  'experiment:heatmaps': bySchema(z.strictObject({ runs: z.enum(heatmapChoices) })),
  'experiment:save': bySchema(z.strictObject({ format: z.enum(['json', 'html']) })),
  'strategies:list': bySchema(
    z.strictObject({
      runtime: z.enum(runtimes),
      workloadId: z.string().max(200),
      pythonPath: z.string().min(1).nullable(),
      workers: z.number(),
    }),
  ),
  'pythons:list': nothing,
  'python:describe': bySchema(z.strictObject({ path: z.string().min(1) })),
  'file:choose': bySchema(z.strictObject({ purpose: z.enum(filePurposes) })),
  'text:copy': bySchema(z.strictObject({ text: z.string().max(longestCopiedText) })),
  'samples:connect': nothing,
  ...parsersOf(recordingSchemas),
  ...parsersOf(shellSchemas),
  ...parsersOf(differencesSchemas),
  ...parsersOf(watchSchemas),
  ...parsersOf(processSchemas),
};

function nothing(payload: unknown): Result<null> {
  return payload === null || payload === undefined ? succeed(null) : badPayload('expected no payload');
}

function bySchema<Value>(schema: z.ZodType<Value>): (payload: unknown) => Result<Value> {
  return (payload) => {
    const parsed = schema.safeParse(payload);
    return parsed.success ? succeed(parsed.data) : badPayload(z.prettifyError(parsed.error));
  };
}

/** One parser for each schema of a subject. */
function parsersOf<Schemas extends Readonly<Record<string, z.ZodType>>>(
  schemas: Schemas,
): { readonly [Channel in keyof Schemas]: (payload: unknown) => Result<z.infer<Schemas[Channel]>> } {
  const parsers = Object.entries(schemas).map(([channel, schema]) => [channel, bySchema(schema)]);
  // One parser was just made of each schema.
  return Object.fromEntries(parsers) as ReturnType<typeof parsersOf<Schemas>>;
}

function badPayload(reason: string): Result<never> {
  return fail('bad-payload', `The page sent something unexpected: ${reason}.`, 'Nothing was done.');
}
