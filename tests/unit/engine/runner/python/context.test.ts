import { readFileSync } from 'node:fs';
import path from 'node:path';
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

let logs = 0;

/** Runs `uses-context`; also what its finish and close have left in their log. */
async function runWithContext(changes: Partial<Plan>, fail = ''): Promise<{ run: HostRun; log: string[] }> {
  logs += 1;
  const file = path.join(host.folder, `log-${logs}`);
  const params = { log: file, fail };
  const run = await runHost({ workloadId: 'uses-context', params, tasks: 4, ...changes }, host);
  return { run, log: readFileSync(file, 'utf8').trim().split('\n') };
}

describe.skipIf(python === null)('a workload', () => {
  it.each(ways)(
    'is prepared, shares, reports and is cleared away as $strategy ($startMethod)',
    async (way) => {
      const { run, log } = await runWithContext(way);
      const results = [0, 1, 2, 3].map((task) => `task ${task}, seed 7, True`);
      expect(finishOf(run).checksum).toBe(checksumOf(...results));
      expect(log).toEqual(['finish with prepared,task 0,task 1,task 2,task 3', 'close']);
      expect(run.leftFiles).toEqual([]);
      const metrics = eventsOf(run, 'metric');
      const squares = metrics.filter(({ name }) => name === 'square');
      expect(squares.map(({ value }) => value).toSorted()).toEqual([0, 1, 4, 9]);
      expect(metrics.filter(({ name }) => name !== 'square')).toEqual([
        {
          type: 'metric',
          ns: expect.any(BigInt) as bigint,
          name: 'sum of tasks',
          value: 6,
          unit: 'tasks',
          worker: null,
        },
      ]);
      const notes = eventsOf(run, 'note').map(({ text }) => text);
      expect(notes.toSorted()).toEqual(
        [
          'the first of 4',
          '"everything" could not be measured (inf)',
          ...Array.from({ length: 4 }, () => '"nothing" could not be measured (nan)'),
        ].toSorted(),
      );
      expect(run.errors).toBe('');
    },
  );

  it.each(ways)('is cleared away when a task fails as $strategy ($startMethod)', async (way) => {
    const { run, log } = await runWithContext(way, 'task');
    expect(failureOf(run)).toMatch(/^worker \d failed: ValueError: boom$/);
    expect(log).toEqual(['close']);
    expect(run).toMatchObject({ code: 1, leftFiles: [], leftProcesses: [] });
  });

  it('that cannot be prepared fails before anything is started', async () => {
    const { run } = await runWithContext({}, 'prepare');
    expect(run.events.map(({ type }) => type)).toEqual(['ready', 'failed']);
    expect(failureOf(run)).toBe('ValueError: nothing to prepare');
    expect(run.leftFiles).toEqual([]);
  });

  it('that does not like the outcome fails, and is closed', async () => {
    const { run, log } = await runWithContext({}, 'finish');
    expect(failureOf(run)).toBe('ValueError: the sum is wrong');
    expect(log.at(-1)).toBe('close');
    expect(run.leftFiles).toEqual([]);
  });

  it.each(ways.filter(({ strategy }) => !['asyncio', 'hybrid'].includes(strategy)))(
    'leaves no folder when it is cancelled as $strategy ($startMethod)',
    async (way) => {
      const run = await runHost(
        { workloadId: 'misbehaves', params: { how: 'never end' }, ...way },
        {
          ...host,
          // Task 1 has made its folder when it notes that it goes on for ever.
          onEvent({ type }, terminate) {
            if (type === 'note') terminate();
          },
        },
      );
      expect(run).toMatchObject({ code: 143, leftFiles: [], leftProcesses: [] });
    },
  );

  it.each([
    { strategy: 'asyncio', elsewhere: 0 },
    { strategy: 'hybrid', elsewhere: 1 },
  ])('computes in another process where $strategy has one', async ({ strategy, elsewhere }) => {
    const run = await runHost({ workloadId: 'offloads', params: {}, strategy, tasks: 3 }, host);
    expect(finishOf(run).checksum).toBe(checksumOf('0', '1', '4'));
    expect(eventsOf(run, 'metric').map(({ value }) => value)).toEqual([elsewhere, elsewhere, elsewhere]);
  });
});
