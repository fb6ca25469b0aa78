import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Experiment } from '../../../../src/shared/experiment.ts';
import type { WorkTarget } from '../../../../src/shared/workload.ts';
import { reproduceCommand } from '../../../../src/engine/export/reproduce.ts';
import { experimentFrom } from './sample-experiment.ts';

function withTarget(target: WorkTarget, changes: Partial<Experiment['plan']> = {}): string {
  const experiment = experimentFrom();
  const { workload, plan } = experiment;
  return reproduceCommand({
    ...experiment,
    interpreter: null,
    workload: { ...workload, id: target.kind, params: {}, target },
    plan: { ...plan, ...changes },
  });
}

const command = {
  kind: 'command',
  argv: ['./work.sh', '{index}', 'two words'],
  cwd: '/a folder',
  stdinFile: '/data/in.txt',
  environment: { THREADS: '1', NAME: "it's" },
} as const;

const rest =
  '--strategies serial,threads,processes --workers 2 --tasks 2 --blocks 5 --no-control --warmup 1 --timeout 60 --seed 7';

describe('the command that runs an experiment again', () => {
  it('names a workload of the catalogue with its runtime, parameters and interpreter', () => {
    expect(reproduceCommand(experimentFrom())).toBe(
      'npx corescope compare count-loop --runtime python --strategies serial,threads,processes --workers 2 ' +
        '--tasks 2 --param n=10000000 --blocks 5 --no-control --warmup 1 --timeout 60 --seed 7 ' +
        '--python /usr/bin/python3',
    );
  });

  it('names a module by its file', () => {
    expect(withTarget({ kind: 'module', path: '/project/my task.ts' })).toBe(
      `npx corescope compare '/project/my task.ts' ${rest}`,
    );
  });

  it('names a Python function with its file, and what it is called with', () => {
    const target = { kind: 'function', path: '/project/task.py', functionName: 'Jobs.run' } as const;
    expect(withTarget({ ...target, args: ['{index}', { deep: [1] }] }, { startMethod: 'spawn' })).toBe(
      `npx corescope compare /project/task.py:Jobs.run --args '["{index}",{"deep":[1]}]' ${rest} --start-method spawn`,
    );
    expect(withTarget({ ...target, args: [] })).toBe(
      `npx corescope compare /project/task.py:Jobs.run ${rest}`,
    );
  });

  it('puts a command last, behind its folder, input and variables', () => {
    expect(withTarget(command, { memoryLimitBytes: 5e8, niceLevel: 5 })).toBe(
      `npx corescope compare ${rest} --memory-limit 500000000 --nice 5 --cwd '/a folder' --stdin /data/in.txt ` +
        String.raw`--env THREADS=1 --env 'NAME=it'\''s' -- ./work.sh '{index}' 'two words'`,
    );
  });

  it('repeats what was run alone with run', () => {
    const experiment = experimentFrom('strategy | walls\nthreads×2 | 50 51 52 | 2 | 0 | 1');
    const plan = { ...experiment.plan, warmUpBlocks: 0, blocks: 3 };
    expect(reproduceCommand({ ...experiment, interpreter: null, plan })).toBe(
      'npx corescope run count-loop --runtime python --strategy threads --workers 2 --tasks 2 --param n=10000000 ' +
        '--runs 3 --timeout 60 --seed 7',
    );
    // `run` cannot warm up.
    expect(reproduceCommand(experiment)).toMatch(/^npx corescope compare /);
  });

  it('comes through a shell word for word, whatever the words are', () => {
    const word = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((text) => !/[\0\uD800-\uDFFF]/u.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (argv) => {
        const line = withTarget({ ...command, argv }).replace('npx corescope', '');
        const printed = execFileSync('sh', ['-c', String.raw`printf '%s\0' ${line}`], { encoding: 'utf8' });
        expect(printed.split('\0').slice(0, -1).slice(-argv.length)).toEqual(argv);
      }),
      { numRuns: 40 },
    );
  });
});
