import { describe, expect, it } from 'vitest';
import { PlanForm } from '../../../../src/renderer/state/plan-form.svelte.ts';
import { nameStrategies, nameWork, recallPlan } from '../../../../src/renderer/state/recall-plan.ts';
import { fillExample } from '../../../../src/renderer/state/worked-example.ts';
import type { ExperimentPlan } from '../../../../src/shared/experiment.ts';
import { drawnApp, drawnWorkload } from '../../../support/drawn-app.ts';

const description = drawnApp({ workloads: [{ ...drawnWorkload, id: 'hash' }, drawnWorkload] });

const builtIn: ExperimentPlan = {
  workload: { id: 'count-loop', runtime: 'python', target: null, params: { rounds: 7 }, tasks: 12 },
  strategies: ['serial', 'processes'],
  workerCounts: [1, 2, 4],
  blocks: 15,
  controlPair: true,
  objective: 'leanest',
  warmUpBlocks: 2,
  timeoutMs: 90_000,
  memoryLimitBytes: 5e8,
  niceLevel: 5,
  prepareCommand: 'sync',
  seed: 42,
  pythonPath: null,
  startMethod: 'spawn',
};
const command: ExperimentPlan = {
  ...builtIn,
  workload: {
    id: 'command',
    runtime: 'command',
    target: {
      kind: 'command',
      argv: ['python3', 'my file.py', '{index}'],
      cwd: '/data',
      stdinFile: '/data/in.txt',
      environment: { THREADS: '1', MODE: 'a=b' },
    },
    params: {},
    tasks: 12,
  },
  strategies: ['serial', 'copies'],
  startMethod: null,
};
const pythonFunction: ExperimentPlan = {
  ...builtIn,
  workload: {
    id: 'function',
    runtime: 'python',
    target: { kind: 'function', path: '/data/fit.py', functionName: 'fit', args: [1, '{index}'] },
    params: {},
    tasks: 12,
  },
};
const nodeModule: ExperimentPlan = {
  ...builtIn,
  workload: {
    id: 'module',
    runtime: 'node',
    target: { kind: 'module', path: '/data/work.ts' },
    params: {},
    tasks: 12,
  },
  startMethod: null,
};

describe('a comparison of a former time', () => {
  it.each([
    ['of a built-in workload', builtIn],
    ['of a command', command],
    ['of a Python function', pythonFunction],
    ['of a module', nodeModule],
    [
      'with automatic blocks',
      { ...builtIn, blocks: 100, adaptive: { targetHalfWidth: 0.05, timeMs: 60_000 } },
    ],
  ])('%s fills the form with all that it was made with', (_name, plan) => {
    const form = new PlanForm(description);
    recallPlan(form, plan);
    expect(form.obstacle).toBeNull();
    expect(form.toPlan(42)).toEqual(plan);
  });

  it('leaves nothing of what the form had before', () => {
    const form = new PlanForm(description);
    recallPlan(form, builtIn);
    fillExample(form);
    recallPlan(form, nodeModule);
    expect(form.toPlan(42)).toEqual(nodeModule);
  });

  it('has a name in one line', () => {
    expect([builtIn, command, pythonFunction, nodeModule].map(nameWork)).toEqual([
      'count-loop in Python',
      "python3 'my file.py' '{index}'",
      'fit.py: fit',
      'work.ts',
    ]);
    expect(nameStrategies(builtIn)).toBe('serial, processes with 1, 2, 4 workers, at most 500 MB');
    expect(nameStrategies({ ...nodeModule, workerCounts: [1] })).toContain('with 1 worker,');
  });
});

describe('the worked example', () => {
  it('is a quick comparison of two Python workers that can be started as it is', () => {
    const form = new PlanForm(description);
    recallPlan(form, command);
    fillExample(form);
    expect(form.obstacle).toBeNull();
    expect(form.toPlan(1)).toMatchObject({
      workload: { id: 'count-loop', runtime: 'python', tasks: 2 },
      strategies: ['serial', 'threads', 'processes'],
      workerCounts: [2],
      blocks: 3,
    });
  });
});
