import { describe, expect, it } from 'vitest';
import { countLoop, countLoopTask } from '../../../../src/engine/workloads/count-loop.ts';
import { findWorkload, validateParams, workloads } from '../../../../src/engine/workloads/index.ts';
import type { TaskContext } from '../../../../src/engine/workloads/node-task.ts';
import { nodeWorkloads } from '../../../../src/engine/workloads/node-tasks.ts';
import { sleep, sleepWork } from '../../../../src/engine/workloads/sleep.ts';
import { catalogueRuntimes, type WorkloadDescription } from '../../../../src/shared/workload.ts';

describe('the catalogue', () => {
  it('finds a workload by its id and nothing by any other word', () => {
    expect(findWorkload('count-loop')).toBe(countLoop);
    expect(findWorkload('toString')).toBeUndefined();
  });

  it('has a Node task for each workload, and no other', () => {
    expect([...nodeWorkloads.keys()]).toEqual(workloads.map(({ id }) => id));
  });

  it.each(workloads.flatMap((workload) => catalogueRuntimes.map((runtime) => ({ workload, runtime }))))(
    'accepts the defaults of $workload.id in $runtime',
    ({ workload, runtime }) => {
      const defaults = Object.fromEntries(workload.parameters.map((p) => [p.name, p.defaults[runtime]]));
      expect(validateParams(workload, {}, runtime)).toEqual({ ok: true, value: defaults });
    },
  );
});

describe('validateParams', () => {
  it('fills in what is missing with the default of the runtime', () => {
    expect(validateParams(countLoop, { n: 5 }, 'node')).toEqual({ ok: true, value: { n: 5, rounds: 40 } });
    expect(validateParams(countLoop, { n: 5 }, 'python')).toEqual({ ok: true, value: { n: 5, rounds: 1 } });
  });

  it.each([
    [{ n: 0 }, 'Parameter "n" of workload "count-loop" is 0, below the least, 1.'],
    [{ n: 100_000_001 }, 'Parameter "n" of workload "count-loop" is 100000001, above the most, 100000000.'],
    [{ n: 1.5 }, 'Parameter "n" of workload "count-loop" is 1.5, which is not a whole number.'],
    [{ n: Number.NaN }, 'Parameter "n" of workload "count-loop" is NaN, which is not a number.'],
    [{ rounds: Infinity }, 'Parameter "rounds" of workload "count-loop" is Infinity, which is not a number.'],
  ])('names the parameter and its range for %o', (params, message) => {
    const advice = `Give a whole number from 1 to ${'n' in params ? '100000000' : '1000'}.`;
    expect(validateParams(countLoop, params, 'node')).toEqual({
      ok: false,
      problem: { kind: 'parameter-out-of-range', message, advice },
    });
  });

  it('gives the unit where there is one', () => {
    expect(validateParams(sleep, { seconds: 61 }, 'node')).toMatchObject({
      problem: { advice: 'Give a number from 0.01 to 60 s.' },
    });
  });

  it.each(['N', 'toString', '__proto__'])('does not know a parameter "%s"', (name) => {
    const params = Object.fromEntries([[name, 1]]);
    expect(validateParams(countLoop, params, 'node')).toEqual({
      ok: false,
      problem: {
        kind: 'unknown-parameter',
        message: `Workload "count-loop" has no parameter "${name}".`,
        advice: 'Its parameters are "n", "rounds".',
      },
    });
  });

  it('takes one of the choices and nothing else', () => {
    const description: WorkloadDescription = {
      ...sleep,
      id: 'echo',
      parameters: [
        {
          type: 'choice',
          name: 'via',
          label: 'Via',
          choices: ['clone', 'transfer'],
          defaults: { node: 'clone', python: 'transfer' },
          help: '',
        },
      ],
    };
    expect(validateParams(description, {}, 'python')).toEqual({ ok: true, value: { via: 'transfer' } });
    expect(validateParams(description, { via: 'clone' }, 'python')).toEqual({
      ok: true,
      value: { via: 'clone' },
    });
    expect(validateParams(description, { via: 'pigeon' }, 'node')).toEqual({
      ok: false,
      problem: {
        kind: 'parameter-out-of-range',
        message: 'Parameter "via" of workload "echo" is "pigeon", which is not one of its choices.',
        advice: 'Give one of clone, transfer.',
      },
    });
  });

  it("lets a user's module have any parameter that JSON can carry", () => {
    const own = findWorkload('module');
    if (own === undefined) throw new Error('there is no workload "module"');
    expect(validateParams(own, { depth: 3, mode: 'fast' }, 'node')).toEqual({
      ok: true,
      value: { depth: 3, mode: 'fast' },
    });
    expect(validateParams(own, { depth: Infinity }, 'node')).toMatchObject({
      problem: { message: 'Parameter "depth" of your module is Infinity, which JSON cannot carry.' },
    });
  });

  it('lets the loop count to just below 2^53 and not beyond', () => {
    // 180 * 1e7 * (1e7 - 1) / 2 = 8 999 999 100 000 000; one round more passes 9 007 199 254 740 991.
    expect(validateParams(countLoop, { n: 10_000_000, rounds: 180 }, 'node').ok).toBe(true);
    expect(validateParams(countLoop, { n: 10_000_000, rounds: 181 }, 'node')).toMatchObject({
      ok: false,
      problem: { kind: 'parameter-out-of-range' },
    });
  });
});

describe('the tasks in Node', () => {
  it('count-loop adds up the integers below n, round after round', () => {
    expect(countLoopTask({ n: 5, rounds: 1 })).toBe('10');
    expect(countLoopTask({ n: 1_000_000, rounds: 3 })).toBe('1499998500000');
    expect(countLoopTask({ n: 1, rounds: 1 })).toBe('0');
  });

  it.each(['serial', 'async'] as const)('sleep greets by the number of its task in %s', async (strategy) => {
    const contextOf = (task: number): TaskContext => ({
      task,
      tasks: 12,
      worker: 0,
      workers: 1,
      strategy,
      seed: 0,
      shared: undefined,
      folder: '/nowhere',
      report: () => undefined,
      note: () => undefined,
    });
    expect(await sleepWork.run({ seconds: 0.01 }, contextOf(0))).toBe('greeting from - t1');
    expect(await sleepWork.run({ seconds: 0.01 }, contextOf(11))).toBe('greeting from - t12');
  });
});
