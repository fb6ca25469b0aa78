import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { corescope, projectRoot } from './corescope.ts';

describe('corescope --help', () => {
  it('names every command and gives examples, on stdout', async () => {
    const { exitCode, stdout, stderr } = await corescope(['--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const command of [
      'compare',
      'run',
      'attach',
      'record',
      'differences',
      'workloads',
      'doctor',
      'init',
      'completion',
      'recordings',
      'open',
      'export',
      'import',
      'compare-recordings',
      'serve',
    ]) {
      expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
  });

  it.each([
    {
      command: 'compare',
      options:
        '--runtime --strategies --workers --tasks --param --blocks --precision --time-budget --control --no-control --objective --prepare --cleanup --quick --warmup --timeout --memory-limit --nice --seed --start-method --resume --python --args --cwd --stdin --env --budget --baseline --export-json --markdown --json --report --record --no-record --marker --command-lines --yes --quiet',
    },
    {
      command: 'run',
      options:
        '--runtime --strategy --workers --tasks --param --runs --timeout --memory-limit --nice --seed --start-method --python --args --cwd --stdin --env --json --record --no-record --marker --command-lines --quiet',
    },
    {
      command: 'attach',
      options: '--every --for --json --record --no-record --marker --command-lines --quiet',
    },
    {
      command: 'record',
      options: '--every --for --json --record --no-record --marker --command-lines --quiet',
    },
    { command: 'differences', options: '--runtime --quick --python --explain --json --quiet' },
    { command: 'recordings', options: '--at --force --json --quiet' },
    { command: 'init', options: '--quiet' },
    { command: 'completion', options: '' },
    { command: 'workloads', options: '--json' },
    { command: 'doctor', options: '--python --json' },
  ])('of $command explains $options and gives an example', async ({ command, options }) => {
    const { exitCode, stdout, stderr } = await corescope([command, '--help']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const explained = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, option]) => option);
    expect(explained).toEqual([...options.split(' ').filter((option) => option !== ''), '--help']);
    expect(stdout).toContain(`\nExamples:\n  corescope ${command}`);
    expect(await corescope(['help', command])).toEqual({ exitCode, stdout, stderr });
  });

  it('is what one gets, as an error, for saying nothing', async () => {
    const { exitCode, stdout, stderr } = await corescope([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('Usage: corescope [options] [command]');
  });
});

describe('corescope --version', () => {
  it('prints the version of the package', async () => {
    const manifest = readFileSync(path.join(projectRoot, 'package.json'), 'utf8');
    const version = /"version": "(.+)"/.exec(manifest)?.[1] ?? 'none';
    expect(await corescope(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });
});
