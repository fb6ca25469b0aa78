import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRealTree, type RealTree, type Row } from './support/real-tree.ts';

/**
 * CPU time of processes that come and go between samples, against what the kernel charged in all. The programs are
 * real (python3), and say themselves what getrusage(2) tells them; then they sleep, so that nothing moves any more.
 */

let real: RealTree;
let group: string | null = null;
beforeEach(() => {
  real = createRealTree();
});
afterEach(async () => {
  await real.end();
  if (group !== null) await removeGroup(group);
  group = null;
});

const hasPython = ['/usr/bin/python3', '/usr/local/bin/python3'].some((path) => existsSync(path));

/** `body` defines `act()`, which is done so often, 200 times a second; then the times in ms are printed. */
function program(body: string, times: number): string {
  return `
import os, resource, signal, time
def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
${body}
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
print('up', flush=True)
signal.sigwait([signal.SIGUSR1])
start = time.monotonic()
for index in range(${times}):
    act()
    pause = start + index * 0.005 - time.monotonic()
    if pause > 0: time.sleep(pause)
while True:
    try: os.waitpid(-1, 0)
    except ChildProcessError: break
own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(sum(1000 * (use.ru_utime + use.ru_stime) for use in (own, children)), flush=True)
time.sleep(1000)
`;
}

const forkAndExit = `
def act():
    if os.fork() == 0:
        burn(0.002)
        os._exit(0)
    try:
        while os.waitpid(-1, os.WNOHANG)[0]: pass
    except ChildProcessError: pass
`;

/** The child leaves the work to one of its own and ends, so that init gets the orphan. */
const forkTwice = `
def act():
    child = os.fork()
    if child == 0:
        if os.fork() == 0: burn(0.002)
        os._exit(0)
    os.waitpid(child, 0)
`;

const forkAndIgnore = `
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
def act():
    if os.fork() == 0:
        burn(0.002)
        os._exit(0)
`;

interface Outcome {
  readonly root: Row;
  readonly rows: readonly Row[];
  /** What the program was told by the kernel of itself and of the children that it waited for. */
  readonly rusageMs: number;
}

/** Runs a program under the sampler's eyes, until all it has done can be seen. */
async function watchProgram(script: string, prefix = '', cgroupCpuFile?: string): Promise<Outcome> {
  const shell = real.start('sh', ['-c', `${prefix} exec python3 -c "$0"`, script]);
  if (shell.stdout === null) throw new Error('the program has no output');
  const lines = createInterface({ input: shell.stdout });
  await once(lines, 'line');
  const { sampler, rowsWhen, nextFrames } = real.watch(50);
  sampler.watch({
    pid: shell.pid,
    owner: 'run',
    ...(cgroupCpuFile === undefined ? {} : { cgroupCpuFile }),
  });
  await rowsWhen((seen) => seen.length > 0);
  shell.kill('SIGUSR1');
  const [line] = (await once(lines, 'line')) as [string];
  await delay(100);
  await nextFrames(2);
  const rows = await rowsWhen((seen) => seen.length > 0);
  const root = rows.find(({ entity }) => entity.pid === shell.pid && entity.kind === 'process');
  if (root === undefined) throw new Error('the program has ended');
  return { root, rows, rusageMs: Number(line) };
}

function rowOf(rows: readonly Row[], kind: string): Row | undefined {
  return rows.find(({ entity }) => entity.kind === kind);
}

const groupFolder = '/sys/fs/cgroup/cpuacct';

/** A control group of its own, with version 1 of the interface; null where none can be made. */
function makeGroup(): string | null {
  const path = `${groupFolder}/corescope-test-${process.pid}`;
  try {
    mkdirSync(path);
    return existsSync(`${path}/cpuacct.usage`) ? path : null;
  } catch {
    return null;
  }
}

/** It can be removed once its last process is gone. */
async function removeGroup(path: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    try {
      rmdirSync(path);
      return;
    } catch {
      await delay(20);
    }
  }
}

function canMakeGroups(): boolean {
  const path = makeGroup();
  if (path !== null) rmdirSync(path);
  return path !== null;
}

describe.runIf(process.platform === 'linux' && hasPython)('CPU time', { timeout: 30_000 }, () => {
  it('of 200 short-lived children a second is in the total, within 3 % of what the kernel charged', async () => {
    const { root, rows, rusageMs } = await watchProgram(program(forkAndExit, 400));
    expect(root.totalCpuMs / rusageMs).toBeGreaterThan(0.97);
    expect(root.totalCpuMs / rusageMs).toBeLessThan(1.03);
    const exited = rowOf(rows, 'exited-children');
    expect(exited?.entity.parentKey).toBe(root.entity.key);
    expect(exited?.cpuMs).toBeGreaterThan(100);
    expect(rowOf(rows, 'unattributed')).toBeUndefined();
  });
});

describe.runIf(process.platform === 'linux' && hasPython && canMakeGroups())(
  'with a control group of its own (skipped where none can be made), CPU time',
  { timeout: 30_000 },
  () => {
    const cases = [
      ['orphans', forkTwice],
      ['children that nobody waits for', forkAndIgnore],
    ] as const;
    it.each(cases)(
      'of %s is in the total, as unattributed where nobody was seen to use it',
      async (_name, body) => {
        group = makeGroup();
        const usageFile = `${group ?? ''}/cpuacct.usage`;
        const prefix = `echo $$ > ${group ?? ''}/cgroup.procs;`;
        const { root, rows, rusageMs } = await watchProgram(program(body, 200), prefix, usageFile);
        const groupMs = Number(readFileSync(usageFile, 'utf8')) / 1e6;
        expect(root.totalCpuMs / groupMs).toBeGreaterThan(0.97);
        expect(root.totalCpuMs / groupMs).toBeLessThan(1.03);
        expect(groupMs - rusageMs).toBeGreaterThan(200);
        const unattributed = rowOf(rows, 'unattributed');
        expect(unattributed?.entity).toMatchObject({ parentKey: root.entity.key, name: 'unattributed' });
        // How many of them are seen while they live depends on how busy the machine is.
        expect(unattributed?.cpuMs).toBeGreaterThan(0);
      },
    );
  },
);
