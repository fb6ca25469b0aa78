import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import os from 'node:os';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { summarizeMappings } from '../../../../src/engine/processes/facts-memory.ts';
import {
  looksSecret,
  parseArguments,
  parseControlGroup,
  parseEnvironment,
  parseIo,
  parseLimits,
} from '../../../../src/engine/processes/facts-text.ts';
import { createProcessFacts } from '../../../../src/engine/processes/facts.ts';
import { createProcessLister } from '../../../../src/engine/processes/process-lister.ts';
import type { Fact } from '../../../../src/shared/process-facts.ts';
import type { Result } from '../../../../src/shared/result.ts';

const fixtures = new URL('../../../fixtures/processes/', import.meta.url);
const captured = (name: string): string => readFileSync(new URL(name, fixtures), 'utf8');

describe('the texts of a process', () => {
  test('mappings are summed up by kind', () => {
    const kilobytes = summarizeMappings(captured('sleep-smaps.txt')).map(
      ({ kind, mappings, virtualBytes, rssBytes, pssBytes, privateBytes, swapBytes }) =>
        `${kind} ${mappings}: ${[virtualBytes, rssBytes, pssBytes, privateBytes, swapBytes].map((bytes) => bytes / 1024).join(' ')}`,
    );
    expect(kilobytes).toEqual([
      'heap 1: 132 16 16 16 0',
      'stack 1: 132 16 16 16 0',
      'anonymous 3: 72 32 32 32 0',
      'file 28: 2552 1720 181 84 0',
      'kernel 4: 36 4 0 0 0',
    ]);
  });

  test('shared memory is told from a file that is mapped as shared, and a name with spaces is one', () => {
    const mapping = (rights: string, path: string): string =>
      `7f00-7f10 ${rights} 00000000 00:01 77    ${path}\nSize:     4 kB\nRss:      4 kB\n`;
    const text = [
      mapping('rw-s', '/dev/zero (deleted)'),
      mapping('rw-s', '/memfd:a name (deleted)'),
      mapping('rw-s', '/srv/my data base'),
      mapping('rw-s', 'anon_inode:[perf_event]'),
      mapping('rw-p', '[anon:v8]'),
    ].join('');
    expect(summarizeMappings(text).map(({ kind, mappings }) => `${mappings} ${kind}`)).toEqual([
      '1 anonymous',
      '1 file',
      '3 shared',
    ]);
  });

  test('of the limits those that people run into are kept, unlimited ones as null', () => {
    expect(parseLimits(captured('limits.txt')).filter(({ name }) => name !== 'locked memory')).toEqual([
      { name: 'cpu time', soft: null, hard: null, unit: 'seconds' },
      { name: 'stack size', soft: 8_388_608, hard: null, unit: 'bytes' },
      { name: 'core file size', soft: 0, hard: null, unit: 'bytes' },
      { name: 'processes', soft: 96_365, hard: 96_365, unit: 'processes' },
      { name: 'open files', soft: 20_000, hard: 20_000, unit: 'files' },
      { name: 'address space', soft: null, hard: null, unit: 'bytes' },
    ]);
    expect(parseLimits('nothing of the kind')).toEqual([]);
  });

  test('I/O on storage is told from what was asked for; what is missing is not known', () => {
    expect(parseIo('rchar: 10\nwchar: 20\nread_bytes: 30\ncancelled_write_bytes: 7\n')).toEqual({
      readBytes: 30,
      writtenBytes: Number.NaN,
      askedReadBytes: 10,
      askedWrittenBytes: 20,
    });
  });

  test.each([
    ['0::/user.slice/work.scope\n', '/user.slice/work.scope'],
    ['5:devices:/\n4:memory:/box\n1:cpu,cpuacct:/other\n0::/\n', '/box'],
    ['1:cpu,cpuacct:/a:b\n0::/\n', '/a:b'],
    ['', null],
  ])('the control group of %j is %j', (text, group) => {
    expect(parseControlGroup(text)).toBe(group);
  });

  test('arguments that hold no zero byte come back as they were given', () => {
    const argument = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'));
    fc.assert(
      fc.property(fc.array(argument), (argv) => {
        expect(parseArguments(argv.map((each) => `${each}\0`).join(''))).toEqual(argv);
      }),
    );
  });

  test('no value of what looks like a secret is given away before it is asked for', () => {
    const text = 'PATH=/bin\0API_TOKEN=t=1\0EMPTY=\0HOME=/h\0MIRROR=https://me:word@host/\0broken\0';
    expect(parseEnvironment(text, false)).toEqual([
      { name: 'API_TOKEN', value: null },
      { name: 'EMPTY', value: '' },
      { name: 'HOME', value: '/h' },
      { name: 'MIRROR', value: null },
      { name: 'PATH', value: '/bin' },
    ]);
    expect(parseEnvironment(text, true).map(({ value }) => value)).toEqual([
      ...['t=1', '', '/h', 'https://me:word@host/', '/bin'],
    ]);
  });

  test('names of secrets are known, and everyday names are not taken for them', () => {
    const named = (names: string): string[] => names.split(' ').filter((name) => looksSecret(name, 'x'));
    const secrets =
      'DB_PASSWORD aws_secret_access_key GH_TOKEN MYSQL_PWD DATABASE_URL HTTP_COOKIE SSH_PRIVATE';
    expect(named(secrets)).toEqual(secrets.split(' '));
    expect(
      named('PATH HOME PWD OLDPWD XDG_SESSION_TYPE LANG KEYBOARD MONKEYS NODE_OPTIONS SHELL TERM'),
    ).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux')('of a real process', () => {
  const children: ChildProcess[] = [];
  const lister = createProcessLister(() => 0);
  const list = lister.list.bind(lister);
  const facts = createProcessFacts(list);

  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  async function start(): Promise<{ pid: number; startedUnixMs: number | null }> {
    const child = spawn('/bin/sh', ['-c', 'echo up; exec sleep 61'], {
      stdio: ['ignore', 'pipe', 'ignore'],
      cwd: os.tmpdir(),
      env: { PATH: process.env['PATH'] ?? '', GREETING: 'good day', MY_TOKEN: 'abc' },
    });
    children.push(child);
    await new Promise((resolve) => child.stdout.once('data', resolve));
    // The shell has become `sleep` when its arguments have.
    for (;;) {
      const found = (await list()).find(({ pid }) => pid === child.pid);
      if (found === undefined) throw new Error('sleep did not start');
      if (found.name === 'sleep') return { pid: found.pid, startedUnixMs: found.startedUnixMs };
    }
  }

  function valueOf<Value>(answer: Result<Fact<Value>>): Value {
    if (!answer.ok) throw new Error(answer.problem.message);
    if (!('value' in answer.value)) throw new Error(answer.value.whyNot);
    return answer.value.value;
  }

  test('arguments, folder, program, files and limits are told', async () => {
    const identity = await start();
    const answer = await facts['process:facts'](identity);
    if (!answer.ok) throw new Error(answer.problem.message);
    const { arguments: argv, workingFolder, executable, openFiles, limits, user } = answer.value;
    expect(argv).toEqual({ value: ['sleep', '61'] });
    expect(workingFolder).toEqual({ value: realpathSync(os.tmpdir()) });
    expect('value' in executable && executable.value).toMatch(/\/(sleep|coreutils|busybox)$/);
    expect(openFiles).toEqual({ value: readdirSync(`/proc/${identity.pid}/fd`).length });
    expect('value' in limits && limits.value.some(({ name }) => name === 'open files')).toBe(true);
    expect(user).toBe(os.userInfo().username);
  });

  test('its environment and its memory are told when they are asked for', async () => {
    const identity = await start();
    const environment = valueOf(await facts['process:environment']({ ...identity, withSecrets: false }));
    expect(environment).toContainEqual({ name: 'GREETING', value: 'good day' });
    expect(environment).toContainEqual({ name: 'MY_TOKEN', value: null });
    const whole = valueOf(await facts['process:environment']({ ...identity, withSecrets: true }));
    expect(whole).toContainEqual({ name: 'MY_TOKEN', value: 'abc' });
    const kinds = valueOf(await facts['process:memory-map'](identity));
    expect(kinds.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['stack', 'file']));
    for (const { virtualBytes, rssBytes, pssBytes } of kinds) {
      expect(rssBytes).toBeLessThanOrEqual(virtualBytes);
      expect(pssBytes).toBeLessThanOrEqual(rssBytes);
    }
  });

  test('a later bearer of the number gives nothing away', async () => {
    const { pid, startedUnixMs } = await start();
    const former = { pid, startedUnixMs: (startedUnixMs ?? 0) - 60_000, withSecrets: true };
    const answer = await facts['process:environment'](former);
    expect(answer.ok ? null : answer.problem.kind).toBe('process-gone');
  });
});
