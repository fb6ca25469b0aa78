import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { workloads } from '../../src/engine/workloads/index.ts';
import { metricNames } from '../../src/engine/sampler/capability.ts';
import { corescope, temporaryFolder } from './corescope.ts';

describe('corescope doctor', () => {
  it('finds all that is needed and reads every core once', async () => {
    const { exitCode, stdout, stderr } = await corescope(['doctor']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [checks = '', pythons = '', metrics = ''] = stdout.split('\n\n');
    const subjects = checks.split('\n').map((line) => line.slice(0, 10).trimEnd());
    expect(subjects).toEqual([
      '✓ machine',
      '✓ cores',
      '✓ node',
      '✓ python',
      '✓ hosts',
      '✓ sampler',
      '✓ glances',
    ]);
    expect(checks).toMatch(/^✓ cores {4}\d+ usable of \d+ online \(/m);
    expect(pythons).toMatch(/^Pythons that --python can name:\n/);
    expect(pythons).toMatch(/^✓ \d+\.\d+\.\d+ \(\w+.*\) · \/.* · .+$/m);
    expect(metrics).toMatch(/^metric +source +resolution +cost /);
    expect(metrics).toMatch(/^✓ core: busy +\S.* [\d.]+ (µs|ms)$/m);
    expect(stdout).toMatch(/^✓ sampler {2}cores [·▁▂▃▄▅▆▇█]+/m);
  });

  it('prints the same as JSON: every metric with its source, and what would unlock the missing ones', async () => {
    const { exitCode, stdout } = await corescope(['doctor', '--json']);
    expect(exitCode).toBe(0);
    const told: unknown = JSON.parse(stdout);
    expect(told).toMatchObject({
      findings: expect.arrayContaining([
        expect.objectContaining({ subject: 'sampler', ok: true }),
      ]) as unknown,
      topology: { usable: { onlineCores: os.cpus().length } },
      metrics: Object.keys(metricNames).map((metric) => ({ metric })),
    });
  });

  it('says what is missing and how to get it, and exits with 1', async () => {
    const { exitCode, stdout } = await corescope(['doctor'], { env: { PATH: temporaryFolder() } });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      '✗ python   No Python was found: tried "python3" and "python" on PATH.\n' +
        '           Install Python 3.8 or newer, or name one with --python PATH or CORESCOPE_PYTHON.\n',
    );
    expect(stdout).toMatch(/^✓ node /m);
  });
});

describe('corescope workloads', () => {
  it('lists every workload with its parameters, ranges and defaults', async () => {
    const { exitCode, stdout, stderr } = await corescope(['workloads']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('count-loop  Counting loop\n');
    expect(stdout).toContain('  --param rounds=…  ');
    expect(stdout).toContain('    whole number from 1 to 1000, default 40 in Node, 1 in Python\n');
    expect(stdout).toContain('    number from 0.01 to 60 s, default 0.5\n');
  });

  it('prints the very catalogue as JSON', async () => {
    const { stdout } = await corescope(['workloads', '--json']);
    expect(JSON.parse(stdout)).toEqual(workloads);
  });
});
