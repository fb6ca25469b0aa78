import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyHost, type HostFolder } from './host-folder.ts';
import {
  checksumOf,
  eventsOf,
  failureOf,
  finishOf,
  type HostRun,
  type Plan,
  python,
  runHost,
  ways,
} from './python-host.ts';

let host: HostFolder;
beforeAll(() => {
  host = copyHost();
});
afterAll(() => host.remove());

function misbehave(how: string, changes: Partial<Plan>): Promise<HostRun> {
  return runHost({ workloadId: 'misbehaves', params: { how }, tasks: 4, ...changes }, host);
}

const inProcesses = ways.filter(({ strategy }) => strategy === 'processes');
const inPools = ways.filter(({ strategy }) => ['process-pool', 'hybrid'].includes(strategy));

describe.skipIf(python === null)('a run that stops at the first failure', () => {
  it.each(ways)('tells what a task raised as $strategy ($startMethod)', async (way) => {
    const run = await misbehave('raise', way);
    expect(failureOf(run)).toMatch(/^worker \d failed: ValueError: boom$/);
    expect(eventsOf(run, 'failed')[0]?.worker).toEqual(expect.any(Number));
    expect(run.events.at(-1)?.type).toBe('failed');
    expect(run.errors).toContain('Traceback');
    expect(run).toMatchObject({ code: 1, leftProcesses: [] });
  });

  it.each([...inProcesses, ...inPools])(
    'tells which worker crashed as $strategy ($startMethod)',
    async (way) => {
      const run = await misbehave('crash', way);
      expect(failureOf(run)).toMatch(
        /^worker \d \(pid \d+\) ended with signal SIGSEGV before it had done its share$/,
      );
      expect(eventsOf(run, 'worker-exited')).toContainEqual(
        expect.objectContaining({ code: null, signal: 'SIGSEGV' }),
      );
      expect(run).toMatchObject({ code: 1, leftProcesses: [] });
    },
  );

  it('tells of a result that is no text', async () => {
    expect(failureOf(await misbehave('no text', {}))).toBe(
      'worker 1 failed: TypeError: the workload returned a int, not a text',
    );
  });

  it('notices the end of a worker whose child holds its pipes open', async () => {
    const run = await misbehave('leave a child', { strategy: 'processes', startMethod: 'fork' });
    expect(failureOf(run)).toMatch(
      /^worker 2 \(pid \d+\) ended with exit code 7 before it had done its share$/,
    );
    expect(run.leftProcesses).toEqual([]);
  });
});

describe.skipIf(python === null)('a run that observes', () => {
  const observing = { onWorkerFailure: 'observe' } as const;

  // Task 1 raises. Where a worker has a share, it takes with it what comes after.
  it.each([
    { strategy: 'serial', lost: [1, 2, 3], exits: [1] },
    { strategy: 'asyncio', lost: [1], exits: [] },
    { strategy: 'threads', lost: [1, 3], exits: [0, 1] },
    { strategy: 'processes', lost: [1, 3], exits: [0, 1] },
    { strategy: 'thread-pool', lost: [1], exits: [0, 0] },
    { strategy: 'process-pool', lost: [1], exits: [0, 0] },
    { strategy: 'hybrid', lost: [1], exits: [0, 0] },
  ])('loses $lost to an exception as $strategy', async ({ strategy, lost, exits }) => {
    const run = await misbehave('raise', { ...observing, strategy });
    expect(finishOf(run)).toMatchObject({ lostTasks: lost.length, checksum: checksumWithout(lost) });
    expect(eventsOf(run, 'note').map(({ text }) => text)).toEqual([
      expect.stringMatching(/^worker \d: ValueError: boom$/),
    ]);
    expect(exitCodes(run)).toEqual(exits);
    expect(run).toMatchObject({ code: 0, leftProcesses: [] });
  });

  it.each(inProcesses)('goes on without a process that crashes ($startMethod)', async (way) => {
    const run = await misbehave('crash', { ...observing, ...way });
    expect(finishOf(run)).toMatchObject({ lostTasks: 2, checksum: checksumWithout([1, 3]) });
    const exits = eventsOf(run, 'worker-exited').toSorted((a, b) => a.index - b.index);
    expect(exits).toMatchObject([
      { index: 0, code: 0, signal: null },
      { index: 1, code: null, signal: 'SIGSEGV' },
    ]);
  });

  it('keeps the exit code that a process has given itself', async () => {
    for (const [how, code] of [
      ['exit', 7],
      ['sys.exit', 3],
    ] as const) {
      const run = await misbehave(how, { ...observing, strategy: 'processes' });
      expect(exitCodes(run)).toEqual([0, code]);
      expect(finishOf(run).lostTasks).toBe(2);
    }
  });

  it.each(inPools)('loses with one process what its $strategy had left ($startMethod)', async (way) => {
    const run = await misbehave('crash', { ...observing, ...way });
    const finished = finishOf(run);
    const done = eventsOf(run, 'task-finished').map(({ task }) => task);
    // How much was done before depends on which worker was faster; what is lost is what was not told as done.
    expect(finished.lostTasks).toBe(4 - done.length);
    expect(done).not.toContain(1);
    expect(finished.checksum).toBe(checksumWithout([0, 1, 2, 3].filter((task) => !done.includes(task))));
    expect(eventsOf(run, 'note').map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^The pool is broken: worker \d \(pid \d+\) ended with signal SIGSEGV before it had done its share\. Its other tasks are lost\.$/,
      ),
    ]);
    expect(run).toMatchObject({ code: 0, leftProcesses: [] });
  });
});

function checksumWithout(lost: readonly number[]): string {
  return checksumOf(...[0, 1, 2, 3].map((task) => (lost.includes(task) ? 'lost' : 'done')));
}

/** By worker. */
function exitCodes(run: HostRun): (number | null)[] {
  return eventsOf(run, 'worker-exited')
    .toSorted((a, b) => a.index - b.index)
    .map(({ code }) => code);
}
