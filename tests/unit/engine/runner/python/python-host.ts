import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { findPython } from '../../../../../src/engine/runner/interpreters.ts';
import { mostTasksPerMessage } from '../../../../../src/engine/runner/protocol.ts';
import { expandShareTasks } from '../../../../../src/engine/runner/share-tasks.ts';
import { listRunAfterItsEnd } from '../process-list.ts';

/** Drives the real Python host by its protocol alone: a plan on stdin, events on descriptor 3. */

export const pythonFolder = fileURLToPath(new URL('../../../../../resources/python', import.meta.url));

const found = await findPython(null);
export const python = found.ok ? found.value : null;

const startMethods = ['fork', 'spawn', 'forkserver'] as const;
export type StartMethod = (typeof startMethods)[number];

export interface Way {
  readonly strategy: string;
  readonly startMethod: StartMethod | null;
}

/** Every strategy that this Python can have, with every start method. */
export const ways: readonly Way[] = [
  ...['serial', 'asyncio', 'threads', 'thread-pool'].map((strategy) => ({ strategy, startMethod: null })),
  ...['processes', 'process-pool', 'hybrid'].flatMap((strategy) =>
    startMethods.map((startMethod) => ({ strategy, startMethod })),
  ),
];

export interface Plan {
  readonly protocol: 3;
  readonly workloadId: string;
  readonly target: {
    readonly kind: 'function';
    readonly path: string;
    readonly functionName: string;
    readonly args: readonly unknown[];
  } | null;
  readonly params: Readonly<Record<string, number | string>>;
  readonly tasks: number;
  readonly strategy: string;
  readonly workers: number;
  readonly startMethod: StartMethod | null;
  readonly seed: number;
  readonly onWorkerFailure: 'stop' | 'observe';
}

const smallPlan: Plan = {
  protocol: 3,
  workloadId: 'count-loop',
  target: null,
  params: { n: 1_000, rounds: 1 },
  tasks: 5,
  strategy: 'serial',
  workers: 2,
  startMethod: null,
  seed: 7,
  onWorkerFailure: 'stop',
};

const ns = z.string().regex(/^\d+$/).transform(BigInt);
const count = z.int().min(0);
const signalName = z.string().startsWith('SIG').nullable();

/** The events of runner contract 2, and no field besides. */
const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('ready'),
    ns,
    interpreter: z.strictObject({
      runtime: z.literal('python'),
      version: z.string(),
      executable: z.string(),
      implementation: z.string(),
      gilEnabled: z.boolean().nullable(),
      freeThreadedBuild: z.boolean().nullable(),
      startMethod: z.enum(startMethods).nullable(),
    }),
  }),
  z.strictObject({ type: z.literal('started'), ns }),
  z.strictObject({
    type: z.literal('worker-ready'),
    ns,
    worker: z.strictObject({
      index: count,
      name: z.string(),
      pid: z.int().min(1),
      tid: z.int().min(1).nullable(),
      kind: z.enum(['main', 'thread', 'process', 'interpreter']),
    }),
  }),
  z.strictObject({ type: z.literal('task-started'), ns, task: count, worker: count }),
  z.strictObject({ type: z.literal('task-finished'), ns, task: count, worker: count }),
  z.strictObject({
    type: z.literal('worker-exited'),
    ns,
    index: count,
    pid: z.int().min(1),
    code: count.nullable(),
    signal: signalName,
    cpuSeconds: z.number().min(0).nullable(),
    maxRssBytes: z.int().min(1).nullable(),
  }),
  z.strictObject({ type: z.literal('gil'), ns, enabled: z.boolean(), culprit: z.string().nullable() }),
  z.strictObject({
    type: z.literal('metric'),
    ns,
    name: z.string(),
    value: z.number(),
    unit: z.string(),
    worker: count.nullable(),
  }),
  z.strictObject({ type: z.literal('note'), ns, text: z.string(), worker: count.nullable() }),
  z.strictObject({
    type: z.literal('finished'),
    ns,
    wallNs: ns,
    startupNs: ns,
    workNs: ns,
    tearDownNs: ns,
    messageNs: z.string().nullable(),
    cpuSeconds: z.number().min(0),
    checksum: z.string().regex(/^[0-9a-f]{16}$/),
    workers: z.int().min(1),
    lostTasks: count,
  }),
  z.strictObject({ type: z.literal('failed'), ns, message: z.string(), worker: count.nullable() }),
]);
export type Event = z.infer<typeof eventSchema>;

const shareSchema = z.strictObject({
  type: z.literal('share-tasks'),
  ns: z.string().regex(/^\d+$/),
  worker: count,
  lengthsNs: z.array(count).min(1).max(mostTasksPerMessage),
  firstTask: count,
  taskStep: z.int().min(1),
  firstIsTold: z.boolean(),
  nextIsStarted: z.boolean(),
});

/** The tasks of a share one by one, as the account of a run tells them. */
function readEvents(line: string): Event[] {
  const told: unknown = JSON.parse(line);
  const share = shareSchema.safeParse(told);
  if (!share.success) return [eventSchema.parse(told)];
  const fromNs = BigInt(share.data.ns);
  return [...expandShareTasks(share.data)].map(({ afterNs, ...task }) => ({
    ...task,
    ns: fromNs + BigInt(afterNs),
  }));
}

type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>;

export interface HostRun {
  readonly events: readonly Event[];
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
  /** What was left of its processes, and in its place for temporary folders. */
  readonly leftProcesses: readonly string[];
  readonly leftFiles: readonly string[];
}

export interface HostOptions {
  readonly interpreterPath?: string;
  readonly folder?: string;
  /** Called with each event as it comes, and a way to end the host as a cancel does. */
  readonly onEvent?: (event: Event, terminate: () => void) => void;
}

/** Beyond any run of these tests on a busy machine, and below the time that a test has. */
const hangsAfterMs = 15_000;

/** Runs a plan (`smallPlan` with changes) to its end. */
export async function runHost(changes: Partial<Plan>, options: HostOptions = {}): Promise<HostRun> {
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'corescope-host-test-'));
  const host = spawn(
    options.interpreterPath ?? python?.path ?? '',
    ['-B', path.join(options.folder ?? pythonFolder, 'run_host.py')],
    {
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, TMPDIR: temporary },
    },
  );
  const { pid } = host;
  if (pid === undefined) throw new Error('the host could not be started');
  const events: Event[] = [];
  const terminate = (): void => void process.kill(-pid, 'SIGTERM');
  let rest = '';
  let [output, errors] = ['', ''];
  onText(host.stdout, (text) => (output += text));
  onText(host.stderr, (text) => (errors += text));
  onText(host.stdio[3], (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      for (const event of readEvents(line)) {
        events.push(event);
        options.onEvent?.(event, terminate);
      }
    }
  });
  host.stdin.end(`${JSON.stringify({ ...smallPlan, ...changes })}\n`);
  // A host that hangs fails its test, and is not left behind.
  const limit = setTimeout(() => process.kill(-pid, 'SIGKILL'), hangsAfterMs);
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve) => {
    host.once('close', (...exit) => resolve(exit));
  });
  clearTimeout(limit);
  const left = await listRunAfterItsEnd(pid);
  const leftFiles = readdirSync(temporary);
  rmSync(temporary, { recursive: true });
  return {
    events,
    code,
    signal,
    output,
    errors,
    leftProcesses: left.map(({ command }) => command),
    leftFiles,
  };
}

function onText(stream: unknown, take: (text: string) => void): void {
  if (!(stream instanceof Readable)) throw new Error('the host has a pipe that cannot be read');
  stream.setEncoding('utf8');
  stream.on('data', take);
}

export function eventsOf<Type extends Event['type']>(run: HostRun, type: Type): EventOf<Type>[] {
  return run.events.filter((event): event is EventOf<Type> => event.type === type);
}

/** The `finished` event; with what the host said instead where there is none. */
export function finishOf(run: HostRun): EventOf<'finished'> {
  const [finished] = eventsOf(run, 'finished');
  if (finished === undefined) {
    throw new Error(
      `the run did not finish: ${JSON.stringify(eventsOf(run, 'failed'), textOf)}\n${run.errors}`,
    );
  }
  return finished;
}

function textOf(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}

export function failureOf(run: HostRun): string {
  const [failed] = eventsOf(run, 'failed');
  if (failed === undefined) throw new Error('the run did not fail');
  return failed.message;
}

/** What the checksum of a run with these results is by definition. */
export function checksumOf(...results: readonly string[]): string {
  return createHash('sha256').update(results.join('\n')).digest('hex').slice(0, 16);
}
