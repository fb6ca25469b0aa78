import { describe, expect, it } from 'vitest';
import { corescope } from './corescope.ts';

describe('corescope differences', () => {
  it('measures the table of a runtime and tells of each cell how', async () => {
    const args = ['differences', '--runtime', 'python', '--quick', '--explain'];
    const { exitCode, stdout, stderr } = await corescope(args);
    expect(exitCode).toBe(0);
    expect(stderr.split('\n')[0]).toBe('Python · execution model');
    const row = (title: string): string => new RegExp(`^${title} .*$`, 'm').exec(stdout)?.[0] ?? '';
    expect(row('CPU work')).toMatch(/cores, .*× .*cores, .*×/);
    expect(row('a worker crashes')).toMatch(/all die +others go on/);
    expect(row('killing a worker')).toMatch(/impossible +[\d.]+ [mµ]?s/);
    expect(row('sharing 100 MB')).toMatch(/shared +[\d.]+ [mµ]?s, copied/);
    expect(stdout).toContain('How it was measured: Python');
    expect(stdout).not.toContain('n/a');
  });

  it('refuses a runtime that it does not know', async () => {
    expect(await corescope(['differences', '--runtime', 'ruby'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr:
        'corescope: --runtime is "ruby", but must be node or python.\n  Leave it out to measure both.\n',
    });
  });
});
