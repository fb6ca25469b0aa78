import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { corescope, temporaryFolder, type Ended } from './corescope.ts';

const listed = z.array(
  z.object({
    path: z.string(),
    pinned: z.boolean(),
    manifest: z.object({
      id: z.string(),
      title: z.string(),
      command: z.array(z.string()).nullable(),
      tags: z.array(z.string()),
    }),
  }),
);

function library(folder: string) {
  const env = { CORESCOPE_RECORDINGS: folder };
  return {
    run: (...args: string[]): Promise<Ended> => corescope(args, { env }),
    list: async (...words: string[]) => {
      const { stdout } = await corescope(['recordings', 'list', ...words, '--json'], { env });
      return listed.parse(JSON.parse(stdout));
    },
  };
}

describe('every run', () => {
  it('leaves a recording among the others, named by the last line, with its command, without its secrets', async () => {
    const folder = path.join(temporaryFolder(), 'made', 'for it');
    const { run, list } = library(folder);
    const recorded = await run(
      'record',
      '--',
      'sh',
      '-c',
      'echo "::corescope marker half::"; sleep 0.3',
      '--token=abc',
    );
    expect(recorded.exitCode, recorded.stderr).toBe(0);
    const ran = await run('run', 'count-loop', '--param', 'n=20000');
    expect(ran.exitCode, ran.stderr).toBe(0);
    const nothing = await run('run', 'count-loop', '--param', 'n=20000', '--no-record');
    expect(nothing.stderr).toBe('');

    const [newest, oldest, ...others] = await list();
    expect(others).toEqual([]);
    expect(newest?.manifest).toMatchObject({ title: 'count-loop: serial', command: null });
    expect(oldest?.manifest.command?.slice(3)).toEqual(['--token=***']);
    expect(ran.stderr).toContain(`Recorded ${newest?.path}: `);

    const marked = await run('export', 'latest', '--to', 'ndjson', '-o', '-');
    expect(marked.stdout).toContain('"type":"recording"');
    const shell = await run('export', oldest?.manifest.id.slice(0, 8) ?? '', '--to', 'ndjson', '-o', '-');
    expect(shell.stdout).toContain('"name":"half"');
    expect(shell.stdout).not.toContain('token=abc');
  });

  it('goes on, and says why, where no recording can be kept', async () => {
    const file = path.join(temporaryFolder(), 'a file');
    writeFileSync(file, '');
    const { run } = library(path.join(file, 'recordings'));
    const { exitCode, stdout, stderr } = await run('run', 'count-loop', '--param', 'n=20000');
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^checksum/m)]);
    expect(stderr).toContain('cannot be written: a part of the path is a file.');
    expect(stderr).toContain('It goes on without a recording');
  });

  it('makes room for itself within the budget, and never at the cost of a pinned one', async () => {
    const folder = temporaryFolder();
    const { run, list } = library(folder);
    for (const title of ['a', 'b']) {
      const path_ = path.join(folder, `${title}.corescope`);
      expect((await run('record', '--record', path_, '--', 'true')).exitCode).toBe(0);
    }
    await run('recordings', 'pin', 'a');
    const env = { CORESCOPE_RECORDINGS: folder, CORESCOPE_RECORDINGS_BUDGET: '1kB' };
    const third = await corescope(['record', '--', 'true'], { env });
    expect(third.stderr).toContain('The oldest recording was removed, for the disk budget');
    expect((await list()).map(({ pinned }) => pinned)).toEqual([false, true]);
    expect(existsSync(path.join(folder, 'b.corescope'))).toBe(false);

    const unread = await corescope(['record', '--', 'true'], {
      env: { ...env, CORESCOPE_RECORDINGS_BUDGET: 'much' },
    });
    expect([unread.exitCode, unread.stderr]).toEqual([0, expect.stringContaining('no recording is removed')]);
    expect(await list()).toHaveLength(3);
  });
});

describe('corescope recordings', () => {
  it('finds what was tagged, noted and renamed, and removes what is not pinned', async () => {
    const folder = temporaryFolder();
    const { run, list } = library(folder);
    expect((await run('recordings')).exitCode).toBe(0);
    await run('record', '--', 'true');
    expect((await run('recordings', 'tag', 'latest', '#slow', 'two words', 'gone')).stderr).toMatch(
      /^Tagged /,
    );
    await run('recordings', 'untag', 'latest', 'GONE');
    await run('recordings', 'rename', 'latest', 'before', 'the', 'fix');
    await run('recordings', 'note', 'latest', 'here it waits');
    await run('record', '--', 'true');

    const [found, ...others] = await list('tag:slow', 'fix');
    expect(others).toEqual([]);
    expect(found?.manifest).toMatchObject({ title: 'before the fix', tags: ['slow', 'two words'] });
    const id = found?.manifest.id.slice(0, 8) ?? '';
    expect((await run('recordings', 'list', 'is:pinned')).stdout).toBe('');
    await run('recordings', 'pin', id);
    const { stdout } = await run('recordings');
    expect(stdout.split('\n')[1]).toMatch(
      new RegExp(`^${id}  \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d .* before the fix  pinned  #slow  #two words$`),
    );
    expect((await run('open', id)).stdout).toContain('here it waits');

    const refused = await run('recordings', 'remove', 'latest', id);
    expect([refused.exitCode, refused.stderr]).toEqual([2, expect.stringContaining('is pinned.')]);
    expect((await run('recordings', 'remove', id, '--force')).exitCode).toBe(0);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says what it does not understand, and changes nothing then', async () => {
    const { run } = library(temporaryFolder());
    await run('record', '--', 'true');
    const cases: readonly (readonly [args: readonly string[], message: string])[] = [
      [['fetch'], 'recordings fetch is not known.'],
      [['pin'], 'No recording was named.'],
      [['pin', 'latest', 'nowhere'], 'There is neither a file nowhere nor a recording of that name or id'],
      [['tag', 'latest'], 'recordings tag was given a recording and nothing else.'],
      [['tag', 'latest', 'a,b'], '"a,b" cannot be a tag.'],
      [['note', 'latest', 'x', '--at', '1e9'], '--at 1e9 lies outside the recording.'],
      [['clean', 'lots'], 'is "lots", which is no size'],
    ];
    for (const [args, message] of cases) {
      const { exitCode, stderr } = await run('recordings', ...args);
      expect([exitCode, stderr], args.join(' ')).toEqual([2, expect.stringContaining(message)]);
    }
    expect((await run('recordings', 'list', 'is:pinned')).stdout).toBe('');
    const located = (await run('recordings', 'path', 'latest')).stdout.trim();
    expect(readFileSync(located).length).toBeGreaterThan(1000);
  });
});
