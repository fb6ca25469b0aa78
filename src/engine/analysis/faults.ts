import type { FaultEnding, FaultReport } from '../../shared/experiment.ts';
import type { WorkerExit } from '../../shared/experiment-event.ts';
import { formatDuration } from '../../shared/format.ts';
import type { RunOutcome, RunProgress } from '../runner/run-contract.ts';
import type { CellRuns } from './measure.ts';
import { strategyName } from './runs.ts';
import { faultNote, strikeDelayMs } from '../workloads/fault-note.ts';

export interface ObservedFault {
  /** How many the run was to do. */
  readonly tasks: number;
  readonly events: readonly RunProgress[];
  readonly outcome: RunOutcome;
  /** When the outcome was known, on the clock of the events. */
  readonly endedAtMs: number;
}

/** How a Python executor that gives up says so (process_pool.py). */
const brokenPool = /^The pool is broken/;
/** What the host reports of a worker that it had to end. */
const endedFromOutside = 'ended from outside after';
const hostDeaths = ['host-crashed', 'host-killed'];

/** What became of the others when one worker went wrong on purpose: from the run's events alone. */
export function reportFault({ tasks, events, outcome, endedAtMs }: ObservedFault): FaultReport {
  const announcement = events.find((event) => event.type === 'note' && event.note.text === faultNote);
  const faulty = announcement?.type === 'note' ? announcement.note.worker : null;
  const faultAtMs = announcement === undefined ? null : announcement.atMs + strikeDelayMs;
  const hostSurvived = outcome.state === 'finished';
  const torn = brokenExits(events).map(({ exit }) => exit.index);
  const others = new Set(
    events.flatMap((event) =>
      // A pool's reserve begins only after the fault: it survived nothing.
      event.type === 'worker-ready' && (faultAtMs === null || event.atMs <= faultAtMs)
        ? [event.worker.index]
        : [],
    ),
  );
  if (faulty !== null) others.delete(faulty);
  const howItEnded = findEnding(events, outcome, faulty);
  const noticedAtMs = findNotice(events, faulty, howItEnded) ?? (hostSurvived ? null : endedAtMs);
  const finished = new Set(events.flatMap((event) => (event.type === 'task-finished' ? [event.task] : [])));
  return {
    survivors: howItEnded === 'host-died' ? 0 : [...others].filter((index) => !torn.includes(index)).length,
    lostTasks: outcome.state === 'finished' ? outcome.lostTasks : tasks - finished.size,
    hostSurvived,
    noticedAfterMs: noticedAtMs === null || faultAtMs === null ? null : Math.max(0, noticedAtMs - faultAtMs),
    howItEnded,
  };
}

function findEnding(events: readonly RunProgress[], outcome: RunOutcome, faulty: number | null): FaultEnding {
  if (outcome.state === 'timed-out') return 'timed-out';
  if (outcome.state === 'failed' && hostDeaths.includes(outcome.problem.kind)) return 'host-died';
  if (outcome.state !== 'finished') return 'stopped';
  if (outcome.metrics.some(({ name }) => name === endedFromOutside)) {
    return outcome.notes.some(({ text }) => brokenPool.test(text)) ? 'pool-broken' : 'ended-from-outside';
  }
  if (outcome.notes.some(({ text }) => brokenPool.test(text))) return 'pool-broken';
  if (brokenExits(events).some(({ exit }) => exit.index === faulty)) return 'worker-died';
  return findFailureNotes(events, faulty).length > 0 ? 'task-failed' : 'unharmed';
}

/** When the first event came that tells of the fault; null where none does. */
function findNotice(
  events: readonly RunProgress[],
  faulty: number | null,
  howItEnded: FaultEnding,
): number | null {
  if (howItEnded === 'unharmed') return null;
  const times = [
    ...brokenExits(events).filter(({ exit }) => exit.index === faulty),
    ...findFailureNotes(events, faulty),
  ].map(({ atMs }) => atMs);
  return times.length === 0 ? null : Math.min(...times);
}

interface TimedExit {
  readonly exit: WorkerExit;
  readonly atMs: number;
}

/** Ends that no worker comes to by itself. A code of null is a pool's that ended its own threads. */
function brokenExits(events: readonly RunProgress[]): readonly TimedExit[] {
  return events.flatMap((event) =>
    event.type === 'worker-exited' &&
    (event.exit.signal !== null || (event.exit.code !== null && event.exit.code !== 0))
      ? [event]
      : [],
  );
}

/** What a host that observes notes of a task that failed: of the worker, or of nobody where it cannot tell whose. */
function findFailureNotes(
  events: readonly RunProgress[],
  faulty: number | null,
): readonly { readonly atMs: number }[] {
  return events.filter(
    (event) =>
      event.type === 'note' &&
      event.note.text !== faultNote &&
      (event.note.worker === null || event.note.worker === faulty),
  );
}

/** One line per strategy whose runs went wrong on purpose, of the first of them. */
export function describeFaults(results: readonly CellRuns[]): string[] {
  return results.flatMap((result) => {
    const fault = result.runs.find((run) => !run.warmUp && run.fault !== undefined)?.fault;
    return fault === undefined ? [] : [`${strategyName(result)}: ${describeFault(fault)}`];
  });
}

/** One sentence for people. */
export function describeFault(report: FaultReport): string {
  const { survivors, lostTasks, noticedAfterMs, howItEnded } = report;
  const others =
    survivors === 0
      ? 'no other worker went on'
      : `${survivors} other ${survivors === 1 ? 'worker' : 'workers'} went on`;
  const lost =
    lostTasks === 0 ? 'no task was lost' : `${lostTasks} ${lostTasks === 1 ? 'task was' : 'tasks were'} lost`;
  const noticed =
    noticedAfterMs === null ? 'nobody noticed' : `it was noticed after ${formatDuration(noticedAfterMs)}`;
  return `${beginnings[howItEnded]}: ${others}, ${lost}, ${noticed}.`;
}

const beginnings: Readonly<Record<FaultEnding, string>> = {
  unharmed: 'The fault did no harm',
  'task-failed': 'The task failed and its worker lived on',
  'worker-died': 'The worker died',
  'ended-from-outside': 'The worker had to be ended from outside',
  'pool-broken': 'The pool broke',
  'timed-out': 'The run came to no end and was stopped by its timeout',
  'host-died': 'The whole process died',
  stopped: 'The run was stopped',
};
