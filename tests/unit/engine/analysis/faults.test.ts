import { describe, expect, it } from 'vitest';
import { describeFault, describeFaults, reportFault } from '../../../../src/engine/analysis/faults.ts';
import type { RunOutcome, RunProgress } from '../../../../src/engine/runner/run.ts';
import type { WorkerExit } from '../../../../src/shared/experiment-event.ts';
import type { FaultReport, Metric, WorkNote } from '../../../../src/shared/experiment.ts';

/**
 * A run drawn as one event a line: `10 ready 0`, `20 done 3`, `30 fault 0` (worker 0 announces it), `50 exit 0 SIGKILL`
 * or `50 exit 0 7`, `60 note 0 some words` (`-`: of nobody).
 */
function eventsOf(drawing: string): RunProgress[] {
  return drawing
    .trim()
    .split('\n')
    .map((line): RunProgress => {
      const [time, what, who, ...words] = line.trim().split(' ');
      const atMs = Number(time);
      const index = who === '-' ? null : Number(who);
      const text = words.join(' ');
      switch (what) {
        case 'ready':
          return {
            type: 'worker-ready',
            worker: { index: Number(who), name: '', pid: 1, tid: null, kind: 'process' },
            atMs,
          };
        case 'done':
          return { type: 'task-finished', task: Number(who), worker: null, atMs };
        case 'fault':
          return { type: 'note', note: { text: 'The fault strikes in 20 ms.', worker: index }, atMs };
        case 'note':
          return { type: 'note', note: { text, worker: index }, atMs };
        case 'exit':
          return { type: 'worker-exited', exit: exitOf(Number(who), text), atMs };
        default:
          throw new Error(`what is "${line}"?`);
      }
    });
}

function exitOf(index: number, end: string): WorkerExit {
  const isSignal = end.startsWith('SIG');
  const code = isSignal || end === 'null' ? null : Number(end);
  return { index, pid: 1, code, signal: isSignal ? end : null, cpuSeconds: null, maxRssBytes: null };
}

function finished(lostTasks: number, metrics: Metric[], notes: WorkNote[]): RunOutcome {
  return {
    state: 'finished',
    wallMs: 1,
    startupMs: 1,
    workMs: 1,
    tearDownMs: 1,
    messageMs: 0,
    cpuSeconds: 1,
    checksum: '0123456789abcdef',
    workers: 2,
    interpreter: {
      runtime: 'node',
      version: '',
      executable: '',
      implementation: '',
      gilEnabled: null,
      freeThreadedBuild: null,
      startMethod: null,
    },
    lostTasks,
    metrics,
    notes,
  };
}

function report(drawing: string, outcome?: RunOutcome, endedAtMs = 1_000): FaultReport {
  const events = eventsOf(drawing);
  const notes = events.flatMap((event) => (event.type === 'note' ? [event.note] : []));
  return reportFault({ tasks: 4, events, outcome: outcome ?? finished(2, [], notes), endedAtMs });
}

const crashed: RunOutcome = {
  state: 'failed',
  problem: { kind: 'host-crashed', message: 'It crashed.', advice: 'Do not.' },
};

describe('what a fault did', () => {
  it('is told from the exit of its worker, counted from the fault and not from its announcement', () => {
    const drawing = `
      10 ready 0
      11 ready 1
      30 fault 0
      57 exit 0 SIGABRT
      90 exit 1 0`;
    const told = report(drawing);
    expect(told).toEqual({
      survivors: 1,
      lostTasks: 2,
      hostSurvived: true,
      noticedAfterMs: 7,
      howItEnded: 'worker-died',
    });
    expect(describeFault(told)).toBe(
      'The worker died: 1 other worker went on, 2 tasks were lost, it was noticed after 7.00 ms.',
    );
  });

  it('is told from a note where the worker lives on, as soon as the first word comes', () => {
    const drawing = `
      10 ready 0
      11 ready 1
      12 ready 2
      30 fault 1
      54 note - a worker: task 0 failed: boom
      90 exit 0 null
      90 exit 1 null
      90 exit 2 null`;
    expect(report(drawing, finished(1, [], [{ text: 'a worker: boom', worker: null }]))).toEqual({
      survivors: 2,
      lostTasks: 1,
      hostSurvived: true,
      noticedAfterMs: 4,
      howItEnded: 'task-failed',
    });
  });

  it('is nothing where nobody says anything', () => {
    const drawing = `
      10 ready 0
      30 fault 0
      40 done 0`;
    const told = report(drawing, finished(0, [], []));
    expect(told).toMatchObject({ howItEnded: 'unharmed', noticedAfterMs: null, survivors: 0 });
    expect(describeFault(told)).toBe(
      'The fault did no harm: no other worker went on, no task was lost, nobody noticed.',
    );
  });

  it('is the end of all where the host dies; the tasks that were done by then are not lost', () => {
    const drawing = `
      10 ready 0
      11 ready 1
      20 done 1
      30 fault 0`;
    expect(report(drawing, crashed, 70)).toEqual({
      survivors: 0,
      lostTasks: 3,
      hostSurvived: false,
      noticedAfterMs: 20,
      howItEnded: 'host-died',
    });
  });

  it('is noticed by the timeout at last; who was at work till then has survived', () => {
    const drawing = `
      10 ready 0
      11 ready 1
      30 fault 0`;
    expect(report(drawing, { state: 'timed-out', afterMs: 500 }, 550)).toMatchObject({
      survivors: 1,
      lostTasks: 4,
      noticedAfterMs: 500,
      howItEnded: 'timed-out',
    });
  });

  it('does not count the workers that a broken pool tore down', () => {
    const drawing = `
      10 ready 0
      11 ready 1
      30 fault 1
      55 exit 0 SIGTERM
      55 exit 1 SIGKILL
      56 note - The pool is broken: worker 2 ended with signal SIGKILL.`;
    expect(report(drawing)).toMatchObject({ survivors: 0, howItEnded: 'pool-broken', noticedAfterMs: 5 });
  });

  it('does not count the reserve of a pool that began after the fault', () => {
    const drawing = `
      10 ready 0
      11 ready 1
      30 fault 0
      52 exit 0 7
      80 ready 2
      99 exit 1 0
      99 exit 2 0`;
    expect(report(drawing).survivors).toBe(1);
  });

  it('names the worker that had to be ended', () => {
    const drawing = `
      10 ready 0
      11 ready 1
      30 fault 0
      350 exit 0 SIGKILL`;
    const metric = { name: 'ended from outside after', value: 2, unit: 'ms', worker: null };
    expect(report(drawing, finished(2, [metric], []))).toMatchObject({
      howItEnded: 'ended-from-outside',
      noticedAfterMs: 300,
    });
  });

  it('counts from nowhere where the fault was never announced', () => {
    expect(report('10 ready 0', crashed)).toMatchObject({ noticedAfterMs: null, howItEnded: 'host-died' });
  });

  it('was stopped where the run failed for another reason', () => {
    const problem = { kind: 'memory-limit', message: 'Too much.', advice: 'Less.' };
    expect(report('10 ready 0', { state: 'failed', problem })).toMatchObject({ howItEnded: 'stopped' });
  });
});

it('is told once per strategy, with its number of workers', () => {
  const fault = {
    survivors: 1,
    lostTasks: 1,
    hostSurvived: true,
    noticedAfterMs: 3,
    howItEnded: 'task-failed',
  };
  const cancelled = { order: 1, block: 1, warmUp: false, state: 'cancelled' } as const;
  const runs = [cancelled, { ...cancelled, fault: { ...fault, howItEnded: 'task-failed' } as const }];
  expect(
    describeFaults([
      { strategy: 'threads', workers: 2, runs },
      { strategy: 'serial', workers: 1, runs: [cancelled] },
    ]),
  ).toEqual([
    'threads × 2: The task failed and its worker lived on: 1 other worker went on, 1 task was lost, it was noticed after 3.00 ms.',
  ]);
});
