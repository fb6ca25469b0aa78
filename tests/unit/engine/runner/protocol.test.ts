import { describe, expect, it } from 'vitest';
import { readPlan } from '../../../../src/engine/runner/protocol.ts';

const plan = {
  protocol: 1,
  workloadId: 'count-loop',
  params: { n: 5, rounds: 1 },
  tasks: 3,
  strategy: 'threads',
  workers: 2,
};

describe('readPlan', () => {
  it('reads what was written', () => {
    expect(readPlan(JSON.stringify(plan))).toEqual(plan);
  });

  it.each([
    [{ protocol: 2 }, 'the plan has protocol 2, this host speaks 1'],
    [{ workloadId: undefined }, 'the plan has no workloadId'],
    [{ params: [] }, 'the plan has no params'],
    [{ params: { n: '5' } }, 'parameter "n" of the plan is not a number'],
    [{ strategy: 'magic' }, 'the plan has an unknown strategy: magic'],
    [{ tasks: 0 }, "the plan's tasks is not a whole number from 1"],
    [{ workers: 1.5 }, "the plan's workers is not a whole number from 1"],
  ])('refuses %o', (change, message) => {
    expect(() => readPlan(JSON.stringify({ ...plan, ...change }))).toThrow(message);
  });
});
