import { availableParallelism, getPriority } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunProgress } from '../../../../src/engine/runner/run.ts';
import { countLoop } from '../../../../src/engine/workloads/count-loop.ts';
import { fail } from '../../../../src/shared/result.ts';
import { hasOneWorker } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from './build-hosts.ts';
import { buildMisbehavingHosts, misdeeds } from './misbehaving-hosts.ts';
import { listRun, listRunAfterItsEnd } from './process-list.ts';
import { availableRuntimes, availableWays, checksumOf, run, smallRequest, watchRun } from './real-run.ts';

let hosts: BuiltHosts;
/** Hosts whose count-loop misbehaves as `n` says (see misbehaving/). */
let misbehaving: BuiltHosts;
beforeAll(async () => {
  hosts = await buildHosts();
  misbehaving = await buildMisbehavingHosts();
});
afterAll(async () => {
  await hosts.remove();
  await misbehaving.remove();
});

const ways = availableWays(countLoop);
const concurrentWays = ways.filter(({ strategy }) => !hasOneWorker(strategy));
/** Where workers are processes of their own. */
const inProcesses = new Set<string>(['processes', 'process-pool', 'hybrid']);
/** Where each worker takes what is next, so that one may do it all. */
const inPools = new Set<string>(['thread-pool', 'process-pool', 'hybrid', 'interpreter-pool']);

describe.each(ways)('a run in $runtime, $strategy', ({ runtime, strategy }) => {
  const workerCount = hasOneWorker(strategy) ? 1 : 2;
  const isPool = inPools.has(strategy);

  it('tells what happens, in order, on the session clock', async () => {
    const watched = watchRun(smallRequest(hosts.files, runtime, { strategy, tasks: 5 }));
    const outcome = await watched.handle.outcome;
    const { progress } = watched;
    const times = (type: RunProgress['type']): number[] =>
      progress.filter((event) => event.type === type).map(({ atMs }) => atMs);
    for (const type of ['task-started', 'task-finished'] as const) {
      const tasks = progress.flatMap((event) => (event.type === type ? [event.task] : []));
      expect(tasks.toSorted()).toEqual([0, 1, 2, 3, 4]);
    }
    for (const type of ['ready', 'work-started', 'work-finished'] as const) {
      expect(times(type)).toHaveLength(1);
    }
    // A pool may have done everything before its last worker is ready.
    expect(times('worker-ready').length).toBeGreaterThanOrEqual(isPool ? 1 : workerCount);
    expect(times('worker-ready').length).toBeLessThanOrEqual(workerCount);

    const [readyMs = Number.NaN] = times('ready');
    const [startedMs = Number.NaN] = times('work-started');
    const [finishedMs = Number.NaN] = times('work-finished');
    expect(readyMs).toBeGreaterThan(0);
    expect(startedMs).toBeGreaterThanOrEqual(readyMs);
    for (const atMs of [...times('worker-ready'), ...times('task-finished')]) {
      expect(atMs).toBeGreaterThanOrEqual(startedMs);
      expect(atMs).toBeLessThanOrEqual(finishedMs);
    }

    expect(outcome).toMatchObject({ state: 'finished', workers: workerCount, interpreter: { runtime } });
    if (outcome.state !== 'finished') return;
    // The work lies between its two events, and the start-up is the part of it until the last worker is ready.
    expect(outcome.wallMs).toBeLessThanOrEqual(finishedMs - startedMs);
    expect(outcome.startupMs).toBeCloseTo(
      Math.max(...times('worker-ready')) - (finishedMs - outcome.wallMs),
      3,
    );
    expect(outcome.startupMs + outcome.workMs + outcome.tearDownMs).toBeCloseTo(outcome.wallMs, 3);
    for (const part of [outcome.startupMs, outcome.workMs, outcome.tearDownMs]) {
      expect(part).toBeGreaterThanOrEqual(0);
    }
    const { cpuSeconds } = outcome;
    if (cpuSeconds === null) throw new Error('the CPU time is not known');
    expect(cpuSeconds).toBeGreaterThan(0);
    // No more than all cores can give; the kernel charges in ticks of 10 ms.
    expect(cpuSeconds).toBeLessThanOrEqual((outcome.wallMs / 1_000) * availableParallelism() + 0.01);
  });

  it('names its workers as the system knows them', async () => {
    const watched = watchRun(smallRequest(hosts.files, runtime, { strategy, tasks: 4 }));
    await watched.handle.outcome;
    const workers = watched.progress
      .flatMap((event) => (event.type === 'worker-ready' ? [event.worker] : []))
      .toSorted((a, b) => a.index - b.index);
    expect(['worker 1', 'worker 2'].slice(0, workerCount)).toEqual(
      expect.arrayContaining(workers.map(({ name }) => name)),
    );
    if (!isPool) expect(workers).toHaveLength(workerCount);
    const { hostPid } = watched.handle;
    const distinctPids = new Set(workers.map(({ pid }) => pid));
    expect(distinctPids.size).toBe(inProcesses.has(strategy) ? workers.length : 1);
    expect(distinctPids.has(hostPid ?? 0)).toBe(!inProcesses.has(strategy));
    if (process.platform !== 'linux') return;
    const tids = new Set(workers.map(({ tid }) => tid));
    expect(tids.size).toBe(workers.length);
    // A main thread has the number of its process, any other has not.
    const onMainThread = inProcesses.has(strategy) || hasOneWorker(strategy);
    for (const { pid, tid } of workers) expect(tid === pid).toBe(onMainThread);
  });

  it('starts no more workers than there are tasks', async () => {
    expect(await run(smallRequest(hosts.files, runtime, { strategy, tasks: 1 }))).toMatchObject({
      state: 'finished',
      workers: 1,
    });
  });

  it('counts the CPU time of a busy run and next to none of a sleeping one', async () => {
    const n = runtime === 'node' ? 10_000_000 : 1_000_000;
    const rounds = runtime === 'node' ? 20 : 2;
    const busy = await run(smallRequest(hosts.files, runtime, { strategy, params: { n, rounds } }));
    const asleep = await run(
      smallRequest(hosts.files, runtime, { strategy, workloadId: 'sleep', params: { seconds: 0.3 } }),
    );
    if (busy.state !== 'finished' || asleep.state !== 'finished') throw new Error('a run did not finish');
    // Millions of additions: no machine does them in less, however fast and however busy with other work.
    expect(busy.cpuSeconds).toBeGreaterThan(0.02);
    expect(asleep.cpuSeconds).toBeLessThan(busy.cpuSeconds ?? 0);
    expect(asleep.wallMs).toBeGreaterThanOrEqual(strategy === 'serial' ? 600 : 300);
  });

  it('is ended with all its processes by a cancel', async () => {
    const params = { n: misdeeds.neverEnd, rounds: 1 };
    const watched = watchRun(smallRequest(misbehaving.files, runtime, { strategy, params, tasks: 4 }));
    const { hostPid } = watched.handle;
    if (hostPid === null) throw new Error('no host');
    await watched.workersReady(isPool ? 1 : workerCount);
    await watched.handle.cancel();
    expect(listRun(hostPid)).toEqual([]);
    expect(await watched.handle.outcome).toMatchObject({ state: 'cancelled' });
  });

  it('is ended with all its processes when its time is up', async () => {
    const params = { n: misdeeds.neverEnd, rounds: 1 };
    const watched = watchRun(smallRequest(misbehaving.files, runtime, { strategy, params, timeoutMs: 500 }));
    const outcome = await watched.handle.outcome;
    expect(outcome).toMatchObject({ state: 'timed-out', afterMs: expect.any(Number) as number });
    if (outcome.state === 'timed-out') expect(outcome.afterMs).toBeGreaterThanOrEqual(499);
    expect(listRun(watched.handle.hostPid ?? 0)).toEqual([]);
  });

  it('fails with the words of a task that raises', async () => {
    const params = { n: misdeeds.raise, rounds: 1 };
    const watched = watchRun(smallRequest(misbehaving.files, runtime, { strategy, params }));
    const outcome = await watched.handle.outcome;
    expect(outcome).toMatchObject({ state: 'failed', problem: { kind: 'work-failed' } });
    if (outcome.state !== 'failed') return;
    expect(outcome.problem.message).toMatch(
      runtime === 'node' ? /TypeError: boom\.$/ : /ValueError: boom\.$/,
    );
    expect(listRun(watched.handle.hostPid ?? 0)).toEqual([]);
  });

  it('survives a flood on stdout, counts all of it, and keeps its beginning and end', async () => {
    const params = { n: misdeeds.flood, rounds: 1 };
    const watched = watchRun(smallRequest(misbehaving.files, runtime, { strategy, params }));
    const outcome = await watched.handle.outcome;
    expect(outcome).toMatchObject({ state: 'finished', checksum: checksumOf('done', 'done') });
    const totalBytes = runtime === 'node' ? 64_000_000 : 64_000_128;
    expect(outcome.output?.stdout).toMatchObject({ totalBytes, droppedBytes: totalBytes - 65_536 });
    expect(outcome.output?.stdout.head.startsWith('flood\nflood\n')).toBe(true);
    expect(outcome.output?.stdout.tail).toMatch(/^[flod\n]+flood\n/);
    const told = watched.progress.flatMap((event) => (event.type === 'output' ? [event] : []));
    const toldBytes = told.reduce((sum, { text }) => sum + text.length, 0);
    const skippedBytes = told.reduce((sum, event) => sum + event.skippedBytes, 0);
    expect(toldBytes + skippedBytes).toBe(totalBytes);
  });
});

describe.each(availableRuntimes)('a %s host', (runtime) => {
  it('that crashes is told of by its signal', async () => {
    const params = { n: misdeeds.segfault, rounds: 1 };
    expect(
      await run(smallRequest(misbehaving.files, runtime, { strategy: 'threads', params })),
    ).toMatchObject({
      state: 'failed',
      problem: { kind: 'host-crashed', message: expect.stringContaining('signal SIGSEGV') as string },
    });
  });

  it('that exits in the middle of its work is told of by its exit code', async () => {
    const params = { n: misdeeds.exit, rounds: 1 };
    expect(await run(smallRequest(misbehaving.files, runtime, { strategy: 'serial', params }))).toMatchObject(
      {
        problem: { kind: 'host-crashed', message: expect.stringContaining('exit code 7') as string },
      },
    );
  });

  it.each([
    { name: 'exits', misdeed: misdeeds.exit, how: 'exit code 7' },
    { name: 'crashes', misdeed: misdeeds.segfault, how: 'signal SIGSEGV' },
  ])('tells which worker process it was that $name', async ({ misdeed, how }) => {
    const params = { n: misdeed, rounds: 1 };
    const outcome = await run(smallRequest(misbehaving.files, runtime, { params }));
    if (outcome.state !== 'failed') throw new Error(`the run is ${outcome.state}`);
    expect(outcome.problem.message).toMatch(
      new RegExp(String.raw`worker 2 \(pid \d+\) ended with ${how} before it had done its share\.$`),
    );
  });

  it('that writes nonsense on the event descriptor is ended', async () => {
    const params = { n: misdeeds.writeGarbage, rounds: 1 };
    const watched = watchRun(smallRequest(misbehaving.files, runtime, { strategy: 'serial', params }));
    expect(await watched.handle.outcome).toMatchObject({
      state: 'failed',
      problem: {
        kind: 'host-protocol',
        message: 'The run host wrote a line that is not an event: "not an event".',
      },
    });
    expect(listRun(watched.handle.hostPid ?? 0)).toEqual([]);
  });

  it('that says exit in the middle of its work is told of in words', async () => {
    const params = { n: misdeeds.exitQuietly, rounds: 1 };
    expect(await run(smallRequest(misbehaving.files, runtime, { strategy: 'serial', params }))).toMatchObject(
      {
        problem: {
          kind: 'host-crashed',
          message: expect.stringContaining('something in the work ended the whole process') as string,
        },
      },
    );
  });

  it('whose event descriptor the work has closed is told of in words', async () => {
    const params = { n: misdeeds.closeEvents, rounds: 1 };
    const outcome = await run(smallRequest(misbehaving.files, runtime, { strategy: 'serial', params }));
    expect(outcome).toMatchObject({ state: 'failed', problem: { kind: 'events-closed' } });
  });

  it('that someone else kills is told of, and leaves none of its workers', async () => {
    const params = { n: misdeeds.neverEnd, rounds: 1 };
    const watched = watchRun(smallRequest(misbehaving.files, runtime, { params }));
    await watched.workersReady(2);
    process.kill(watched.handle.hostPid ?? 0, 'SIGKILL');
    expect(await watched.handle.outcome).toMatchObject({
      state: 'failed',
      problem: { kind: 'host-killed', message: expect.stringContaining('by signal SIGKILL') as string },
    });
    expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
  });

  it('runs at the nice level that was asked for, and so does a worker', async () => {
    const params = { n: misdeeds.neverEnd, rounds: 1 };
    const request = smallRequest(misbehaving.files, runtime, { params, limits: { niceLevel: 7 } });
    const watched = watchRun(request);
    await watched.workersReady(2);
    const busyWorker = watched.progress.find(
      (event) => event.type === 'worker-ready' && event.worker.index === 1,
    );
    if (busyWorker?.type !== 'worker-ready') throw new Error('no second worker');
    const levels = [watched.handle.hostPid ?? 0, busyWorker.worker.pid].map((pid) => getPriority(pid));
    await watched.handle.cancel();
    expect(levels).toEqual([7, 7]);
  });

  it('that is stopped for a reason fails with that reason', async () => {
    const params = { n: misdeeds.neverEnd, rounds: 1 };
    const watched = watchRun(smallRequest(misbehaving.files, runtime, { params }));
    await watched.workersReady(2);
    const { problem } = fail('memory-limit', 'It had too much.', 'Allow more.');
    await watched.handle.stop(problem);
    expect(await watched.handle.outcome).toMatchObject({ state: 'failed', problem });
    expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
  });

  it('that cannot be found is a problem', async () => {
    const request = smallRequest(hosts.files, runtime, { interpreterPath: '/nowhere/interpreter' });
    const watched = watchRun(request);
    expect(watched.handle.hostPid).toBeNull();
    await watched.handle.cancel();
    expect(await watched.handle.outcome).toMatchObject({
      state: 'failed',
      problem: {
        kind: 'host-not-started',
        message:
          'The run host could not be started with "/nowhere/interpreter": spawn /nowhere/interpreter ENOENT.',
      },
    });
  });

  it('that is another program altogether is told of by what it said', async () => {
    const outcome = await run(smallRequest(hosts.files, runtime, { interpreterPath: '/bin/ls' }));
    if (outcome.state !== 'failed') throw new Error(`the run is ${outcome.state}`);
    expect(outcome.problem.kind).toBe('host-crashed');
  });
});

describe('a cancel', () => {
  it.each(concurrentWays)('before anything is ready leaves nothing of $runtime, $strategy', async (way) => {
    const watched = watchRun(smallRequest(hosts.files, way.runtime, { strategy: way.strategy }));
    await watched.handle.cancel();
    expect(await watched.handle.outcome).toMatchObject({ state: 'cancelled' });
    expect(listRun(watched.handle.hostPid ?? 0)).toEqual([]);
  });

  it('after the end changes nothing', async () => {
    const watched = watchRun(smallRequest(hosts.files, 'node'));
    expect(await watched.handle.outcome).toMatchObject({ state: 'finished' });
    await watched.handle.cancel();
    expect(await watched.handle.outcome).toMatchObject({ state: 'finished' });
    expect(listRun(watched.handle.hostPid ?? 0)).toEqual([]);
  });
});

describe('a request', () => {
  it('for a workload that does not exist starts nothing', async () => {
    const watched = watchRun(smallRequest(hosts.files, 'node', { workloadId: 'nonesuch' }));
    expect(watched.handle.hostPid).toBeNull();
    expect(await watched.handle.outcome).toMatchObject({ problem: { kind: 'unknown-workload' } });
  });
});
