import { describe, expect, it } from 'vitest';
import { parsePlan, planLimits } from '../../../../src/engine/experiment/plan.ts';

const plan = {
  workload: { id: 'count-loop', runtime: 'node', params: {}, tasks: 2 },
  strategies: ['serial'],
  workerCounts: [2],
  blocks: 1,
  warmUpBlocks: 0,
  timeoutMs: 1_000,
  seed: 1,
  pythonPath: null,
};

describe('the limits in a plan', () => {
  it('may be left out, and are then not in the plan either', () => {
    const parsed = parsePlan(plan);
    expect(parsed.ok && 'memoryLimitBytes' in parsed.value).toBe(false);
    expect(parsed.ok && 'niceLevel' in parsed.value).toBe(false);
  });

  it.each(['memoryLimitBytes', 'niceLevel'] as const)('accept exactly the allowed values of %s', (field) => {
    const [least, most] = planLimits[field];
    const accepted = [least - 1, least, most, most + 1].filter(
      (value) => parsePlan({ ...plan, [field]: value }).ok,
    );
    expect(accepted).toEqual([least, most]);
  });

  it.each([
    [{ memoryLimitBytes: 1_000 }, 'memory limit is 1.00 kB, but must be 1.00 MB or more.'],
    [{ memoryLimitBytes: 'much' }, 'memory limit is "much", but must be 1.00 MB or more.'],
    [{ niceLevel: 20 }, 'nice level is 20, but must be a whole number from -20 to 19.'],
  ])('are refused with what they may be', (fields, message) => {
    expect(parsePlan({ ...plan, ...fields })).toMatchObject({ problem: { kind: 'invalid-plan', message } });
  });
});
