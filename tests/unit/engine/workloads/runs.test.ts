import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, statfsSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { findWorkload } from '../../../../src/engine/workloads/index.ts';
import { answerTo } from '../../../../src/engine/workloads/http-server.ts';
import { sharedSumWork, sumSlice } from '../../../../src/engine/workloads/shared-sum.ts';
import { type BuiltHosts, buildHosts } from '../runner/build-hosts.ts';
import { finishOf, python, runHost, ways } from '../runner/python/python-host.ts';
import {
  availableRuntimes,
  availableWays,
  checksumOf,
  run,
  smallRequest,
  watchRun,
} from '../runner/real-run.ts';
import { listRunAfterItsEnd } from '../runner/process-list.ts';
import { contextWith } from './contexts.ts';

/** What only a whole run can show: servers, segments, copies. */

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildHosts();
});
afterAll(() => hosts.remove());

const small = { tasks: 3, seed: 7 };

function nodeWays(workloadId: string) {
  const workload = findWorkload(workloadId);
  if (workload === undefined) throw new Error(`there is no workload "${workloadId}"`);
  return availableWays(workload).filter(({ runtime }) => runtime === 'node');
}

describe('http', () => {
  const params = { requests: 3, latencyMs: 1, keepAlive: 'off' };
  const sumOf = (task: number): number => answerTo(task, 0) + answerTo(task, 1) + answerTo(task, 2);
  const checksum = checksumOf(...[0, 1, 2].map((task) => `3 answers, sum ${sumOf(task)}`));

  it.each(nodeWays('http'))(
    'opens a connection for each request as $strategy in Node, and ends its server',
    async ({ strategy }) => {
      const request = smallRequest(hosts.files, 'node', { ...small, strategy, params, workloadId: 'http' });
      const { handle } = watchRun(request);
      expect(await handle.outcome).toMatchObject({ state: 'finished', checksum });
      expect(await listRunAfterItsEnd(handle.hostPid ?? 0)).toEqual([]);
    },
  );

  it
    .skipIf(python === null)
    .each(ways.filter(({ startMethod }) => startMethod === null || startMethod === 'spawn'))(
    'opens a connection for each request as $strategy ($startMethod) in Python, and ends its server',
    async (way) => {
      const ended = await runHost({ ...small, ...way, params, workloadId: 'http' });
      expect(finishOf(ended).checksum).toBe(checksum);
      expect(ended).toMatchObject({ errors: '', leftProcesses: [], leftFiles: [] });
    },
  );
});

describe('shared-sum', () => {
  const params = { megabytes: 2, rounds: 1 };
  const inPython = { ...small, workloadId: 'shared-sum', strategy: 'serial' };
  const notes = async (strategy: 'threads' | 'processes', sharing: string): Promise<string[]> => {
    const { handle, progress } = watchRun(
      smallRequest(hosts.files, 'node', {
        ...small,
        strategy,
        params: { ...params, sharing },
        workloadId: 'shared-sum',
      }),
    );
    await handle.outcome;
    return progress.flatMap((event) => (event.type === 'note' ? [event.note.text] : []));
  };

  const sharings = ['shared', 'copied'];
  const sumsOf = async (sharing: string, tasks: number): Promise<string[]> => {
    const inHere = { ...params, sharing };
    const prepared = await sharedSumWork.prepare?.({
      ...contextWith({ tasks }),
      params: inHere,
      channel: 'memory',
      endWorker: () => Promise.resolve(false),
    });
    return Array.from({ length: tasks }, (_, task) =>
      sumSlice(inHere, contextWith({ task, tasks, shared: prepared?.shared })),
    );
  };

  it.each(nodeWays('shared-sum').flatMap((way) => sharings.map((sharing) => ({ ...way, sharing }))))(
    'is the same sum as $strategy in Node, $sharing',
    async ({ strategy, sharing }) => {
      const request = { ...small, strategy, params: { ...params, sharing }, workloadId: 'shared-sum' };
      const outcome = await run(smallRequest(hosts.files, 'node', request));
      const checksum = checksumOf(...(await sumsOf(sharing, small.tasks)));
      expect(outcome).toMatchObject({ state: 'finished', checksum });
    },
  );

  it.skipIf(python === null).each(ways.flatMap((way) => sharings.map((sharing) => ({ ...way, sharing }))))(
    'is the same sum as $strategy ($startMethod) in Python, $sharing',
    async ({ sharing, ...way }) => {
      const ended = await runHost({ ...inPython, ...way, params: { ...params, sharing } });
      expect(finishOf(ended).checksum).toBe(checksumOf(...(await sumsOf(sharing, small.tasks))));
      expect(ended).toMatchObject({ errors: '', leftProcesses: [], leftFiles: [] });
    },
  );

  it("says that Node's processes cannot share memory", async () => {
    const note = `Node's processes cannot share memory: in "processes" every worker has a copy of the array.`;
    expect(await notes('processes', 'shared')).toEqual([note]);
    expect(await notes('processes', 'copied')).toEqual([]);
    expect(await notes('threads', 'shared')).toEqual([]);
  });

  it.skipIf(python === null || process.platform !== 'linux')(
    'removes its segment, and those that killed runs have left, but no others',
    async () => {
      const dead = spawnSync('true').pid;
      const prefix = segmentPrefix();
      const segments = {
        ofDeadProcess: `${prefix}${dead}`,
        ofLivingProcess: `${prefix}${process.pid}`,
        ofAnotherContainer: `/dev/shm/corescope-1-${dead}`,
      };
      for (const file of Object.values(segments)) writeFileSync(file, 'left');
      try {
        const ended = await runHost({
          ...inPython,
          strategy: 'processes',
          startMethod: 'spawn',
          params: { ...params, sharing: 'shared' },
        });
        finishOf(ended);
        expect(existsSync(segments.ofDeadProcess)).toBe(false);
        expect(existsSync(segments.ofLivingProcess)).toBe(true);
        expect(existsSync(segments.ofAnotherContainer)).toBe(true);
      } finally {
        for (const file of Object.values(segments)) rmSync(file, { force: true });
      }
    },
  );

  it.skipIf(python === null || process.platform !== 'linux')(
    'removes its segment when it is cancelled',
    async () => {
      let segment = '';
      let thereWhileItRan = false;
      const ended = await runHost(
        {
          ...inPython,
          strategy: 'processes',
          startMethod: 'fork',
          params: { megabytes: 1, sharing: 'shared', rounds: 10_000 },
        },
        {
          onEvent(event, terminate) {
            if (event.type !== 'worker-ready') return;
            segment = `${segmentPrefix()}${parentOf(event.worker.pid)}`;
            thereWhileItRan = existsSync(segment);
            terminate();
          },
        },
      );
      expect(ended).toMatchObject({ code: 143, errors: '', leftProcesses: [] });
      expect(thereWhileItRan).toBe(true);
      expect(existsSync(segment)).toBe(false);
    },
  );
});

const tmpfsType = 0x0102_1994;
const memoryFolder = '/dev/shm';
const hasMemoryFolder = existsSync(memoryFolder) && statfsSync(memoryFolder).type === tmpfsType;

describe.skipIf(!hasMemoryFolder)('files', () => {
  it.each(availableRuntimes)('says in %s where no disk is waited for', async (runtime) => {
    vi.stubEnv('TMPDIR', memoryFolder);
    const params = { files: 1, kilobytes: 1 };
    const { handle, progress } = watchRun(
      smallRequest(hosts.files, runtime, { workloadId: 'files', params, strategy: 'serial' }),
    );
    expect(await handle.outcome).toMatchObject({ state: 'finished' });
    vi.unstubAllEnvs();
    expect(progress.flatMap((event) => (event.type === 'note' ? [event.note.text] : []))).toEqual([
      'The temporary folder /dev/shm is in memory (tmpfs): nothing waits for a disk. Set TMPDIR to a folder on one.',
    ]);
  });
});

function segmentPrefix(): string {
  return `/dev/shm/corescope-${statSync('/proc/self/ns/pid').ino}-`;
}

function parentOf(pid: number): string {
  return /^PPid:\t(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '';
}
