import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { parseExperiment } from '../../src/engine/export/experiment-schema.ts';
import { corescope, startCorescope, temporaryFolder, waitUntil } from './corescope.ts';

it('a comparison that was interrupted goes on with --resume, and tells what it has no samples of', async () => {
  const folder = temporaryFolder();
  const env = { XDG_STATE_HOME: temporaryFolder() };
  const begun = startCorescope(
    [
      ...['compare', 'sleep', '--param', 'seconds=0.5', '--strategies', 'serial,threads', '--workers', '2'],
      ...['--quick', '--warmup', '0', '--seed', '1', '--no-record'],
    ],
    { cwd: folder, env },
  );
  await waitUntil(() => begun.stderr().includes('\nrun 1/6 '), 'the end of the first run');
  begun.child.kill('SIGINT');
  const { exitCode: cancelled, stderr: said } = await begun.ended;
  expect(cancelled).toBe(130);
  const [, journal = ''] = /compare --resume (.+)\n$/.exec(said) ?? [];

  const { exitCode, stderr } = await corescope(
    ['compare', '--resume', journal, '--json', 'out.json', '--report', 'out.html', '--no-record'],
    { cwd: folder, env },
  );
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toMatch(/^Of the (?:run|\d runs) made before, the figures are kept and no samples: /m);
  expect(stderr).not.toContain('run 1/6 ');
  const parsed = parseExperiment(readFileSync(path.join(folder, 'out.json'), 'utf8'));
  expect(parsed.ok && parsed.value.strategies.map(({ runs }) => runs.length)).toEqual([3, 3]);
  expect(existsSync(journal)).toBe(false);
});
