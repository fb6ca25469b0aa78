import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type CgroupSystem, createRunCgroup } from '../../../../src/engine/runner/run-cgroup.ts';

const v2 = {
  '/proc/self/mountinfo': '34 25 0:29 / /cg rw - cgroup2 cgroup2 rw',
  '/proc/self/cgroup': '0::/app\n',
};
const v1 = {
  '/proc/self/mountinfo': '34 25 0:29 / /cg/acct rw - cgroup cgroup rw,cpu,cpuacct',
  '/proc/self/cgroup': '4:cpu,cpuacct:/app\n',
};
const hybrid = {
  '/proc/self/mountinfo': `${v1['/proc/self/mountinfo']}\n35 25 0:30 / /cg/unified rw - cgroup2 cgroup2 rw`,
  '/proc/self/cgroup': '4:cpu,cpuacct:/app\n0::/app\n',
};

/** A machine whose kernel fills a new group in `/cg` as the real one does; `readOnly` folders take no group. */
function machine(
  files: Readonly<Record<string, string>>,
  options: { readonly readOnly?: readonly string[]; readonly hasKill?: boolean } = {},
) {
  const { readOnly = [], hasKill = true } = options;
  const texts = new Map(Object.entries(files));
  const folders = new Set<string>();
  const killed: number[] = [];
  const written: string[] = [];
  texts.set('/proc/self/stat', `7 (node (x) y) R ${Array.from({ length: 18 }, () => '1').join(' ')} 500 0`);
  const system: CgroupSystem = {
    readText: (file) => texts.get(file) ?? null,
    writeText(file, text) {
      if (!texts.has(file)) return false;
      written.push(`${file} <- ${text}`);
      return true;
    },
    makeFolder(folder) {
      if (readOnly.some((start) => folder.startsWith(start))) return false;
      folders.add(folder);
      texts.set(`${folder}/cgroup.procs`, '');
      if (folder.startsWith('/cg/acct')) {
        texts.set(`${folder}/cpuacct.usage`, '2500000000\n');
      } else {
        texts.set(`${folder}/cpu.stat`, 'usage_usec 1500000\nuser_usec 1000000\n');
        if (hasKill) texts.set(`${folder}/cgroup.kill`, '');
      }
      return true;
    },
    removeFolder(folder) {
      if ((texts.get(`${folder}/cgroup.procs`) ?? '') !== '') return false;
      return folders.delete(folder);
    },
    listFolders: (parent) =>
      [...folders]
        .filter((folder) => folder.slice(0, folder.lastIndexOf('/')) === parent)
        .map((folder) => folder.slice(parent.length + 1)),
    readPidNamespace: () => '4026531836',
    kill: (pid) => killed.push(pid),
  };
  return { system, texts, folders, killed, written };
}

const ownName = `corescope-run.4026531836.${process.pid}.500.abc`;

describe('the control group of a run', () => {
  it('is a child of our own group in version 2, and counts in cpu.stat', () => {
    const { system, written } = machine(v2);
    const group = createRunCgroup('abc', system);
    expect(group?.folder).toBe(`/cg/app/${ownName}`);
    expect(group?.cpuFile).toBe(`/cg/app/${ownName}/cpu.stat`);
    expect(group?.readCpuSeconds()).toBe(1.5);
    expect(group?.add(42)).toBe(true);
    group?.kill();
    expect(written).toEqual([`/cg/app/${ownName}/cgroup.procs <- 42`, `/cg/app/${ownName}/cgroup.kill <- 1`]);
  });

  it('is one of version 1 where there is no other, and counts in cpuacct.usage', () => {
    const group = createRunCgroup('abc', machine(v1).system);
    expect(group?.cpuFile).toBe(`/cg/acct/app/${ownName}/cpuacct.usage`);
    expect(group?.readCpuSeconds()).toBe(2.5);
  });

  it('is one of version 2 in a hybrid, or of version 1 where that cannot be written', () => {
    expect(createRunCgroup('abc', machine(hybrid).system)?.folder).toBe(`/cg/unified/app/${ownName}`);
    const { system } = machine(hybrid, { readOnly: ['/cg/unified'] });
    expect(createRunCgroup('abc', system)?.folder).toBe(`/cg/acct/app/${ownName}`);
  });

  it('is absent where nothing can be written, nothing is mounted, or nothing is known', () => {
    expect(createRunCgroup('abc', machine(v2, { readOnly: ['/cg'] }).system)).toBeNull();
    expect(createRunCgroup('abc', machine({}).system)).toBeNull();
    expect(createRunCgroup('abc', { ...machine(v2).system, readPidNamespace: () => null })).toBeNull();
  });

  it('is absent, and its folder gone, where it does not count CPU time', () => {
    const { system, folders } = machine(v2);
    const silent = {
      ...system,
      readText: (file: string) => (file.endsWith('cpu.stat') ? null : system.readText(file)),
    };
    expect(createRunCgroup('abc', silent)).toBeNull();
    expect([...folders]).toEqual([]);
  });

  it('kills one by one where the kernel cannot kill all at once, in the groups below it too', () => {
    const { system, texts, killed } = machine(v2, { hasKill: false });
    const group = createRunCgroup('abc', system);
    if (group === null) throw new Error('no group');
    system.makeFolder(`${group.folder}/below`);
    texts.set(`${group.folder}/cgroup.procs`, '10\n0\n11\n');
    texts.set(`${group.folder}/below/cgroup.procs`, '12\n');
    group.kill();
    expect(killed).toEqual([10, 11, 12]);
    expect(group.remove()).toBe(false);
    texts.set(`${group.folder}/cgroup.procs`, '');
    texts.set(`${group.folder}/below/cgroup.procs`, '');
    expect(group.remove()).toBe(true);
  });

  it('clears away what a killed Corescope has left, and nothing else', () => {
    const { system, texts, folders, killed } = machine(v2);
    const stale = '/cg/app/corescope-run.4026531836.99.100.old';
    const others = [
      // Its maker lives: 98 is still the process that started at 200.
      '/cg/app/corescope-run.4026531836.98.200.new',
      // Made in another pid namespace, where 99 is another process.
      '/cg/app/corescope-run.1.99.100.far',
      '/cg/app/somebody-else',
    ];
    for (const folder of [stale, ...others]) system.makeFolder(folder);
    texts.set(`${stale}/cgroup.procs`, '77\n');
    texts.set('/proc/98/stat', `98 (node) S ${Array.from({ length: 18 }, () => '1').join(' ')} 200 0`);
    // Its number has been given to another process, which started later.
    texts.set('/proc/99/stat', `99 (cat) S ${Array.from({ length: 18 }, () => '1').join(' ')} 300 0`);
    createRunCgroup('abc', system)?.remove();
    expect(killed).toEqual([77]);
    expect([...folders]).toEqual([stale, ...others]);
    texts.set(`${stale}/cgroup.procs`, '');
    createRunCgroup('abc', system)?.remove();
    expect([...folders]).toEqual(others);
  });
});

const real = createRunCgroup('corescope-test');
real?.remove();

describe.skipIf(real === null)('a real control group', () => {
  it('holds a process and its children, counts their time, and ends them', async () => {
    const group = createRunCgroup('corescope-test-real');
    if (group === null) throw new Error('no group can be made any more');
    const busy = 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done';
    const shell = spawn('/bin/sh', ['-c', `read go; (${busy}); echo done; sleep 600`], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    try {
      expect(group.add(shell.pid ?? 0)).toBe(true);
      expect(group.members()).toEqual([shell.pid]);
      shell.stdin.end('\n');
      await once(shell.stdout, 'data');
      // The subshell has ended and is in no process that lives.
      expect(group.readCpuSeconds()).toBeGreaterThan(0.01);
      const exit = once(shell, 'exit');
      group.kill();
      await exit;
      while (group.members().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    } finally {
      shell.kill('SIGKILL');
      group.remove();
    }
    expect(existsSync(group.folder)).toBe(false);
  });
});
