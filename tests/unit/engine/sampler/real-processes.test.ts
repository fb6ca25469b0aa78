import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLinuxReader } from '../../../../src/engine/sampler/linux-reader.ts';
import { parseMemory } from '../../../../src/engine/sampler/linux-proc.ts';
import { createProcessUseReader } from '../../../../src/engine/sampler/process-use.ts';
import { createRealTree, type RealTree, type Row } from './support/real-tree.ts';

/** The sampler on real processes of this machine. Programs used: sh, sleep and node. */

let real: RealTree;
beforeEach(() => {
  real = createRealTree();
});
afterEach(() => real.end());

function named(rows: readonly Row[], name: string): Row | undefined {
  return rows.find((row) => row.entity.name === name);
}

/** Running, or ready to run and waiting for a core: what it wants, however busy the machine is otherwise. */
function busyShare(row: Row | undefined): number {
  return row === undefined ? Number.NaN : row.cpuShare + row.waitShare;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Runs a worker thread that runs `script` and never ends. */
function inWorkerThread(script: string): string[] {
  const { stringify } = JSON;
  return ['-e', `new (require('node:worker_threads').Worker)(${stringify(script)}, { eval: true })`];
}

describe.runIf(process.platform === 'linux')('the sampler on real processes', { timeout: 30_000 }, () => {
  it('finds children and grandchildren, with parents, commands and start times', async () => {
    const startedUnixMs = Date.now();
    const shell = real.start('sh', ['-c', 'sh -c "sleep 1000 & wait" & sleep 2000 & wait']);
    const { sampler, rowsWhen } = real.watch();
    sampler.watch({ pid: shell.pid, owner: 'run' });
    const rows = await rowsWhen((seen) => seen.filter((row) => row.entity.name === 'sleep').length === 2);
    const byKey = new Map(rows.map(({ entity }) => [entity.key, entity]));
    const lineage = rows.map(({ entity }) => {
      const parent = entity.parentKey === null ? undefined : byKey.get(entity.parentKey);
      return `${entity.commandLine} < ${parent?.commandLine ?? 'root'}`;
    });
    const outer = 'sh -c sh -c "sleep 1000 & wait" & sleep 2000 & wait';
    expect(lineage.sort()).toEqual([
      `${outer} < root`,
      'sh -c sleep 1000 & wait < ' + outer,
      'sleep 1000 < sh -c sleep 1000 & wait',
      'sleep 2000 < ' + outer,
    ]);
    for (const { entity, rssBytes } of rows) {
      expect(entity).toMatchObject({ owner: 'run', rootPid: shell.pid });
      expect(Math.abs((entity.startedUnixMs ?? 0) - startedUnixMs)).toBeLessThan(5000);
      expect(rssBytes).toBeGreaterThan(100_000);
    }
  });

  it('reads a burner as running or waiting for a core all the time, and a sleeper as doing neither', async () => {
    const shell = real.start('sh', ['-c', 'sh -c "while :; do :; done" & sleep 1000 & wait']);
    const { sampler, rowsWhen, nextFrames } = real.watch();
    sampler.watch({ pid: shell.pid, owner: 'run' });
    await rowsWhen((rows) => rows.length === 3);
    const frames = await nextFrames(13);
    const rowsOf = (isMeant: (row: Row) => boolean): Row[] =>
      frames.slice(1).flatMap(({ rows }) => rows.filter(isMeant));
    const burner = rowsOf((row) => row.entity.commandLine === 'sh -c while :; do :; done').map(busyShare);
    // What it waited is not read before it runs, or its turn comes.
    const sleeper = rowsOf((row) => row.entity.name === 'sleep').map(({ cpuShare }) => cpuShare);
    expect([burner.length, sleeper.length]).toEqual([12, 12]);
    // Other work on the machine may take the core from it, and it waits then.
    expect(mean(burner)).toBeGreaterThan(0.7);
    expect(mean(burner)).toBeLessThan(1.3);
    expect(mean(sleeper)).toBeLessThan(0.05);
    const { frame } = frames.at(-1) ?? {};
    expect(Math.max(...(frame?.coreBusy ?? []))).toBeGreaterThan(0.2);
    expect(frame?.ownCpuShare).toBeLessThan(1);
  });

  it('knows the share of a process that begins under its eyes from its first frame on', async () => {
    const shell = real.start('sh', ['-c', "sleep 0.7; sh -c 'while :; do :; done' & wait"]);
    const { sampler, rowsWhen } = real.watch();
    sampler.watch({ pid: shell.pid, owner: 'run' });
    const before = await rowsWhen((rows) => named(rows, 'sleep') !== undefined);
    const known = new Set(before.map(({ entity }) => entity.pid));
    const isNew = ({ entity }: Row): boolean => !known.has(entity.pid);
    const [row] = (await rowsWhen((rows) => rows.some(isNew))).filter(isNew);
    expect(row?.cpuShare).toBeGreaterThanOrEqual(0);
    expect(row?.cpuShare).toBeLessThan(1.1);
  });

  it('shows the one thread that burns among those announced, beside its process', async () => {
    const child = real.start(
      process.execPath,
      inWorkerThread("require('node:fs').writeSync(1, 'up'); for (;;);"),
    );
    await once(child.stdout ?? child, 'data');
    const { sampler, rowsWhen, nextFrames } = real.watch();
    sampler.watch({ pid: child.pid, owner: 'run' });
    await rowsWhen((rows) => rows.length === 1);
    const tids = readdirSync(`/proc/${child.pid}/task`).map(Number);
    for (const tid of tids) sampler.nameThread(child.pid, tid, `thread ${tid}`);
    const rows = await rowsWhen(
      (seen) => seen.length === tids.length && seen.every((row) => row.cpuShare >= 0),
    );
    expect(rows.filter(({ entity }) => entity.kind === 'process')).toHaveLength(1);
    expect(rows.filter(({ rssBytes }) => Number.isNaN(rssBytes))).toHaveLength(tids.length - 1);
    const frames = await nextFrames(10);
    const shares = tids
      .filter((tid) => tid !== child.pid)
      .map((tid) => mean(frames.map(({ rows: seen }) => busyShare(named(seen, `thread ${tid}`)))))
      .sort((left, right) => right - left);
    expect(shares[0]).toBeGreaterThan(0.7);
    expect(shares[1]).toBeLessThan(0.3);
  });

  it('finds a child that was started by another thread than the main one', async () => {
    const script = "require('node:child_process').spawn('sleep', ['1000'])";
    const child = real.start(process.execPath, inWorkerThread(script));
    const { sampler, rowsWhen } = real.watch();
    sampler.watch({ pid: child.pid, owner: 'run' });
    const rows = await rowsWhen((seen) => named(seen, 'sleep') !== undefined);
    expect(named(rows, 'sleep')?.entity.parentKey).toBe(named(rows, 'node')?.entity.key);
  });

  it('keeps what a child leaves behind when it ends', async () => {
    const shell = real.start('sh', ['-c', 'sh -c "sleep 1000 & sleep 0.5"; sleep 2000 & wait']);
    const { sampler, rowsWhen } = real.watch();
    sampler.watch({ pid: shell.pid, owner: 'run' });
    const orphaned = (rows: readonly Row[]): boolean =>
      rows.some(({ entity }) => entity.commandLine === 'sleep 2000') && rows.length === 3;
    const rows = await rowsWhen(orphaned);
    expect(rows.map(({ entity }) => entity.commandLine)).toContain('sleep 1000');
  });

  it('is not confused by a process that calls itself `) R 1 (`', async () => {
    const rename = "printf ') R 1 (' > /proc/$$/comm; sleep 1000 & wait";
    const shell = real.start('sh', ['-c', rename]);
    const { sampler, rowsWhen } = real.watch();
    await delay(200);
    sampler.watch({ pid: shell.pid, owner: 'run' });
    const rows = await rowsWhen((seen) => seen.length === 2);
    expect(rows.map(({ entity }) => entity.name)).toEqual([') R 1 (', 'sleep']);
    expect(rows[1]?.entity.parentKey).toBe(rows[0]?.entity.key);
  });

  it('tells the PSS that the kernel tells', async () => {
    const child = real.start(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)']);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGSTOP');
    const { sampler, rowsWhen } = real.watch();
    sampler.watch({ pid: child.pid, owner: 'run' });
    const [row] = await rowsWhen((rows) => rows.length === 1);
    const truth =
      parseMemory(readFileSync(`/proc/${child.pid}/smaps_rollup`, 'utf8'))?.pssBytes ?? Number.NaN;
    // Pages are shared with programs that come and go meanwhile, this one's among them.
    expect(Math.abs((row?.pssBytes ?? 0) / truth - 1)).toBeLessThan(0.1);
    expect(row?.pssBytes).toBeLessThanOrEqual(row?.rssBytes ?? 0);
  });

  it('reads the others when one process ends, and none when the only one does', async () => {
    const [ending, staying] = [real.start('sleep', ['1000']), real.start('sleep', ['1000'])];
    const read = createProcessUseReader();
    expect([...(await read([ending.pid, staying.pid])).keys()]).toEqual([ending.pid, staying.pid]);
    ending.kill('SIGKILL');
    await once(ending, 'exit');
    expect([...(await read([ending.pid, staying.pid])).keys()]).toEqual([staying.pid]);
    expect((await read([ending.pid])).size).toBe(0);
    expect((await read([])).size).toBe(0);
  });

  it('answers readings that were asked for at the same time as if one after the other', async () => {
    const sleeper = real.start('sleep', ['1000']);
    const [left, right] = [createProcessUseReader(), createProcessUseReader()];
    const answers = await Promise.all([left([sleeper.pid]), right([sleeper.pid]), left([sleeper.pid])]);
    expect(answers.map((answer) => answer.has(sleeper.pid))).toEqual([true, true, true]);
  });

  it('finds the same tree where the kernel does not list children', async () => {
    const shell = real.start('sh', ['-c', 'sh -c "sleep 1000 & wait" & sleep 2000 & wait']);
    const { sampler, rowsWhen } = real.watch();
    sampler.watch({ pid: shell.pid, owner: 'run' });
    await rowsWhen((rows) => rows.filter(({ entity }) => entity.name === 'sleep').length === 2);
    const byPid = (facts: readonly { readonly pid: number }[]): unknown[] =>
      [...facts].sort((left, right) => left.pid - right.pid);
    const listed = await createLinuxReader({ hasChildrenFiles: true }).readProcesses([shell.pid]);
    const searched = await createLinuxReader({ hasChildrenFiles: false }).readProcesses([shell.pid]);
    expect(listed).toHaveLength(4);
    expect(byPid(searched)).toEqual(byPid(listed));
  });

  it('keeps no rows and no files of a hundred short-lived children', async () => {
    const countFiles = (): number => readdirSync('/proc/self/fd').length;
    const script =
      'i=0; while [ $i -lt 120 ]; do sleep 0.01 & sleep 0.005; i=$((i+1)); done; wait; sleep 1000';
    const { sampler, appeared, rowsWhen, nextFrames } = real.watch(20);
    await nextFrames(1);
    const filesBefore = countFiles();
    const shell = real.start('sh', ['-c', script]);
    sampler.watch({ pid: shell.pid, owner: 'run' });
    const rows = await rowsWhen((seen) => seen.some((row) => row.entity.commandLine === 'sleep 1000'));
    expect(appeared.length).toBeGreaterThan(20);
    expect(rows.map(({ entity }) => entity.kind).sort()).toEqual(['exited-children', 'process', 'process']);
    // The sampler holds five files of its shell (stat, statm, children, and the main thread's schedstat)
    // and one of the machine; the fifth is the pipe to the shell.
    expect(countFiles() - filesBefore).toBeLessThanOrEqual(6);
  });
});
