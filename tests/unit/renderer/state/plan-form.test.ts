import { describe, expect, it } from 'vitest';
import { PlanForm } from '../../../../src/renderer/state/plan-form.svelte.ts';
import { fail, succeed } from '../../../../src/shared/result.ts';
import type { AppDescription } from '../../../../src/shared/ipc.ts';
import type { WorkloadDescription } from '../../../../src/shared/workload.ts';

const countLoop: WorkloadDescription = {
  id: 'count-loop',
  title: 'Counting loop',
  summary: '',
  kind: 'cpu',
  parameters: [
    {
      type: 'number',
      name: 'rounds',
      label: 'Rounds',
      unit: '',
      min: 1,
      max: 1000,
      integer: true,
      defaults: { node: 40, python: 1 },
      help: '',
    },
  ],
  expectedSignature: { node: '', python: '' },
};

function describeApp(changes: Partial<AppDescription> = {}): AppDescription {
  const interpreter = { path: '/usr/bin/x', version: '1.0', implementation: 'X', gilEnabled: null };
  return {
    version: '0.1.0',
    machine: {
      os: 'Linux',
      kernel: '6',
      arch: 'x64',
      cpuModel: 'CPU',
      logicalCores: 4,
      physicalCores: null,
      memoryBytes: 8e9,
      virtualization: null,
    },
    workloads: [countLoop],
    node: succeed(interpreter),
    python: succeed(interpreter),
    usableCores: 4,
    samplerEveryMs: 100,
    ...changes,
  };
}

describe('the launch panel', () => {
  it('starts with a comparison that can be run as it is', () => {
    const form = new PlanForm(describeApp());
    expect(form.obstacle).toBeNull();
    expect(form.toPlan(42)).toEqual({
      workload: { id: 'count-loop', runtime: 'node', target: null, params: { rounds: 40 }, tasks: 4 },
      strategies: ['serial', 'threads', 'processes'],
      workerCounts: [4],
      blocks: 7,
      warmUpBlocks: 1,
      timeoutMs: 60_000,
      seed: 42,
      pythonPath: null,
      startMethod: null,
    });
    expect(form.runCount).toBe(24);
  });

  it('offers two workers even on one core, for that is the question', () => {
    expect(new PlanForm(describeApp({ usableCores: 1 })).workers).toBe(2);
  });

  it("takes the runtime's own defaults when the runtime changes", () => {
    const form = new PlanForm(describeApp());
    form.chooseRuntime('python');
    expect(form.params).toEqual({ rounds: 1 });
  });

  it.each<[string, (form: PlanForm) => void, string]>([
    [
      'no strategy',
      (form) => (form.strategies = { serial: false, threads: false, processes: false }),
      'Choose at least one strategy.',
    ],
    ['no worker', (form) => (form.workers = 0), 'Workers must be a whole number from 1 to 256.'],
    ['half a worker', (form) => (form.workers = 1.5), 'Workers must be a whole number from 1 to 256.'],
    ['an empty field', (form) => (form.tasks = Number.NaN), 'Tasks must be a whole number from 1 to 10 000.'],
    [
      'a parameter out of range',
      (form) => (form.params = { rounds: 1001 }),
      'Rounds must be a whole number from 1 to 1000.',
    ],
  ])('names what is wrong with %s', (_name, change, message) => {
    const form = new PlanForm(describeApp());
    change(form);
    expect(form.obstacle).toBe(message);
  });

  it('says that Python is missing only when Python is chosen', () => {
    const form = new PlanForm(
      describeApp({ python: fail('python-not-found', 'No Python was found.', 'Install it.') }),
    );
    expect(form.obstacle).toBeNull();
    form.chooseRuntime('python');
    expect(form.obstacle).toBe('No Python was found.');
    expect(form.interpreterProblem?.advice).toBe('Install it.');
  });
});
