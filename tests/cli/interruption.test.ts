import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startCorescope, temporaryFolder, waitUntil } from './corescope.ts';

/** Live processes whose command line or environment carries `mark`; the run hosts inherit both environment and cwd. */
function processesWith(mark: string): string {
  const { stdout } = spawnSync('ps', ['axeww', '-o', 'pid=,stat=,args='], { encoding: 'utf8' });
  return stdout
    .split('\n')
    .filter((line) => line.includes(mark) && !line.includes('ps axeww'))
    .join('\n');
}

describe.each(['node', 'python'])('Ctrl-C in the middle of a comparison in %s', (runtime) => {
  it.each([
    { signal: 'SIGINT', code: 130 },
    { signal: 'SIGTERM', code: 143 },
  ] as const)(
    '($signal) ends every process, keeps what was run to go on with, and exits with $code',
    async ({ signal, code }) => {
      const folder = temporaryFolder();
      const stateFolder = temporaryFolder();
      const mark = `CORESCOPE_TEST_MARK=${runtime}-${signal}-${process.pid}`;
      const [name = '', value = ''] = mark.split('=');
      const args = [
        '--runtime',
        runtime,
        '--param',
        'seconds=1',
        '--workers',
        '2',
        '--warmup',
        '0',
        '--seed',
        '1',
      ];
      const run = startCorescope(
        ['compare', 'sleep', ...args, '--json', 'out.json', '--report', 'out.html'],
        { cwd: folder, env: { [name]: value, XDG_STATE_HOME: stateFolder } },
      );
      await waitUntil(() => run.stderr().includes('\nrun 1/21 '), 'the end of the first run');
      await waitUntil(() => processesWith(mark).split('\n').length >= 3, 'the start of the second run');
      run.child.kill(signal);

      const { exitCode, stdout, stderr: said } = await run.ended;
      expect({ exitCode, stdout }).toEqual({ exitCode: code, stdout: '' });
      const [, journal = ''] =
        /\ncorescope: cancelled after 1 run had finished; what was measured is kept\.\n {2}Go on with: corescope compare --resume (.+)\n$/.exec(
          said,
        ) ?? [];
      expect(path.dirname(journal).startsWith(stateFolder)).toBe(true);
      expect(existsSync(journal)).toBe(true);
      expect(processesWith(mark)).toBe('');
      expect(readdirSync(folder)).toEqual([]);
    },
  );
});
