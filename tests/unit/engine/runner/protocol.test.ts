import { describe, expect, it } from 'vitest';
import { readPlan } from '../../../../src/engine/runner/protocol.ts';

const plan = {
  protocol: 3,
  workloadId: 'count-loop',
  target: null,
  params: { n: 5, rounds: 1 },
  tasks: 3,
  strategy: 'threads',
  workers: 2,
  startMethod: null,
  seed: 9,
  onWorkerFailure: 'stop',
};

describe('readPlan', () => {
  it('reads what was written', () => {
    expect(readPlan(JSON.stringify(plan))).toEqual(plan);
    const other = { ...plan, params: { mode: 'fast' }, startMethod: 'spawn', onWorkerFailure: 'observe' };
    expect(readPlan(JSON.stringify(other))).toEqual(other);
  });

  it.each([
    { kind: 'module', path: '/project/task.ts' },
    { kind: 'function', path: '/project/task.py', functionName: 'main', args: [1, 'two', { three: [null] }] },
    {
      kind: 'command',
      argv: ['sort', '{index}.txt'],
      cwd: '/project',
      stdinFile: null,
      environment: { LANG: 'C' },
    },
  ])('reads the target $kind', (target) => {
    expect(readPlan(JSON.stringify({ ...plan, target })).target).toEqual(target);
  });

  it.each([
    [{ protocol: 2 }, 'the plan has protocol 2, this host speaks 3'],
    [{ target: { kind: 'shell' } }, "the plan's target is not one"],
    [{ target: { kind: 'command', argv: [] } }, "the plan's target is not one"],
    [{ onWorkerFailure: 'ignore' }, "the plan's onWorkerFailure is unknown: ignore"],
    [{ workloadId: undefined }, 'the plan has no workloadId'],
    [{ params: [] }, 'the plan has no params'],
    [{ params: { n: true } }, 'parameter "n" of the plan is neither a number nor a text'],
    [{ strategy: 'magic' }, 'the plan has an unknown strategy: magic'],
    [{ tasks: 0 }, "the plan's tasks is not a whole number from 1"],
    [{ workers: 1.5 }, "the plan's workers is not a whole number from 1"],
  ])('refuses %o', (change, message) => {
    expect(() => readPlan(JSON.stringify({ ...plan, ...change }))).toThrow(message);
  });
});
