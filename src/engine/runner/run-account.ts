import type { RunPhases } from '../../shared/experiment-event.ts';
import type { InterpreterInfo, Metric, WorkNote } from '../../shared/experiment.ts';
import { fail, type Problem } from '../../shared/result.ts';
import type { Milliseconds } from '../../shared/units.ts';
import type { SessionClock } from '../clock.ts';
import { alignClock, type ClockAlignment } from './clock-alignment.ts';
import { describeUntoldEnd, type HostExit, type UntoldEnd } from './exit-story.ts';
import { parseHostEvent } from './host-event.ts';
import { createLineSplitter } from './line-splitter.ts';
import type { HostEvent } from './protocol.ts';
import type { RunOutcome, RunProgress, RunRequest } from './run-contract.ts';
import { expandShareTasks } from './share-tasks.ts';

export type { HostExit } from './exit-story.ts';

export type Stop =
  | { readonly state: 'cancelled' }
  | { readonly state: 'timed-out'; readonly afterMs: Milliseconds }
  | { readonly state: 'failed'; readonly problem: Problem };

/**
 * - `running`: the host is at work.
 * - `told`: the host has said how the run ended and is about to go.
 * - `faulty`: the host has said what makes no sense and must be ended.
 */
export type HostState = 'running' | 'told' | 'faulty';

/** What is known of one run. Starts and ends nothing: the supervisor in `run.ts` acts on what it says. */
export interface RunAccount {
  /** Takes bytes of the host's event stream. */
  read(chunk: Uint8Array): HostState;
  /** Notes that the run is being ended from outside; too late once the host has told its own end. */
  stop(stop: Stop): void;
  /** The outcome, once the host is gone. `output` is the tail of its stdout and stderr. */
  conclude(exit: HostExit, output: string, seen?: Pick<UntoldEnd, 'oomKills' | 'lostChannel'>): RunOutcome;
}

/** A line of a host is about a hundred bytes; a longer one than this is not ours. */
const maxEventLineBytes = 65_536;
const nsPerMs = 1e6;

/** More than anybody reads. A workload that tells a figure per iteration must not fill Corescope's memory. */
const mostToldPerRun = 1_000;

type FinishedRun = Extract<HostEvent, { type: 'finished' }> & { readonly interpreter: InterpreterInfo };

export function createRunAccount(options: {
  readonly request: Pick<RunRequest, 'runtime' | 'workloadId' | 'strategy'>;
  readonly clock: SessionClock;
  /** The monotonic clock just before the host was spawned, and a way to read it now. */
  readonly spawnedNs: bigint;
  readonly nowNs: () => bigint;
  readonly onProgress: (progress: RunProgress) => void;
}): RunAccount {
  const { request, clock, spawnedNs, nowNs, onProgress } = options;
  const splitter = createLineSplitter(maxEventLineBytes);
  let state: HostState = 'running';
  let alignment: ClockAlignment | null = null;
  let interpreter: InterpreterInfo | null = null;
  let finished: FinishedRun | null = null;
  let problem: Problem | null = null;
  let stopped: Stop | null = null;
  const metrics: Metric[] = [];
  const notes: WorkNote[] = [];
  let marks = 0;

  function accept(event: HostEvent): void {
    alignment ??= alignClock(clock, spawnedNs, BigInt(event.ns), nowNs());
    const atMs = alignment.toSession(BigInt(event.ns));
    switch (event.type) {
      case 'ready':
        interpreter = event.interpreter;
        onProgress({ type: 'ready', interpreter, atMs });
        break;
      case 'started':
        onProgress({ type: 'work-started', atMs });
        break;
      case 'worker-ready':
        onProgress({ type: 'worker-ready', worker: event.worker, atMs });
        break;
      case 'task-started':
      case 'task-finished':
        onProgress({ type: event.type, task: event.task, worker: event.worker, atMs });
        break;
      case 'share-tasks':
        for (const { type, task, worker, afterNs } of expandShareTasks(event)) {
          onProgress({ type, task, worker, atMs: atMs + afterNs / nsPerMs });
        }
        break;
      case 'worker-exited': {
        const { index, pid, code, signal, cpuSeconds, maxRssBytes } = event;
        onProgress({
          type: 'worker-exited',
          exit: { index, pid, code, signal, cpuSeconds, maxRssBytes },
          atMs,
        });
        break;
      }
      case 'gil':
        // What the lock was while the work ran is what counts, not what it was before the imports.
        if (interpreter !== null) interpreter = { ...interpreter, gilEnabled: event.enabled };
        onProgress({ type: 'gil', enabled: event.enabled, culprit: event.culprit, atMs });
        break;
      case 'metric': {
        const { name, value, unit, worker } = event;
        if (metrics.length < mostToldPerRun) metrics.push({ name, value, unit, worker });
        onProgress({ type: 'metric', metric: { name, value, unit, worker }, atMs });
        break;
      }
      case 'note': {
        const { text, worker } = event;
        if (notes.length < mostToldPerRun) notes.push({ text, worker });
        onProgress({ type: 'note', note: { text, worker }, atMs });
        break;
      }
      case 'mark': {
        const { name, values, worker } = event;
        marks += 1;
        if (marks <= mostToldPerRun) onProgress({ type: 'mark', mark: { name, values, worker }, atMs });
        break;
      }
      case 'finished':
        if (interpreter === null) {
          problem = fail(
            'host-protocol',
            'The run host said that it had finished before it had said what it is.',
            'If the workload writes to file descriptor 3, let it use another one; otherwise report this as a bug.',
          ).problem;
          state = 'faulty';
          break;
        }
        finished = { ...event, interpreter };
        state = 'told';
        onProgress({ type: 'work-finished', phases: phasesOf(event), atMs });
        break;
      case 'failed':
        problem = workFailed(event.message);
        state = 'told';
        break;
    }
  }

  function workFailed(message: string): Problem {
    const { workloadId, strategy, runtime } = request;
    if (workloadId === 'deadlock' && message.includes('deadlock: ')) {
      return fail(
        'deadlock',
        `Workload "${workloadId}" came to a standstill as ${strategy} in ${runtime}: ${message}.`,
        'Let all tasks take their locks in the same order.',
      ).problem;
    }
    return fail(
      'work-failed',
      `Workload "${workloadId}" failed as ${strategy} in ${runtime}: ${message}.`,
      'Correct the work or its parameters, then run it again.',
    ).problem;
  }

  return {
    read(chunk) {
      for (const line of splitter.push(chunk)) {
        // What a host says after its end, or while it is being ended, tells nothing about the run.
        if (state !== 'running' || stopped !== null) break;
        const event =
          line.kind === 'text'
            ? parseHostEvent(line.text)
            : fail(
                'host-protocol',
                `The run host wrote an event line of ${line.bytes} bytes; at most ${maxEventLineBytes} are allowed.`,
                'If the workload writes to file descriptor 3, let it use another one.',
              );
        if (event.ok) {
          accept(event.value);
        } else {
          problem = event.problem;
          state = 'faulty';
        }
      }
      return state;
    },
    stop(stop) {
      if (state === 'running') stopped ??= stop;
    },
    conclude(exit, output, seen = { oomKills: null, lostChannel: false }) {
      if (stopped !== null) return stopped;
      if (problem !== null) return { state: 'failed', problem };
      if (finished === null) {
        const { runtime, workloadId, strategy } = request;
        const end = { runtime, workloadId, strategy, exit, output, ...seen };
        return { state: 'failed', problem: describeUntoldEnd(end) };
      }
      return {
        state: 'finished',
        wallMs: Number(finished.wallNs) / nsPerMs,
        ...phasesOf(finished),
        messageMs: finished.messageNs === null ? null : Number(finished.messageNs) / nsPerMs,
        cpuSeconds: finished.cpuSeconds,
        checksum: finished.checksum,
        workers: finished.workers,
        interpreter: finished.interpreter,
        lostTasks: finished.lostTasks,
        metrics,
        notes,
      };
    },
  };
}

function phasesOf({ startupNs, workNs, tearDownNs }: Extract<HostEvent, { type: 'finished' }>): RunPhases {
  return {
    startupMs: Number(startupNs) / nsPerMs,
    workMs: Number(workNs) / nsPerMs,
    tearDownMs: Number(tearDownNs) / nsPerMs,
  };
}
