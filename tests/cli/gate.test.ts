import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { corescope, temporaryFolder, tiny } from './corescope.ts';

const compare = ['compare', 'count-loop', ...tiny, '--strategies', 'serial,threads', '--quiet'];

describe('a comparison that is held to limits', () => {
  it('ends with 1 and the reason where a budget is broken, and writes its documents all the same', async () => {
    const cwd = temporaryFolder();
    const budgets = ['--budget', 'speedup(threads)>100', '--budget', 'wall<1min'];
    const documents = ['--json', 'base.json', '--export-json', 'hyperfine.json', '--markdown', '-'];
    const { exitCode, stdout, stderr } = await corescope([...compare, ...budgets, ...documents], { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^corescope: BROKEN: Speed-up of threads × 2 is .*; the limit is above 100×\.$/m);
    expect(stderr.match(/^corescope: kept: Wall time of/gm)).toHaveLength(2);
    expect(stdout).toContain('- ❌ `speedup(threads)>100`');
    expect(JSON.parse(readFileSync(path.join(cwd, 'hyperfine.json'), 'utf8'))).toMatchObject({
      results: [{ command: 'serial', exit_codes: [0, 0, 0] }, { command: 'threads × 2' }],
    });
    const again = await corescope([...compare, '--baseline', 'base.json'], { cwd });
    // Three runs against three: whatever the machine does meanwhile, nothing can be told from noise.
    expect(again.exitCode).toBe(0);
    expect(again.stderr).toContain('are too few to tell a change from noise.');
    const other = await corescope(['compare', 'sleep', '--baseline', 'base.json'], { cwd });
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain(
      '--baseline base.json is of workload count-loop, and this comparison of sleep.',
    );
  });

  it.each([
    { args: ['--budget', 'fast'], message: '--budget "fast" is not a metric, a comparison and a number.' },
    { args: ['--budget', 'wall<2'], message: '--budget "wall<2" has no unit.' },
    {
      args: ['--budget', 'wall(processes)<2s'],
      message: '--budget "wall(processes)<2s" is for processes, which this comparison does not run.',
    },
    { args: ['--baseline', 'missing.json'], message: '--baseline missing.json cannot be read' },
    { args: ['--baseline', 'broken.json'], message: '--baseline broken.json: ' },
    { args: ['--json', '-', '--markdown', '-'], message: '--json and --markdown both name -.' },
    { args: ['--export-json', 'missing/x.json'], message: 'missing does not exist.' },
  ])('refuses $args before anything is run', async ({ args, message }) => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'broken.json'), '{');
    const { exitCode, stdout, stderr } = await corescope([...compare, ...args], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
