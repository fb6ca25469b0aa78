import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { corescope, temporaryFolder } from './corescope.ts';

describe('corescope run', () => {
  it('runs each template as it is, and the same work has the same result in all of them', async () => {
    const folder = temporaryFolder();
    const checksums: string[] = [];
    for (const [kind, ...args] of [
      ['js', './task.mjs', '--strategy', 'threads'],
      ['ts', './task.ts', '--strategy', 'processes'],
      ['python', './task.py:work', '--args', '["{index}"]', '--strategy', 'processes'],
    ] as const) {
      await corescope(['init', kind, '--quiet'], { cwd: folder });
      const { exitCode, stdout, stderr } = await corescope(['run', ...args, '--workers', '2'], {
        cwd: folder,
      });
      expect(exitCode, stderr).toBe(0);
      expect(stderr).toMatch(/^Recorded .+\n$/);
      checksums.push(/^checksum\s+(\w+)$/m.exec(stdout)?.[1] ?? 'none');
    }
    expect(new Set(checksums).size).toBe(1);
    expect(checksums[0]).toMatch(/^[0-9a-f]{16}$/);
  });

  it('shows what a command writes on stderr, and keeps stdout for the result', async () => {
    const folder = temporaryFolder();
    await corescope(['init', 'command', '--quiet'], { cwd: folder });
    const args = [
      'run',
      '--strategy',
      'copies',
      '--workers',
      '2',
      '--no-record',
      '--json',
      '-',
      '--',
      './task.sh',
      '{index}',
    ];
    const { exitCode, stdout, stderr } = await corescope(args, { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stderr.trim().split('\n').sort()).toEqual([
      'task 0 counted to 200000',
      'task 1 counted to 200000',
    ]);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'corescope.experiment/1',
      strategies: [{ strategy: 'copies', workers: 2, runs: [{ state: 'finished' }] }],
    });
  });

  it('ends with 3 and the reason where the work fails', async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'task.mjs'), 'export default () => { throw new Error("no luck"); };\n');
    const { exitCode, stdout } = await corescope(['run', './task.mjs', '--quiet'], { cwd: folder });
    expect(exitCode).toBe(3);
    expect(stdout).toContain('no luck');
  });

  it.each([
    { args: ['run'], message: 'Nothing to run is given.' },
    { args: ['run', './missing.mjs'], message: 'does not exist.' },
    { args: ['run', 'count-loop', '--strategy', 'asyncio'], message: 'node has no strategy "asyncio".' },
    { args: ['run', 'count-loop', '--runs', '0'], message: '--runs is 0, but must be a whole number' },
    { args: ['run', '--', 'no-such-program'], message: 'There is no command "no-such-program".' },
    { args: ['workloads', '--', 'ls'], message: 'workloads takes no command behind --.' },
  ])('refuses $args, and says why', async ({ args, message }) => {
    const { exitCode, stdout, stderr } = await corescope(args, { cwd: temporaryFolder() });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });
});
