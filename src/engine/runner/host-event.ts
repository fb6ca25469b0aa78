import { z } from 'zod';
import { workerKinds } from '../../shared/experiment-event.ts';
import { fail, type Result, succeed } from '../../shared/result.ts';
import { runtimes } from '../../shared/workload.ts';
import { type HostEvent, mostTasksPerMessage } from './protocol.ts';

const nanoseconds = z.string().regex(/^\d{1,20}$/);
const count = z.int().min(0);
const workerOrNobody = count.nullable();
/** By hand: checked as a schema of its own, each of a million tasks would cost as much as a short one takes. */
const lengths = z.custom<readonly number[]>(
  (value) => Array.isArray(value) && value.length <= mostTasksPerMessage && value.every(isCount),
);
const task = { ns: nanoseconds, task: count, worker: workerOrNobody };

/** What a host may say. A host runs a user's work, which can write to descriptor 3 as well: nothing is believed. */
const hostEventSchema: z.ZodType<HostEvent> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    ns: nanoseconds,
    interpreter: z.object({
      runtime: z.enum(runtimes),
      version: z.string(),
      executable: z.string(),
      implementation: z.string(),
      gilEnabled: z.boolean().nullable(),
      freeThreadedBuild: z.boolean().nullable(),
      startMethod: z.string().nullable(),
    }),
  }),
  z.object({ type: z.literal('started'), ns: nanoseconds }),
  z.object({
    type: z.literal('worker-ready'),
    ns: nanoseconds,
    worker: z.object({
      index: count,
      name: z.string(),
      pid: z.int().min(1),
      tid: z.int().min(1).nullable(),
      kind: z.enum(workerKinds),
    }),
  }),
  z.object({ type: z.literal('task-started'), ...task }),
  z.object({ type: z.literal('task-finished'), ...task }),
  z.object({
    type: z.literal('share-tasks'),
    ns: nanoseconds,
    worker: count,
    lengthsNs: lengths,
    firstTask: count,
    taskStep: z.int().min(1),
    firstIsTold: z.boolean(),
    nextIsStarted: z.boolean(),
  }),
  z.object({
    type: z.literal('worker-exited'),
    ns: nanoseconds,
    index: count,
    pid: z.int().min(1),
    code: z.int().nullable(),
    signal: z.string().nullable(),
    cpuSeconds: z.number().min(0).nullable(),
    maxRssBytes: z.number().min(0).nullable(),
  }),
  z.object({
    type: z.literal('gil'),
    ns: nanoseconds,
    enabled: z.boolean(),
    culprit: z.string().nullable(),
  }),
  z.object({
    type: z.literal('metric'),
    ns: nanoseconds,
    name: z.string(),
    value: z.number(),
    unit: z.string(),
    worker: workerOrNobody,
  }),
  z.object({ type: z.literal('note'), ns: nanoseconds, text: z.string(), worker: workerOrNobody }),
  z.object({
    type: z.literal('mark'),
    ns: nanoseconds,
    name: z.string(),
    values: z.record(z.string(), z.string()),
    worker: workerOrNobody,
  }),
  z.object({
    type: z.literal('finished'),
    ns: nanoseconds,
    wallNs: nanoseconds,
    startupNs: nanoseconds,
    workNs: nanoseconds,
    tearDownNs: nanoseconds,
    messageNs: nanoseconds.nullable(),
    cpuSeconds: z.number().min(0).nullable(),
    checksum: z.string().regex(/^[0-9a-f]{16}$/),
    workers: z.int().min(1),
    lostTasks: count,
  }),
  z.object({
    type: z.literal('failed'),
    ns: nanoseconds,
    message: z.string(),
    worker: workerOrNobody,
  }),
]);

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

const shownCharacters = 120;

/** Parses one line of a host's events. */
export function parseHostEvent(line: string): Result<HostEvent> {
  const parsed = hostEventSchema.safeParse(parseJson(line));
  if (parsed.success) return succeed(parsed.data);
  const issue = parsed.error.issues[0];
  const where = issue === undefined || issue.path.length === 0 ? '' : ` at "${issue.path.join('.')}"`;
  const shown = line.length > shownCharacters ? `${line.slice(0, shownCharacters)}…` : line;
  return fail(
    'host-protocol',
    `The run host wrote a line that is not an event${where}: ${JSON.stringify(shown)}.`,
    'If the workload writes to file descriptor 3, let it use another one; otherwise report this as a bug.',
  );
}

/** Undefined where `text` is not JSON: no event is undefined either. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
