import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { corescope, temporaryFolder } from './corescope.ts';

describe('corescope init', () => {
  it.each([
    { kind: 'js', file: 'task.mjs', next: 'corescope compare ./task.mjs' },
    { kind: 'ts', file: 'task.ts', next: 'corescope compare ./task.ts' },
    { kind: 'python', file: 'task.py', next: `corescope compare ./task.py:work --args '["{index}"]'` },
    { kind: 'command', file: 'task.sh', next: 'corescope compare -- ./task.sh {index}' },
  ])('writes $file and says how to go on', async ({ kind, file, next }) => {
    const folder = temporaryFolder();
    expect(await corescope(['init', kind], { cwd: folder })).toEqual({
      exitCode: 0,
      stdout: `${file}\n`,
      stderr: `Next: ${next}\n`,
    });
    const printed = await corescope(['init', kind, '-'], { cwd: folder });
    expect(printed).toEqual({
      exitCode: 0,
      stdout: readFileSync(path.join(folder, file), 'utf8'),
      stderr: '',
    });
  });

  it('leaves a file alone that is there', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'task.py'), 'precious');
    expect(await corescope(['init', 'python'], { cwd: folder })).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'corescope: task.py exists already, and is left as it is.\n  Name another file: corescope init python FILE\n',
    });
    expect(readFileSync(path.join(folder, 'task.py'), 'utf8')).toBe('precious');
  });

  it.each([
    {
      args: ['init', 'pyton'],
      stderr:
        'corescope: There is no template "pyton".\n  Did you mean "python"? Known: js, ts, python, command.\n',
    },
    {
      args: ['init', 'ts', 'work.py'],
      stderr:
        'corescope: The template "ts" does not go into work.py: its name would not be taken for one.\n' +
        '  Let it end in .ts or .mts.\n',
    },
    {
      args: ['init', 'js', 'missing/work.js'],
      stderr:
        'corescope: missing/work.js cannot be written: its folder does not exist.\n  Choose another path.\n',
    },
  ])('names what is wrong with $args', async ({ args, stderr }) => {
    expect(await corescope(args, { cwd: temporaryFolder() })).toEqual({ exitCode: 2, stdout: '', stderr });
  });

  it('writes a script that can be executed, and a Python file that runs by itself', async () => {
    const folder = temporaryFolder();
    await corescope(['init', 'command', 'work.sh', '--quiet'], { cwd: folder });
    expect(statSync(path.join(folder, 'work.sh')).mode & 0o111).toBe(0o111);
    expect(execFileSync(path.join(folder, 'work.sh'), ['3'], { encoding: 'utf8' })).toBe(
      'task 3 counted to 200000\n',
    );
    await corescope(['init', 'python', 'work.py', '--quiet'], { cwd: folder });
    // pi(20000) = 2262.
    expect(execFileSync('python3', [path.join(folder, 'work.py')], { encoding: 'utf8' })).toBe('2262\n');
  });
});
