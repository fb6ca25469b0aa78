import { ipcMain, type WebContents } from 'electron';
import { z } from 'zod';
import { parsePlan } from '../engine/experiment/plan.ts';
import { objectives } from '../shared/experiment-analysis.ts';
import type { EventChannel, Events, RequestChannel, Requests } from '../shared/ipc.ts';
import { filePurposes, requestChannels } from '../shared/ipc.ts';
import { fail, succeed, type Result } from '../shared/result.ts';
import { heatmapChoices } from '../shared/run-heatmap.ts';
import { runtimes } from '../shared/workload.ts';
import { differencesSchemas } from './answers/differences-desk.ts';
import { processSchemas } from './answers/processes.ts';
import { recordingSchemas } from './answers/recordings-payloads.ts';
import { shellSchemas } from './answers/shell-payloads.ts';
import { watchSchemas } from './answers/watch-payloads.ts';
import { isTrustedFrame } from './trusted-frame.ts';

export type RequestHandlers = {
  readonly [Channel in RequestChannel]: (
    payload: Requests[Channel]['request'],
    sender: WebContents,
  ) => Promise<Result<Requests[Channel]['response']>>;
};

/** Characters: a table of 100 000 rows. */
const longestCopiedText = 20_000_000;

/** What a page sends is checked here, at run time, before anything is done with it. */
const payloadParsers: {
  readonly [Channel in RequestChannel]: (payload: unknown) => Result<Requests[Channel]['request']>;
} = {
  'app:describe': nothing,
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

/** Answers every request channel. A message from anything but our own page's main frame is refused unread. */
export function serveRequests(handlers: RequestHandlers, trustedOrigin: string): void {
  for (const channel of Object.keys(requestChannels) as RequestChannel[]) {
    serve(channel, handlers, trustedOrigin);
  }
}

function serve<Channel extends RequestChannel>(
  channel: Channel,
  handlers: Pick<RequestHandlers, Channel>,
  trustedOrigin: string,
): void {
  ipcMain.handle(channel, async (event, payload: unknown): Promise<Result<Requests[Channel]['response']>> => {
    if (!isTrustedFrame(event.senderFrame, trustedOrigin)) {
      return fail('untrusted-sender', `A foreign page asked for "${channel}".`, 'Nothing was done.');
    }
    const parsed: Result<Requests[Channel]['request']> = payloadParsers[channel](payload);
    if (!parsed.ok) return parsed;
    try {
      return await handlers[channel](parsed.value, event.sender);
    } catch (error) {
      return fail(
        'internal',
        `Corescope failed at "${channel}": ${error instanceof Error ? error.message : String(error)}`,
        'This is a fault in Corescope. Please report it with the steps that led here.',
      );
    }
  });
}

export function tell<Channel extends EventChannel>(
  contents: WebContents,
  channel: Channel,
  event: Events[Channel],
): void {
  if (!contents.isDestroyed()) contents.send(channel, event);
}

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
