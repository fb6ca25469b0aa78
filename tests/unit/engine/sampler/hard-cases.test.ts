import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRealTree, type RealTree, type Row } from './support/real-tree.ts';

/** What must not stop the sampler, on real processes of this machine. Programs used: sh, sleep, true, node, python3 and setpriv. */

let real: RealTree;
beforeEach(() => {
  real = createRealTree();
});
afterEach(() => real.end());

/** The father of all kernel threads; containers hide it. */
function hasKernelThreads(): boolean {
  try {
    return readFileSync('/proc/2/comm', 'utf8') === 'kthreadd\n';
  } catch {
    return false;
  }
}

function nameOf(userId: number): string {
  const entry = new RegExp(`^([^:]+):[^:]*:${userId}:`, 'm').exec(readFileSync('/etc/passwd', 'utf8'));
  return entry?.[1] ?? String(userId);
}

describe.runIf(process.platform === 'linux')('the sampler in hard cases', { timeout: 30_000 }, () => {
  it('goes on, without a row, when a process that was to be watched has ended already', async () => {
    const ended = real.start('true', []);
    await once(ended, 'exit');
    const sleeper = real.start('sleep', ['1000']);
    const { sampler, nextFrames } = real.watch(20);
    sampler.watch({ pid: ended.pid, owner: 'run' });
    const [, second] = await nextFrames(2);
    expect(second?.rows).toEqual([]);
    sampler.watch({ pid: sleeper.pid, owner: 'run' });
    const frames = await nextFrames(3);
    expect(frames.at(-1)?.rows.map((row) => row.entity.pid)).toEqual([sleeper.pid]);
  });

  it('reads a process beside its child that is a zombie', async () => {
    // The shell becomes a program that does not wait for the child it was given.
    const parent = real.start('sh', ['-c', 'true & exec sleep 1000']);
    const { sampler, rowsWhen } = real.watch(20);
    sampler.watch({ pid: parent.pid, owner: 'run' });
    const isParent = ({ entity }: Row): boolean => entity.pid === parent.pid;
    // What the child had while it lived is shown until memory is looked at again.
    const rows = await rowsWhen(
      (seen) =>
        seen.length === 2 &&
        seen.some((row) => isParent(row) && row.entity.name === 'sleep' && row.pssBytes > 0) &&
        seen.some((row) => !isParent(row) && row.rssBytes === 0 && Number.isNaN(row.pssBytes)),
    );
    expect(rows.find(isParent)?.rssBytes).toBeGreaterThan(100_000);
    expect(rows.find((row) => !isParent(row))?.entity.rootPid).toBe(parent.pid);
  });

  it('shows a process that is stopped as idle, and as busy again when it goes on', async () => {
    const burner = real.start('sh', ['-c', 'while :; do :; done']);
    const { sampler, rowsWhen } = real.watch();
    sampler.watch({ pid: burner.pid, owner: 'run' });
    const isBusy = (share: number): boolean => share > 0.2;
    await rowsWhen((rows) => rows.some((row) => isBusy(row.cpuShare)));
    process.kill(burner.pid, 'SIGSTOP');
    await rowsWhen((rows) => rows.some((row) => row.cpuShare === 0));
    process.kill(burner.pid, 'SIGCONT');
    await rowsWhen((rows) => rows.some((row) => isBusy(row.cpuShare)));
  });

  it.runIf(hasKernelThreads())('knows no PSS of kernel threads, and their CPU', async () => {
    const { sampler, rowsWhen, nextFrames } = real.watch();
    sampler.watch({ pid: 2, owner: 'run' });
    await rowsWhen((rows) => rows.length > 5);
    const [, , third] = await nextFrames(3);
    const father = third?.rows.find(({ entity }) => entity.pid === 2);
    expect(father?.entity.name).toBe('kthreadd');
    expect(father?.cpuShare).toBeGreaterThanOrEqual(0);
    expect(father?.pssBytes).toBeNaN();
  });

  it('leaves an orphan where it was, and its time in the total, whoever adopts it', async () => {
    // The inner shell ends at a signal, and its child is init's or a subreaper's from then on.
    const script = 'sh -c "sh -c \'while :; do :; done\' & wait" & wait; exec sleep 1000';
    const shell = real.start('sh', ['-c', script]);
    const { sampler, rowsWhen, nextFrames } = real.watch(50);
    sampler.watch({ pid: shell.pid, owner: 'run' });
    const burner = 'sh -c while :; do :; done';
    const isBurner = ({ entity }: Row): boolean => entity.commandLine === burner;
    const isRoot = ({ entity }: Row): boolean => entity.pid === shell.pid && entity.kind === 'process';
    const rows = await rowsWhen(
      (seen) => seen.length === 3 && seen.some((row) => isBurner(row) && row.cpuMs > 0),
    );
    const middle = rows.find((row) => !isBurner(row) && !isRoot(row));
    process.kill(middle?.entity.pid ?? 0, 'SIGKILL');
    const after = await rowsWhen(
      (seen) => !seen.some(({ entity }) => entity.pid === middle?.entity.pid) && seen.some(isBurner),
    );
    const orphan = after.find(isBurner);
    expect(orphan?.entity.rootPid).toBe(shell.pid);
    const totalMs = after.find(isRoot)?.totalCpuMs ?? Number.NaN;
    expect(totalMs).toBeGreaterThanOrEqual(orphan?.cpuMs ?? Number.NaN);
    process.kill(orphan?.entity.pid ?? 0, 'SIGKILL');
    const last = await rowsWhen((seen) => !seen.some(isBurner));
    expect(last.find(isRoot)?.totalCpuMs).toBeGreaterThanOrEqual(totalMs);
    await nextFrames(1);
  });

  it.runIf(process.getuid?.() === 0)('tells whose a process of another user is', async () => {
    const sleeper = real.start('setpriv', ['--reuid=65534', '--clear-groups', 'sleep', '1000']);
    // setpriv changes the user before it becomes the sleeper.
    while (!readFileSync(`/proc/${sleeper.pid}/cmdline`, 'utf8').startsWith('sleep')) await delay(5);
    const { sampler, rowsWhen } = real.watch(50);
    sampler.watch({ pid: sleeper.pid, owner: 'run' });
    const rows = await rowsWhen((seen) => seen.length > 0);
    expect(rows.map(({ entity }) => [entity.commandLine, entity.user])).toEqual([
      ['sleep 1000', nameOf(65534)],
    ]);
    expect(rows[0]?.rssBytes).toBeGreaterThan(100_000);
  });

  /** A process that does what it is told at SIGUSR1, and runs a little all the while. */
  async function startTold(order: string): Promise<{ readonly pid: number; readonly obey: () => void }> {
    const script = [
      'import os, signal, time',
      `signal.signal(signal.SIGUSR1, lambda *_: ${order})`,
      'print("up", flush=True)',
      'while True: time.sleep(0.05)',
    ];
    const python = real.start('python3', ['-c', script.join('\n')]);
    await once(python.stdout ?? python, 'data');
    return { pid: python.pid, obey: () => process.kill(python.pid, 'SIGUSR1') };
  }
  const processesOf = (rows: readonly Row[]): readonly Row[] =>
    rows.filter(({ entity }) => entity.kind === 'process');

  it('tells the program that a process became after it was first seen', async () => {
    const told = await startTold('os.execvp("sleep", ["sleep", "1000"])');
    const { sampler, rowsWhen } = real.watch(50);
    sampler.watch({ pid: told.pid, owner: 'run' });
    const first = await rowsWhen((rows) => rows.some((row) => row.cpuMs > 0 && row.pssBytes > 0));
    expect(processesOf(first).map(({ entity }) => entity.name)).not.toContain('sleep');
    told.obey();
    const later = await rowsWhen((rows) => rows.some(({ entity }) => entity.commandLine === 'sleep 1000'));
    expect(processesOf(later).map(({ entity }) => [entity.pid, entity.name])).toEqual([[told.pid, 'sleep']]);
  });

  it.runIf(process.getuid?.() === 0)(
    'tells of a process that becomes another user’s and stays the same program',
    async () => {
      const told = await startTold('os.setuid(65534)');
      const { sampler, rowsWhen, nextFrames } = real.watch(50);
      sampler.watch({ pid: told.pid, owner: 'run' });
      // Its user is known to have been another one once its counters were read: once a second.
      const first = await nextFrames(25);
      expect(processesOf(first.at(-1)?.rows ?? []).map(({ entity }) => entity.user)).toEqual([nameOf(0)]);
      told.obey();
      const later = await rowsWhen((rows) => rows.some(({ entity }) => entity.user === nameOf(65534)));
      expect(processesOf(later).map(({ entity }) => entity.pid)).toEqual([told.pid]);
    },
  );

  it('shows the name that a process gives itself, brackets and line ends included', async () => {
    const told = await startTold('__import__("ctypes").CDLL(None).prctl(15, b"a) R 1\\n(", 0, 0, 0)');
    const { sampler, rowsWhen } = real.watch(50);
    sampler.watch({ pid: told.pid, owner: 'run' });
    await rowsWhen((rows) => rows.some((row) => row.cpuMs > 0));
    told.obey();
    const name = 'a) R 1\n(';
    const rows = await rowsWhen((seen) => seen.some(({ entity }) => entity.name === name));
    expect(processesOf(rows).map(({ entity }) => [entity.pid, entity.name])).toEqual([[told.pid, name]]);
  });

  it('counts the time of threads that come and go, and keeps nothing of them', async () => {
    const script = `
import resource, threading, time
def burn():
    end = time.thread_time() + 0.002
    while time.thread_time() < end: pass
    time.sleep(0.01)
print('up', flush=True)
for batch in range(50):
    threads = [threading.Thread(target=burn) for _ in range(4)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
used = resource.getrusage(resource.RUSAGE_SELF)
print(1000 * (used.ru_utime + used.ru_stime), flush=True)
time.sleep(1000)`;
    const python = real.start('python3', ['-c', script]);
    if (python.stdout === null) throw new Error('the program has no output');
    const lines = createInterface({ input: python.stdout });
    await once(lines, 'line');
    const { sampler, rowsWhen, appeared } = real.watch(10);
    sampler.watch({ pid: python.pid, owner: 'run', allThreads: true });
    const [line] = (await once(lines, 'line')) as [string];
    const usedMs = Number(line);
    // Before python3 there may have been a shell that chooses it, with children of its own.
    const isOver = (row: Row): boolean => row.entity.kind === 'process' && row.cpuMs >= usedMs - 20;
    const rows = await rowsWhen(
      (seen) => seen.some(isOver) && seen.every(({ entity }) => entity.kind !== 'thread'),
    );
    // The clock of the process has the time of threads that have ended; what followed was printing and going to sleep.
    expect(rows.find(isOver)?.cpuMs).toBeLessThan(usedMs + 50);
    expect(appeared.filter(({ kind }) => kind === 'thread').length).toBeGreaterThan(8);
    // The one process is listed, with its one thread.
    expect(sampler.countKept()).toMatchObject({ threadRows: 1, tree: 2 });
    expect(sampler.countKept()['threads']).toBeLessThanOrEqual(1);
  });

  it('shows all threads of a process where that is wanted, each under its own name', async () => {
    const node = real.start(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)']);
    await once(node.stdout ?? node, 'data');
    const { sampler, rowsWhen } = real.watch(50);
    sampler.watch({ pid: node.pid, owner: 'run', allThreads: true });
    const tids = readdirSync(`/proc/${node.pid}/task`).map(Number);
    const rows = await rowsWhen(
      (seen) => seen.length === tids.length + 1 && seen.every((row) => row.cpuShare >= 0),
    );
    const named = rows.filter(({ entity }) => entity.kind === 'thread');
    expect(named.map(({ entity }) => entity.tid)).toEqual(tids);
    const threadName = (tid: number): string =>
      readFileSync(`/proc/${node.pid}/task/${tid}/comm`, 'utf8').trim();
    const wanted = tids.map(threadName);
    const renamed = await rowsWhen((seen) =>
      wanted.every((name) => seen.some(({ entity }) => entity.kind === 'thread' && entity.name === name)),
    );
    expect(renamed.filter(({ lastCore }) => lastCore >= 0).length).toBeGreaterThanOrEqual(tids.length);
  });
});
