import { spawn, type ChildProcess } from 'node:child_process';
import os from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { createProcessActions, treeOf } from '../../../../src/engine/processes/act-on-process.ts';
import { markOwn } from '../../../../src/engine/processes/choose-processes.ts';
import { createProcessLister } from '../../../../src/engine/processes/process-lister.ts';
import type { ListedProcess } from '../../../../src/shared/watch-requests.ts';

const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** A shell command, when it has said that it stands. */
async function start(script: string): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const { pid } = child;
  if (pid === undefined) throw new Error('the shell did not start');
  return Object.assign(child, { pid });
}

const lister = createProcessLister(() => 0);
const list = (): Promise<readonly ListedProcess[]> => lister.list();

async function identityOf(pid: number): Promise<{ pid: number; startedUnixMs: number | null }> {
  const found = (await list()).find((process) => process.pid === pid);
  if (found === undefined) throw new Error(`there is no ${pid}`);
  return { pid, startedUnixMs: found.startedUnixMs };
}

describe.skipIf(process.platform !== 'linux')('what is done to a process', () => {
  const actions = createProcessActions(list);

  test('it is asked to end, and its tree with it', async () => {
    const { pid } = await start('sleep 60 & sleep 60 & echo up; wait');
    const ended = await actions.end({ ...(await identityOf(pid)), scope: 'tree', how: 'term' });
    expect(ended).toEqual({ ok: true, value: { signalled: 3, left: 0 } });
  });

  test('one that does not go when it is asked is said to be left, and goes when it is killed', async () => {
    const { pid } = await start(`trap '' TERM; echo up; while :; do sleep 0.05; done`);
    const identity = await identityOf(pid);
    const asked = await actions.end({ ...identity, scope: 'process', how: 'term' });
    expect(asked).toEqual({ ok: true, value: { signalled: 1, left: 1 } });
    const killed = await actions.end({ ...identity, scope: 'process', how: 'kill' });
    expect(killed).toEqual({ ok: true, value: { signalled: 1, left: 0 } });
  });

  test('a later bearer of the number is left alone', async () => {
    const child = await start('echo up; exec sleep 60');
    const { pid, startedUnixMs } = await identityOf(child.pid);
    const wish = {
      pid,
      startedUnixMs: (startedUnixMs ?? 0) - 60_000,
      scope: 'process',
      how: 'kill',
    } as const;
    const refused = await actions.end(wish);
    expect(refused.ok ? null : refused.problem.kind).toBe('process-gone');
    expect(process.kill(pid, 0)).toBe(true);
  });

  test('nothing is done to Corescope’s own', async () => {
    const { pid } = await start('echo up; exec sleep 60');
    const own = createProcessActions(async () => markOwn(await list(), process.pid, new Set()));
    const identity = await identityOf(pid);
    const refusals = await Promise.all([
      own.end({ ...identity, scope: 'tree', how: 'kill' }),
      own.renice({ ...identity, level: 19 }),
    ]);
    expect(refusals.map((refusal) => (refusal.ok ? null : refusal.problem.kind))).toEqual([
      'own-process',
      'own-process',
    ]);
    expect(process.kill(pid, 0)).toBe(true);
  });

  test('its nice level is raised, and told', async () => {
    const { pid } = await start('echo up; exec sleep 60');
    const identity = await identityOf(pid);
    const set = await actions.renice({ ...identity, level: 19 });
    expect(set).toEqual({ ok: true, value: { level: 19 } });
    expect(await actions.nice(identity)).toEqual(set);
    expect(os.getPriority(pid)).toBe(19);
  });
});

test('a tree has parents before their children, and nothing of Corescope', () => {
  const listed = (pid: number, parentPid: number, isOwn = false): ListedProcess => ({
    ...{ pid, parentPid, startMark: pid, name: `p${pid}`, commandLine: '', user: null, startedUnixMs: null },
    ...{ cpuShare: 0, rssBytes: 0, isOwn },
  });
  const root = listed(5, 1);
  const processes = [listed(9, 7), listed(7, 5), root, listed(8, 5, true), listed(10, 8), listed(4, 1)];
  expect(treeOf(root, processes).map(({ pid }) => pid)).toEqual([5, 7, 9]);
});
