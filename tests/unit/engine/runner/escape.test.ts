import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createRunCgroup } from '../../../../src/engine/runner/run-cgroup.ts';
import type { BuiltHosts } from './build-hosts.ts';
import { buildMisbehavingHosts, misdeeds } from './misbehaving-hosts.ts';
import { listProcesses } from './process-list.ts';
import { availableRuntimes, smallRequest, watchRun, type WatchedRun } from './real-run.ts';

/**
 * Work that gets out of its run, in every way there is: each leaves a process behind that does not listen to
 * SIGTERM and would stay for ever.
 * - `stubborn`: a child in the host's process group.
 * - `session`: a child in a session of its own, so in a group of its own.
 * - `daemon`: the same, without a parent: process 1 has taken it over. Its pipes are the run's.
 * - `cleared`: like `session`, with an empty environment; `cleared-daemon`: like `daemon`, the same.
 */
const withCookie = ['stubborn', 'session', 'daemon'];
const withoutCookie = ['cleared', 'cleared-daemon'];

const probe = createRunCgroup('probe');
probe?.remove();
const cgroupChoices =
  probe === null
    ? [{ cgroups: 'without', escapes: withCookie }]
    : [
        { cgroups: 'with', escapes: [...withCookie, ...withoutCookie] },
        { cgroups: 'without', escapes: withCookie },
      ];
const ways = availableRuntimes.flatMap((runtime) =>
  (['serial', 'processes'] as const).flatMap((strategy) =>
    cgroupChoices.map((choice) => ({ runtime, strategy, ...choice })),
  ),
);

let hosts: BuiltHosts;
beforeAll(async () => {
  hosts = await buildMisbehavingHosts({
    supervisor: fileURLToPath(new URL('supervisor.ts', import.meta.url)),
  });
});
afterAll(() => hosts.remove());

/** Stands in the environment of everything that a test starts, and on the command line of what has none. */
let mark = '';
beforeEach(() => {
  mark = `corescope-test-${randomBytes(8).toString('hex')}`;
  process.env['CORESCOPE_TEST_MARK'] = mark;
});
afterEach(() => {
  for (const pid of listMarked()) process.kill(pid, 'SIGKILL');
});

/** All processes of a test but this one; found otherwise than the runner finds them. */
function listMarked(): number[] {
  const byCommand = listProcesses()
    .filter(({ command, state }) => command.includes(mark) && !state.startsWith('Z'))
    .map(({ pid }) => pid);
  const byEnvironment = readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/environ`, 'utf8').includes(mark);
    } catch {
      return false;
    }
  });
  return [...new Set([...byCommand, ...byEnvironment.map(Number)])].filter((pid) => pid !== process.pid);
}

/** Those that a run would leave behind: they, unlike host and workers, do not listen to SIGTERM. */
function countStubborn(): number {
  return listMarked().filter((pid) => {
    const ignored = /^SigIgn:\s+([0-9a-f]+)$/m.exec(readStatus(pid))?.[1] ?? '0';
    return (Number.parseInt(ignored.slice(-4), 16) & (1 << 14)) !== 0;
  }).length;
}

function readStatus(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return '';
  }
}

async function escaped(count: number): Promise<void> {
  const deadlineMs = performance.now() + 10_000;
  while (countStubborn() < count) {
    if (performance.now() > deadlineMs) throw new Error(`only ${countStubborn()} of ${count} have escaped`);
    await delay(20);
  }
}

/** What is left within the time that is promised. */
async function listLeft(): Promise<number[]> {
  const deadlineMs = performance.now() + 2_000;
  while (listMarked().length > 0 && performance.now() < deadlineMs) await delay(20);
  return listMarked();
}

describe.skipIf(process.platform !== 'linux').each(ways)(
  '$runtime, $strategy, $cgroups a control group: nothing is left of work that gets out',
  ({ runtime, strategy, cgroups, escapes }) => {
    beforeEach(() => {
      process.env['CORESCOPE_TEST_ESCAPES'] = escapes.join(',');
    });
    const noCgroup = { createCgroup: () => null };

    function start(misdeed: number): WatchedRun {
      const params = { n: misdeed, rounds: 1 };
      const tools = cgroups === 'with' ? {} : noCgroup;
      return watchRun(smallRequest(hosts.files, runtime, { strategy, params }), tools);
    }

    it('when the run is cancelled', async () => {
      // While its parents live, what has cleared its environment is found by them.
      if (cgroups === 'without') process.env['CORESCOPE_TEST_ESCAPES'] = [...escapes, 'cleared'].join(',');
      const { handle } = start(misdeeds.escapeAndNeverEnd);
      await escaped(cgroups === 'without' ? escapes.length + 1 : escapes.length);
      await handle.cancel();
      expect(listMarked()).toEqual([]);
      expect(await handle.outcome).toMatchObject({ state: 'cancelled' });
    });

    it('when the run ends well', async () => {
      const { handle } = start(misdeeds.escape);
      expect(await handle.outcome).toMatchObject({ state: 'finished' });
      expect(listMarked()).toEqual([]);
    });

    it('when a process of the run is killed', async () => {
      const { handle } = start(misdeeds.escapeAndDie);
      expect(await handle.outcome).toMatchObject({ state: 'failed' });
      expect(listMarked()).toEqual([]);
    });

    it('when Corescope is killed', async () => {
      const { interpreterPath, hostFiles } = smallRequest(hosts.files, runtime);
      const { nodeHost, pythonFolder } = hostFiles;
      const n = String(misdeeds.escapeAndNeverEnd);
      const supervisor = spawn(
        process.execPath,
        [
          path.join(hosts.folder, 'supervisor.js'),
          ...[runtime, strategy, 'count-loop', interpreterPath, nodeHost, pythonFolder, n],
          cgroups === 'with' ? '' : 'no-cgroup',
        ],
        { stdio: 'ignore' },
      );
      await escaped(escapes.length);
      const cgroup = findCgroup(listMarked());
      supervisor.kill('SIGKILL');
      expect(await listLeft()).toEqual([]);
      expect(cgroup === null).toBe(cgroups === 'without');
      // The folder goes with the guard, a moment later.
      for (let i = 0; i < 100 && cgroup !== null && existsSync(cgroup); i += 1) await delay(20);
      expect(cgroup !== null && existsSync(cgroup)).toBe(false);
    });
  },
);

/** The folder of the control group that a run has been given. */
function findCgroup(pids: readonly number[]): string | null {
  const name = pids
    .map((pid) => /\/(corescope-run\.\S+)$/m.exec(readCgroups(pid))?.[1])
    .find((found) => found !== undefined);
  if (name === undefined) return null;
  const mounts = ['/sys/fs/cgroup', '/sys/fs/cgroup/unified', '/sys/fs/cgroup/cpuacct'];
  return mounts.map((mount) => path.join(mount, name)).find((folder) => existsSync(folder)) ?? name;
}

function readCgroups(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  } catch {
    return '';
  }
}
