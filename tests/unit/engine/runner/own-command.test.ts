import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseChildrenCpuSeconds } from '../../../../src/engine/runner/node/children-cpu.ts';
import type { RunRequest } from '../../../../src/engine/runner/run.ts';
import type { WorkTarget } from '../../../../src/shared/workload.ts';
import { type BuiltHosts, buildHosts } from './build-hosts.ts';
import { listRunAfterItsEnd } from './process-list.ts';
import { checksumOf, run, smallRequest, watchRun } from './real-run.ts';

let hosts: BuiltHosts;
let folder: string;
beforeAll(async () => {
  hosts = await buildHosts();
  folder = mkdtempSync(path.join(os.tmpdir(), 'corescope-command-'));
});
afterAll(async () => {
  await hosts.remove();
  rmSync(folder, { recursive: true });
});

type Command = Extract<WorkTarget, { kind: 'command' }>;

function commandRequest(
  argv: readonly string[],
  target: Partial<Command> = {},
  request: Partial<RunRequest> = {},
): RunRequest {
  return smallRequest(hosts.files, 'command', {
    workloadId: 'command',
    target: { kind: 'command', argv, cwd: null, stdinFile: null, environment: {}, ...target },
    params: {},
    tasks: 3,
    strategy: 'copies',
    ...request,
  });
}

/** The result of a task that wrote `text` and ended well. */
function resultOf(text: string): string {
  return `exit 0\n${createHash('sha256').update(text).digest('hex')}`;
}

describe.each(['serial', 'copies'] as const)('a command in %s', (strategy) => {
  it('is told its task, the tasks and the seed', async () => {
    const request = commandRequest(
      ['echo', 'task {index} of {tasks},', 'seed {seed}'],
      {},
      { strategy, seed: 9 },
    );
    expect(await run(request)).toMatchObject({
      state: 'finished',
      workers: strategy === 'serial' ? 1 : 2,
      checksum: checksumOf(...[0, 1, 2].map((task) => resultOf(`task ${task} of 3, seed 9\n`))),
      interpreter: { runtime: 'command', version: '', executable: 'echo', implementation: 'echo' },
    });
  });

  it('reads its input, in its folder, with its environment', async () => {
    const stdinFile = path.join(folder, 'input.txt');
    writeFileSync(stdinFile, 'from the file\n');
    const script = 'cat; pwd; echo "$GREETING$ELECTRON_RUN_AS_NODE"';
    const target = { cwd: folder, stdinFile, environment: { GREETING: 'hello' } };
    const expected = resultOf(`from the file\n${folder}\nhello\n`);
    expect(await run(commandRequest(['sh', '-c', script], target, { strategy }))).toMatchObject({
      state: 'finished',
      checksum: checksumOf(expected, expected, expected),
    });
  });

  it('reads the input of its task', async () => {
    for (const task of [0, 1, 2]) writeFileSync(path.join(folder, `part-${task}-9`), `part ${task}\n`);
    const stdinFile = path.join(folder, 'part-{index}-{seed}');
    expect(await run(commandRequest(['cat'], { stdinFile }, { strategy, seed: 9 }))).toMatchObject({
      state: 'finished',
      checksum: checksumOf(...[0, 1, 2].map((task) => resultOf(`part ${task}\n`))),
    });
  });

  it('is told of with its process, from its start to its end', async () => {
    const watched = watchRun(commandRequest(['true'], {}, { strategy }));
    expect(await watched.handle.outcome).toMatchObject({ state: 'finished' });
    const workers = watched.progress.flatMap((event) =>
      event.type === 'worker-ready' ? [event.worker] : [],
    );
    const exits = watched.progress.flatMap((event) => (event.type === 'worker-exited' ? [event.exit] : []));
    expect(workers.map(({ name }) => name).toSorted()).toEqual(['command 1', 'command 2', 'command 3']);
    expect(new Set(workers.map(({ kind }) => kind))).toEqual(new Set(['command']));
    expect(exits.map(({ pid }) => pid).toSorted()).toEqual(workers.map(({ pid }) => pid).toSorted());
    expect(exits.map(({ code }) => code)).toEqual([0, 0, 0]);
  });

  it('is ended with all that it started', async () => {
    const watched = watchRun(commandRequest(['sh', '-c', 'sleep 60 & sleep 60'], {}, { strategy }));
    await watched.workersReady(1);
    await watched.handle.cancel();
    expect(await watched.handle.outcome).toMatchObject({ state: 'cancelled' });
    expect(await listRunAfterItsEnd(watched.handle.hostPid ?? 0)).toEqual([]);
  });
});

describe('a command', () => {
  it.runIf(process.platform === 'linux')(
    'has its CPU time counted, and that of the host is left out',
    async () => {
      const burn = 'const end = process.cpuUsage().user + 2e5; while (process.cpuUsage().user < end);';
      const busy = await run(commandRequest([process.execPath, '-e', burn], {}, { tasks: 2 }));
      const idle = await run(commandRequest(['sleep', '0.3'], {}, { tasks: 2 }));
      if (busy.state !== 'finished' || idle.state !== 'finished') throw new Error('a run did not finish');
      expect(busy.cpuSeconds).toBeGreaterThanOrEqual(0.38);
      expect(idle.cpuSeconds).toBeLessThan(0.1);
    },
  );

  it.each([
    [
      ['sh', '-c', 'echo early; echo "disk full" >&2; exit 3'],
      /task 0: sh ended with exit code 3; its last word: disk full\.$/,
    ],
    [['sh', '-c', 'kill -9 $$'], /task 0: sh ended with signal SIGKILL\.$/],
    [['/nowhere/tool'], /\/nowhere\/tool could not be started: spawn \/nowhere\/tool ENOENT\.$/],
  ])('that fails is told of: %j', async (argv, words) => {
    const outcome = await run(commandRequest(argv, {}, { strategy: 'serial' }));
    if (outcome.state !== 'failed') throw new Error(`the run is ${outcome.state}`);
    expect(outcome.problem.kind).toBe('work-failed');
    expect(outcome.problem.message).toMatch(words);
  });

  it('may write more than anybody keeps', async () => {
    const script = 'head -c 20000000 /dev/zero';
    const expected = `exit 0\n${createHash('sha256').update(Buffer.alloc(20_000_000)).digest('hex')}`;
    expect(await run(commandRequest(['sh', '-c', script], {}, { tasks: 1 }))).toMatchObject({
      state: 'finished',
      checksum: checksumOf(expected),
    });
  });
});

describe.runIf(process.platform === 'linux')('the CPU time of children', () => {
  it('is read from behind the name, which may look like anything', () => {
    const stat = '42 (a ) b) S 1 42 42 0 -1 4194304 100 200 0 0 11 22 333 444 20 0 1 0 5 6 7';
    expect(parseChildrenCpuSeconds(stat)).toBe(7.77);
    expect(() => parseChildrenCpuSeconds('nonsense')).toThrow('not a line of /proc/PID/stat');
  });

  it('stands in a real file', () => {
    expect(parseChildrenCpuSeconds(readFileSync('/proc/self/stat', 'latin1'))).toBeGreaterThanOrEqual(0);
  });
});
