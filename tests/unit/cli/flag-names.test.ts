import { describe, expect, it } from 'vitest';
import { nameFlags } from '../../../src/cli/flag-names.ts';
import { parsePlan } from '../../../src/engine/experiment/plan.ts';

const plan = {
  workload: { id: 'count-loop', runtime: 'node', target: null, params: {}, tasks: 2 },
  strategies: ['serial', 'threads'],
  workerCounts: [2],
  blocks: 7,
  warmUpBlocks: 1,
  timeoutMs: 60_000,
  seed: 1,
  pythonPath: null,
};

function messageFor(wrong: Readonly<Record<string, unknown>>, strategyFlag = '--strategies'): string {
  const result = nameFlags(parsePlan({ ...plan, ...wrong }), strategyFlag);
  return result.ok ? 'nothing is wrong' : result.problem.message;
}

describe('what the engine finds wrong with a plan', () => {
  it.each([
    [{ workerCounts: ['two'] }, '--workers is "two", but must be a whole number from 1 to 256.'],
    [{ warmUpBlocks: -1 }, '--warmup is -1, but must be'],
    [{ niceLevel: 99 }, '--nice is 99, but must be'],
    [{ memoryLimitBytes: 'lots' }, '--memory-limit is "lots", but must be 1.00 MB or more.'],
    [{ objective: 'cheapest' }, '--objective is "cheapest", but must be balanced,'],
    [{ adaptive: { targetHalfWidth: 9, timeMs: 1000 } }, '--precision is 900 %, but must be'],
    [{ adaptive: { targetHalfWidth: 0.03, timeMs: 1 } }, '--time-budget is 0.001 seconds, but must be'],
    [{ strategies: ['coroutines'] }, '--strategies: There is no strategy "coroutines".'],
    [{ strategies: ['serial', 'serial'] }, '--strategies: Strategy "serial" is given twice.'],
    [{ startMethod: 'spawn' }, '--start-method: Start method "spawn" is given, but only Python'],
    [{ workload: { ...plan.workload, runtime: 'ruby' } }, '--runtime: There is no runtime "ruby".'],
    [
      { workload: { ...plan.workload, params: { m: 1 } } },
      '--param: Workload "count-loop" has no parameter "m".',
    ],
    [{ workload: { ...plan.workload, tasks: 1.5 } }, '--tasks is 1.5, but must be'],
  ])('is told by the flag that was typed: %j', (wrong, message) => {
    expect(messageFor(wrong)).toContain(message);
    expect(messageFor(wrong).startsWith('--')).toBe(true);
  });

  it('is told by the flag of the command: run takes one strategy', () => {
    expect(messageFor({ strategies: ['nope'] }, '--strategy')).toBe(
      '--strategy: There is no strategy "nope".',
    );
  });

  it('is left as it is where no flag was at fault', () => {
    expect(messageFor({ workload: { ...plan.workload, id: 'nothing' } })).toBe(
      'There is no workload "nothing".',
    );
    expect(messageFor({})).toBe('nothing is wrong');
  });
});
