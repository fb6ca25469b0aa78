import { describe, expect, it } from 'vitest';
import { createSessionClock } from '../../../../src/engine/clock.ts';
import { createRunAccount, type HostExit } from '../../../../src/engine/runner/run-account.ts';
import type { RunProgress } from '../../../../src/engine/runner/run.ts';

const interpreter = {
  runtime: 'python',
  version: '3.11.7',
  executable: '/usr/bin/python3',
  implementation: 'CPython',
  gilEnabled: true,
  freeThreadedBuild: false,
  startMethod: null,
} as const;
const wellEnded: HostExit = { code: 0, signal: null };

/** An account of a host spawned at 0 ms whose events are all received at 100 ms. */
function account() {
  const progress: RunProgress[] = [];
  const run = createRunAccount({
    request: { runtime: 'python', workloadId: 'count-loop', strategy: 'threads' },
    clock: createSessionClock({ originNs: 0n, startedUnixMs: 0 }),
    spawnedNs: 0n,
    nowNs: () => 100_000_000n,
    onProgress: (event) => progress.push(event),
  });
  const read = (...lines: (object | string)[]) =>
    run.read(
      Buffer.from(
        lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
      ),
    );
  return { ...run, read, progress };
}

const ready = { type: 'ready', ns: '10000000', interpreter };
const started = { type: 'started', ns: '11000000' };
const worker = { index: 0, name: 'worker 1', pid: 42, tid: 43, kind: 'thread' };
const finished = {
  type: 'finished',
  ns: '31000000',
  wallNs: '20000000',
  startupNs: '500000',
  workNs: '18500000',
  tearDownNs: '1000000',
  messageNs: '500000',
  cpuSeconds: 0.02,
  checksum: '0123456789abcdef',
  workers: 1,
  lostTasks: 0,
};

describe('the account of a run', () => {
  it('tells the tasks of a share one by one', () => {
    const run = account();
    const share = {
      type: 'share-tasks',
      ns: '12000000',
      worker: 0,
      lengthsNs: [250_000, 500_000],
      firstTask: 0,
      taskStep: 2,
      firstIsTold: true,
      nextIsStarted: true,
    };
    expect(run.read(ready, share)).toBe('running');
    expect(run.progress.slice(1)).toEqual([
      { type: 'task-finished', task: 0, worker: 0, atMs: 12.25 },
      { type: 'task-started', task: 2, worker: 0, atMs: 12.25 },
      { type: 'task-finished', task: 2, worker: 0, atMs: 12.75 },
      { type: 'task-started', task: 4, worker: 0, atMs: 12.75 },
    ]);
  });

  it('tells progress in session time and the outcome in milliseconds', () => {
    const run = account();
    expect(run.read(ready, started)).toBe('running');
    expect(run.read({ type: 'worker-ready', ns: '11500000', worker })).toBe('running');
    expect(run.read({ type: 'task-started', ns: '11600000', task: 0, worker: 0 })).toBe('running');
    expect(run.read({ type: 'task-finished', ns: '30000000', task: 0, worker: 0 }, finished)).toBe('told');
    expect(run.progress).toEqual([
      { type: 'ready', interpreter, atMs: 10 },
      { type: 'work-started', atMs: 11 },
      { type: 'worker-ready', worker, atMs: 11.5 },
      { type: 'task-started', task: 0, worker: 0, atMs: 11.6 },
      { type: 'task-finished', task: 0, worker: 0, atMs: 30 },
      { type: 'work-finished', phases: { startupMs: 0.5, workMs: 18.5, tearDownMs: 1 }, atMs: 31 },
    ]);
    expect(run.conclude(wellEnded, '')).toEqual({
      state: 'finished',
      wallMs: 20,
      startupMs: 0.5,
      workMs: 18.5,
      tearDownMs: 1,
      messageMs: 0.5,
      cpuSeconds: 0.02,
      checksum: '0123456789abcdef',
      workers: 1,
      interpreter,
      lostTasks: 0,
      metrics: [],
      notes: [],
    });
  });

  it('keeps what the workload measured and said, and passes it on', () => {
    const run = account();
    run.read(
      ready,
      started,
      { type: 'metric', ns: '12000000', name: 'round trips', value: 5_000, unit: '1/s', worker: 1 },
      { type: 'note', ns: '13000000', text: 'worker 1 waits for lock B', worker: null },
      { ...finished, lostTasks: 2 },
    );
    expect(run.progress.slice(2, 4)).toEqual([
      { type: 'metric', metric: { name: 'round trips', value: 5_000, unit: '1/s', worker: 1 }, atMs: 12 },
      { type: 'note', note: { text: 'worker 1 waits for lock B', worker: null }, atMs: 13 },
    ]);
    expect(run.conclude(wellEnded, '')).toMatchObject({
      lostTasks: 2,
      metrics: [{ name: 'round trips', value: 5_000, unit: '1/s', worker: 1 }],
      notes: [{ text: 'worker 1 waits for lock B', worker: null }],
    });
  });

  it('tells how a worker ended', () => {
    const run = account();
    const exit = { index: 1, pid: 44, code: null, signal: 'SIGSEGV', cpuSeconds: null, maxRssBytes: null };
    run.read(ready, started, { type: 'worker-exited', ns: '12000000', ...exit });
    expect(run.progress.at(-1)).toEqual({ type: 'worker-exited', exit, atMs: 12 });
  });

  it('knows the lock as it was while the work ran', () => {
    const run = account();
    const lockFree = { ...ready, interpreter: { ...interpreter, gilEnabled: false } };
    run.read(lockFree, started, { type: 'gil', ns: '12000000', enabled: true, culprit: 'numpy' }, finished);
    expect(run.progress.at(2)).toEqual({ type: 'gil', enabled: true, culprit: 'numpy', atMs: 12 });
    expect(run.conclude(wellEnded, '')).toMatchObject({ interpreter: { gilEnabled: true } });
  });

  it('does not let a talkative workload fill the memory', () => {
    const run = account();
    const note = { type: 'note', ns: '12000000', text: 'again', worker: 0 };
    run.read(ready, started, ...Array.from({ length: 1_500 }, () => note), finished);
    const outcome = run.conclude(wellEnded, '');
    expect(outcome.state === 'finished' && outcome.notes.length).toBe(1_000);
  });

  it('shifts all times of a host whose clock cannot be ours', () => {
    const run = account();
    run.read({ ...ready, ns: '900000000' }, { ...started, ns: '901000000' });
    expect(run.progress.map(({ atMs }) => atMs)).toEqual([50, 51]);
  });

  it('stays finished when the interpreter crashes on its way out', () => {
    const run = account();
    run.read(ready, started, finished);
    expect(run.conclude({ code: null, signal: 'SIGSEGV' }, '')).toMatchObject({ state: 'finished' });
  });

  it('stays finished when a cancel comes too late', () => {
    const run = account();
    run.read(ready, started, finished);
    run.stop({ state: 'cancelled' });
    expect(run.conclude(wellEnded, '')).toMatchObject({ state: 'finished' });
  });

  it('is cancelled even if the host says something while it is being ended', () => {
    const run = account();
    run.read(ready, started);
    run.stop({ state: 'cancelled' });
    run.stop({ state: 'timed-out', afterMs: 7 });
    run.read('nonsense', finished);
    expect(run.conclude({ code: null, signal: 'SIGTERM' }, '')).toEqual({ state: 'cancelled' });
    expect(run.progress.map(({ type }) => type)).toEqual(['ready', 'work-started']);
  });

  it('fails with the words of the worker that failed', () => {
    const run = account();
    const state = run.read(ready, started, {
      type: 'failed',
      ns: '12000000',
      message: 'worker 2 failed: ValueError: no',
      worker: 1,
    });
    expect(state).toBe('told');
    expect(run.conclude({ code: 1, signal: null }, 'Traceback')).toEqual({
      state: 'failed',
      problem: {
        kind: 'work-failed',
        message: 'Workload "count-loop" failed as threads in python: worker 2 failed: ValueError: no.',
        advice: 'Correct the work or its parameters, then run it again.',
      },
    });
  });

  it('fails with the last words of a host that crashed', () => {
    const run = account();
    run.read(ready, started);
    expect(run.conclude({ code: null, signal: 'SIGSEGV' }, 'Fatal Python error\n')).toMatchObject({
      problem: {
        kind: 'host-crashed',
        message:
          'The python run host of "count-loop" as threads ended by signal SIGSEGV before the work was done (it used memory that is not its own, which is a fault in native code); its last output: Fatal Python error.',
      },
    });
  });

  it('points at the out-of-memory killer where a host was killed and not by us', () => {
    const run = account();
    const seen = { oomKills: 1, lostChannel: false };
    expect(run.conclude({ code: null, signal: 'SIGKILL' }, '', seen)).toMatchObject({
      problem: {
        message:
          'The python run host of "count-loop" as threads ended by signal SIGKILL before the work was done (the kernel ran out of memory meanwhile and killed a process), without a word.',
      },
    });
  });

  it('is faulty at a line that is not an event', () => {
    const run = account();
    expect(run.read(ready, 'nonsense')).toBe('faulty');
    expect(run.conclude({ code: null, signal: 'SIGTERM' }, '')).toMatchObject({
      problem: { kind: 'host-protocol' },
    });
  });

  it('is faulty at a line without end', () => {
    const run = account();
    expect(run.read('x'.repeat(100_000))).toBe('faulty');
    expect(run.conclude(wellEnded, '')).toMatchObject({
      problem: {
        message: 'The run host wrote an event line of 100000 bytes; at most 65536 are allowed.',
      },
    });
  });

  it('is faulty when a host has finished before it was ready', () => {
    const run = account();
    expect(run.read(finished)).toBe('faulty');
  });
});
