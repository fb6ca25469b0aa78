import { z } from 'zod';
import type { RecordedEvent } from '../../shared/recording.ts';
import type { SessionMs } from '../../shared/units.ts';

/** Spans of a recording that have a name, and moments that have one. */
export interface Phase {
  /** `run`: a whole run. `part`: its start-up, work and tear-down. `task`: a piece of work. `marked`: by the program. */
  readonly kind: 'run' | 'part' | 'task' | 'marked';
  readonly name: string;
  readonly fromMs: SessionMs;
  /** Where it did not end, the end of the recording. */
  readonly toMs: SessionMs;
  readonly ended: boolean;
  /** Of the run that it belongs to; null outside of runs. */
  readonly order: number | null;
  /** Of a task; null where nobody can tell. */
  readonly worker: number | null;
  readonly details: Readonly<Record<string, string>>;
}

export interface Moment {
  readonly kind: 'marker' | 'note';
  readonly name: string;
  readonly atMs: SessionMs;
  readonly details: Readonly<Record<string, string>>;
}

/** A worker as it named itself. */
export interface RecordedWorker {
  readonly order: number;
  readonly index: number;
  readonly name: string;
  readonly pid: number;
  readonly tid: number | null;
}

export interface Story {
  /** By their beginning, longer ones first. */
  readonly phases: readonly Phase[];
  readonly moments: readonly Moment[];
  readonly workers: readonly RecordedWorker[];
}

const atMs = z.number();
const order = z.int();
const run = z.object({
  order,
  block: z.int(),
  warmUp: z.boolean(),
  strategy: z.string(),
  workers: z.int(),
});

/** What of the run events is needed here. Others, and those of later versions, are passed over. */
const runEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('run-started'), run, hostPid: z.int(), atMs }),
  z.object({ type: z.literal('work-started'), order, atMs }),
  z.object({
    type: z.literal('work-finished'),
    order,
    phases: z.object({ startupMs: z.number(), workMs: z.number(), tearDownMs: z.number() }),
    atMs,
  }),
  z.object({
    type: z.literal('worker-ready'),
    order,
    worker: z.object({ index: z.int(), name: z.string(), pid: z.int(), tid: z.int().nullable() }),
    atMs,
  }),
  z.object({ type: z.literal('task-started'), order, task: z.int(), worker: z.int().nullable(), atMs }),
  z.object({ type: z.literal('task-finished'), order, task: z.int(), worker: z.int().nullable(), atMs }),
  z.object({ type: z.literal('run-ended'), run, record: z.looseObject({ state: z.string() }), atMs }),
]);

type RunEvent = z.infer<typeof runEvent>;

type OpenPhase = Omit<Phase, 'toMs' | 'ended'>;

/** What the events of a recording tell, in order of time; `endMs` is where open phases are cut off. */
export function readStory(events: readonly RecordedEvent[], endMs: SessionMs): Story {
  const phases: Phase[] = [];
  const moments: Moment[] = [];
  const workers: RecordedWorker[] = [];
  const open = new Map<string, OpenPhase>();
  const workStartedMs = new Map<number, SessionMs>();

  function begin(key: string, phase: OpenPhase): void {
    open.set(key, phase);
  }

  function end(key: string, toMs: SessionMs, details: Readonly<Record<string, string>> = {}): void {
    const phase = open.get(key);
    if (phase === undefined) return;
    open.delete(key);
    phases.push({ ...phase, details: { ...phase.details, ...details }, toMs, ended: true });
  }

  function addRunEvent(event: RunEvent): void {
    switch (event.type) {
      case 'run-started': {
        const { strategy, workers: count, block, warmUp } = event.run;
        begin(`run ${event.run.order}`, {
          kind: 'run',
          name: `${strategy} × ${count}`,
          fromMs: event.atMs,
          order: event.run.order,
          worker: null,
          details: {
            run: String(event.run.order),
            block: warmUp ? 'warm-up' : String(block),
            hostPid: String(event.hostPid),
          },
        });
        break;
      }
      case 'run-ended':
        end(`run ${event.run.order}`, event.atMs, { state: event.record.state });
        break;
      case 'work-started':
        workStartedMs.set(event.order, event.atMs);
        break;
      case 'work-finished': {
        let fromMs = workStartedMs.get(event.order);
        if (fromMs === undefined) break;
        const { startupMs, workMs, tearDownMs } = event.phases;
        for (const [name, lengthMs] of [
          ['start-up', startupMs],
          ['work', workMs],
          ['tear-down', tearDownMs],
        ] as const) {
          const toMs: SessionMs = fromMs + lengthMs;
          const part = { kind: 'part', name, order: event.order, worker: null, details: {} } as const;
          phases.push({ ...part, fromMs, toMs, ended: true });
          fromMs = toMs;
        }
        break;
      }
      case 'worker-ready':
        workers.push({ ...event.worker, order: event.order });
        break;
      case 'task-started':
        begin(`task ${event.order} ${event.task}`, {
          kind: 'task',
          name: `task ${event.task}`,
          fromMs: event.atMs,
          order: event.order,
          worker: event.worker,
          details: {},
        });
        break;
      case 'task-finished':
        end(`task ${event.order} ${event.task}`, event.atMs);
        break;
    }
  }

  for (const event of events) {
    if (event.type === 'run') {
      const parsed = runEvent.safeParse(event.event);
      if (parsed.success) addRunEvent(parsed.data);
    } else if (event.type === 'note') {
      moments.push({ kind: 'note', name: event.text, atMs: event.atMs, details: {} });
    } else {
      const { kind, name, values } = event.marker;
      if (kind === 'marker') moments.push({ kind: 'marker', name, atMs: event.atMs, details: values });
      const phase = { kind: 'marked', name, order: null, worker: null, details: values } as const;
      if (kind === 'begin') begin(`marked ${name}`, { ...phase, fromMs: event.atMs });
      if (kind === 'end') end(`marked ${name}`, event.atMs, values);
    }
  }
  for (const phase of open.values()) {
    phases.push({ ...phase, toMs: Math.max(endMs, phase.fromMs), ended: false });
  }
  phases.sort((one, other) => one.fromMs - other.fromMs || other.toMs - one.toMs);
  return { phases, moments, workers };
}

/**
 * Phases side by side, as few lanes as there are at one time: in a lane none begins before the one before has ended.
 * Formats that nest spans by their times can then show each lane as it is.
 */
export function lanesOf(phases: readonly Phase[]): Phase[][] {
  const lanes: Phase[][] = [];
  for (const phase of [...phases].sort((one, other) => one.fromMs - other.fromMs)) {
    const lane = lanes.find((candidate) => (candidate.at(-1)?.toMs ?? 0) <= phase.fromMs);
    if (lane === undefined) lanes.push([phase]);
    else lane.push(phase);
  }
  return lanes;
}
