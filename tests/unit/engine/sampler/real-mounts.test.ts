import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from 'vite';

/**
 * What only another mount, another user or another limit can show: the reader in a process of its own, started by
 * `unshare`, `setpriv` or a shell with a limit, and without the library for clocks, which is not found from where it
 * lies. The first two need root; elsewhere the tests say so.
 */

const sampler = join(import.meta.dirname, '..', '..', '..', '..', 'src', 'engine', 'sampler');
let folder = '';
let program = '';

/** Prints, per tick, what the reader knows of the pids that it was given. */
const source = `
import { createNativeReader } from ${JSON.stringify(join(sampler, 'linux', 'reader.ts'))};
import { readdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
const [order, ...rest] = process.argv.slice(2);
const reader = createNativeReader({ nowMs: () => performance.now() });
const show = (pids) => {
  reader.readCoreTimes();
  const facts = reader.readProcesses(pids);
  const uses = reader.readUse(pids);
  return { pids: facts.map(({ pid }) => pid), cpu: [...uses.values()].map(({ cpuMs }) => cpuMs >= 0),
    memory: [...uses.values()].map(({ rssBytes }) => rssBytes > 0), pss: pids.map((pid) => reader.readPssBytes(pid)),
    names: pids.map((pid) => reader.describe(pid)?.name ?? null),
    users: pids.map((pid) => reader.describe(pid)?.user ?? null),
    read: pids.map((pid) => uses.get(pid)?.details?.readBytes ?? null) };
};
if (order === 'look') console.log(JSON.stringify(show(rest.map(Number))));
else {
  const children = Array.from({ length: Number(rest[0]) }, () => spawn('sleep', ['1000'], { stdio: 'ignore' }));
  const first = show([process.pid]);
  const files = () => readdirSync('/proc/self/fd').length;
  const before = files();
  for (let turn = 0; turn < 20; turn += 1) show([process.pid]);
  console.log(JSON.stringify({ found: first.pids.length, known: first.memory.filter(Boolean).length,
    hasGrown: files() - before > 2, isWithinLimit: reader.heldFileCount <= 32 }));
  for (const child of children) child.kill('SIGKILL');
}
`;

beforeAll(async () => {
  folder = mkdtempSync(join(os.tmpdir(), 'corescope-mounts-'));
  const entry = join(folder, 'look.ts');
  writeFileSync(entry, source);
  await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: entry,
      outDir: folder,
      emptyOutDir: false,
      rolldownOptions: { output: { entryFileNames: 'look.mjs' } },
    },
  });
  program = join(folder, 'look.mjs');
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: string): { readonly answer: unknown; readonly failure: string } {
  const { stdout, stderr, status } = spawnSync('sh', ['-c', command], { encoding: 'utf8', timeout: 50_000 });
  if (status !== 0) return { answer: null, failure: stderr.trim() };
  const answer: unknown = JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
  return { answer, failure: '' };
}

const node = (): string => `'${process.execPath}' '${program}'`;
const isRoot = process.getuid?.() === 0;

describe.runIf(process.platform === 'linux')('the reader behind real walls', { timeout: 60_000 }, () => {
  it('with hidepid=2, as another user: does not see what is hidden, and goes on', (test) => {
    if (!isRoot) return test.skip('only root may mount /proc with hidepid');
    const mount = 'mount -t proc -o hidepid=2 proc /proc';
    const asOther = 'setpriv --reuid=65534 --regid=65534 --clear-groups';
    const { answer, failure } = run(
      `chmod -R a+rX '${folder}'; unshare --mount --pid --fork sh -c "${mount} && ${asOther} ${node()} look 1"`,
    );
    if (answer === null) return test.skip(`no mount of its own here: ${failure}`);
    expect(answer).toMatchObject({ pids: [], names: [null], pss: [null] });
  });

  it('of root’s process, as another user: CPU and memory, no PSS and no bytes read', (test) => {
    if (!isRoot) return test.skip('only root has a process that another user may not look into');
    const { answer, failure } = run(
      `chmod -R a+rX '${folder}'; setpriv --reuid=65534 --regid=65534 --clear-groups ${node()} look ${process.pid}`,
    );
    if (answer === null) return test.skip(`no process of another user here: ${failure}`);
    expect(answer).toMatchObject({ pss: [null], read: [null] });
    expect(answer).toHaveProperty('pids.0', process.pid);
    expect(answer).toHaveProperty('cpu.0', true);
    expect(answer).toHaveProperty('memory.0', true);
  });

  it('of a program that runs as another user than who started it (setuid): no PSS, and all the rest', (test) => {
    if (!isRoot) return test.skip('only root can make a program that runs as root');
    const sleeper = join(folder, 'sleeper');
    // Where it cannot be started its name never comes, and whoever waits for it would keep a core busy for ever.
    const asOther = 'timeout 20 setpriv --reuid=65534 --regid=65534 --clear-groups';
    const look = `'${sleeper}' 20 & until grep -q sleeper /proc/$!/comm; do sleep 0.01; done; ${node()} look $!; kill $!`;
    const { answer, failure } = run(
      `cp "$(command -v sleep)" '${sleeper}'; chmod 4755 '${sleeper}'; chmod a+rX '${folder}'; ${asOther} sh -c "${look.replaceAll('$!', '\\$!')}"`,
    );
    if (answer === null) return test.skip(`no setuid programs here: ${failure}`);
    expect(answer).toMatchObject({
      cpu: [true],
      memory: [true],
      pss: [null],
      names: ['sleeper'],
      users: ['root'],
    });
  });

  it('under a limit of 64 files: all of 80 processes, and no file more in twenty rounds', () => {
    const { answer, failure } = run(`ulimit -n 64; ${node()} crowd 80`);
    expect(failure).toBe('');
    expect(answer).toMatchObject({ found: 81, known: 81 });
    expect(answer).toHaveProperty('hasGrown', false);
    expect(answer).toHaveProperty('isWithinLimit', true);
  });
});
