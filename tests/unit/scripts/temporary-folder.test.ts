import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { withTemporaryFolder } from '../../../scripts/testing/temporary-folder.mjs';

test('a step has a temporary folder of its own, and what it leaves there is named and goes', async () => {
  const { result, left } = await withTemporaryFolder({ HOME: '/home/a' }, (environment) => {
    const folder = environment['TMPDIR'] ?? '';
    mkdirSync(path.join(folder, 'recordings-x'));
    writeFileSync(path.join(folder, 'note'), 'a note');
    return Promise.resolve({ folder, environment });
  });
  expect(result.environment).toEqual({
    HOME: '/home/a',
    TMPDIR: result.folder,
    TMP: result.folder,
    TEMP: result.folder,
  });
  expect([...left].sort()).toEqual(['note', 'recordings-x']);
  expect(existsSync(result.folder)).toBe(false);
});

test('the folder goes where the step breaks, too', async () => {
  let folder = '';
  const broken = withTemporaryFolder({}, (environment) => {
    folder = environment['TMPDIR'] ?? '';
    throw new Error('broken');
  });
  await expect(broken).rejects.toThrow('broken');
  expect([folder === '', existsSync(folder)]).toEqual([false, false]);
});

test.runIf(process.platform === 'linux')(
  'a process that the step leaves behind is named and ended',
  async () => {
    const { result, left } = await withTemporaryFolder({ PATH: process.env['PATH'] }, async (env) => {
      const child = spawn('sleep', ['100'], { env, stdio: 'ignore', detached: true });
      await once(child, 'spawn');
      return { ended: once(child, 'exit') };
    });
    expect(left).toEqual(['the process sleep']);
    expect(await result.ended).toEqual([null, 'SIGKILL']);
  },
);
