import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlan, planLimits, type PlanSurroundings } from '../../../../src/engine/experiment/plan.ts';
import { workloads } from '../../../../src/engine/workloads/index.ts';

const allWorkloads = workloads.map(({ id }) => id).join(', ');

const plan = {
  workload: { id: 'count-loop', runtime: 'python', target: null, params: { n: 1000 }, tasks: 4 },
  strategies: ['serial', 'threads', 'processes'],
  workerCounts: [2],
  blocks: 5,
  warmUpBlocks: 1,
  timeoutMs: 60_000,
  seed: 1,
  pythonPath: null,
  startMethod: null,
};

const emptySystem: PlanSurroundings = {
  platform: 'linux',
  cwd: '/project',
  typeOf: () => null,
  isProgram: () => false,
  searchPath: '/bin',
};

/** The problem as the command line prints it, on two lines. */
function refusal(input: unknown): string {
  const result = parsePlan(input);
  return result.ok ? 'accepted' : `${result.problem.message}\n${result.problem.advice}`;
}

describe('parsePlan', () => {
  it('completes the parameters of the workload with the defaults of its runtime', () => {
    expect(parsePlan(plan)).toEqual({
      ok: true,
      value: { ...plan, workload: { ...plan.workload, params: { n: 1000, rounds: 1 } } },
    });
    const node = { ...plan.workload, runtime: 'node', params: {} };
    expect(parsePlan({ ...plan, workload: node })).toMatchObject({
      value: { workload: { params: { n: 10_000_000, rounds: 40 } } },
    });
  });

  it('keeps the order in which the strategies were given', () => {
    expect(parsePlan({ ...plan, strategies: ['processes', 'serial'] })).toMatchObject({
      value: { strategies: ['processes', 'serial'] },
    });
  });

  it.each([
    {
      wrong: 'a misspelt workload',
      input: { ...plan, workload: { ...plan.workload, id: 'cuont-lop' } },
      text: `There is no workload "cuont-lop".\nDid you mean "count-loop"? Known: ${allWorkloads}.`,
    },
    {
      wrong: 'a workload like no other',
      input: { ...plan, workload: { ...plan.workload, id: 'fibonacci' } },
      text: `There is no workload "fibonacci".\nKnown: ${allWorkloads}.`,
    },
    {
      wrong: 'a misspelt runtime',
      input: { ...plan, workload: { ...plan.workload, runtime: 'Pyhton' } },
      text: 'There is no runtime "Pyhton".\nDid you mean "python"? Known: node, python, command.',
    },
    {
      wrong: 'a misspelt strategy',
      input: { ...plan, strategies: ['serial', 'thread'] },
      text: 'There is no strategy "thread".\nDid you mean "threads"? Known: serial, asyncio, threads, processes, thread-pool, process-pool, hybrid, interpreter-pool.',
    },
    {
      wrong: 'a strategy given twice',
      input: { ...plan, strategies: ['serial', 'serial'] },
      text: 'Strategy "serial" is given twice.\nName each strategy once.',
    },
    {
      wrong: 'no strategy',
      input: { ...plan, strategies: [] },
      text: 'strategies is [], but must be one or more of serial, async, threads, processes, thread-pool, process-pool, cluster, asyncio, hybrid, interpreter-pool, copies.\nChoose at least two strategies to compare.',
    },
    {
      wrong: 'no workers',
      input: { ...plan, workerCounts: [0] },
      text: 'workers is 0, but must be a whole number from 1 to 256.\nChoose how many threads or processes share the work; as many as there are cores is a good start.',
    },
    {
      wrong: 'half a worker',
      input: { ...plan, workerCounts: [1.5] },
      text: 'workers is 1.5, but must be a whole number from 1 to 256.\nChoose how many threads or processes share the work; as many as there are cores is a good start.',
    },
    {
      wrong: 'workers that are not a number',
      input: { ...plan, workerCounts: ['many'] },
      text: 'workers is "many", but must be a whole number from 1 to 256.\nChoose how many threads or processes share the work; as many as there are cores is a good start.',
    },
    {
      wrong: 'missing workers',
      input: { ...plan, workerCounts: undefined },
      text: 'workers is missing, but must be a whole number from 1 to 256.\nChoose how many threads or processes share the work; as many as there are cores is a good start.',
    },
    {
      wrong: 'too many tasks',
      input: { ...plan, workload: { ...plan.workload, tasks: 10_001 } },
      text: 'tasks is 10001, but must be a whole number from 1 to 10000.\nChoose how many pieces of work there are; as many as there are workers is a good start.',
    },
    {
      wrong: 'too short a timeout',
      input: { ...plan, timeoutMs: 50 },
      text: 'timeout is 0.05 seconds, but must be 0.1 to 86400 seconds.\nChoose how long a single run may take before it is ended.',
    },
    {
      wrong: 'a parameter that is not a number',
      input: { ...plan, workload: { ...plan.workload, params: { n: 'ten' } } },
      text: 'Parameter "n" of workload "count-loop" is "ten", which is not a number.\nGive a whole number from 1 to 100000000.',
    },
    {
      wrong: 'a parameter that is neither a number nor a text',
      input: { ...plan, workload: { ...plan.workload, params: { n: true } } },
      text: 'Parameter "n" is true, but must be a number or a text.\nList the parameters and their ranges with: corescope workloads',
    },
    {
      wrong: 'a strategy of another runtime',
      input: { ...plan, strategies: ['async'] },
      text: 'python has no strategy "async".\nDid you mean "asyncio"? Known: serial, asyncio, threads, processes, thread-pool, process-pool, hybrid, interpreter-pool.',
    },
    {
      wrong: 'a strategy that makes no sense for the workload',
      input: { ...plan, workload: { ...plan.workload, runtime: 'node' }, strategies: ['serial', 'cluster'] },
      text: 'Strategy "cluster" cannot run "count-loop" here: Cluster workers share a port, and "count-loop" serves none.\nLeave it out. These can: serial, async, threads, processes, thread-pool, process-pool.',
    },
    {
      wrong: 'a misspelt start method',
      input: { ...plan, startMethod: 'forc' },
      text: 'There is no start method "forc".\nDid you mean "fork"? Known: fork, spawn, forkserver.',
    },
    {
      wrong: 'a start method for Node',
      input: { ...plan, workload: { ...plan.workload, runtime: 'node' }, startMethod: 'fork' },
      text: 'Start method "fork" is given, but only Python has a choice of them.\nLeave the start method out.',
    },
    {
      wrong: 'a workload of the catalogue as a command',
      input: { ...plan, workload: { ...plan.workload, runtime: 'command' } },
      text: 'Workload "count-loop" does not run in command.\nChoose node or python.',
    },
    {
      wrong: "one's own work without saying where it is",
      input: { ...plan, workload: { ...plan.workload, id: 'module', runtime: 'node' } },
      text: 'Workload "module" is your own work, but the plan does not say where it is.\nChoose your own work by its file or command, or a workload of the catalogue by its name.',
    },
    {
      wrong: 'an unknown parameter',
      input: { ...plan, workload: { ...plan.workload, params: { loops: 3 } } },
      text: 'Workload "count-loop" has no parameter "loops".\nIts parameters are "n", "rounds".',
    },
    {
      wrong: 'an unknown field',
      input: { ...plan, shell: 'rm' },
      text: 'The plan does not fit: Unrecognized key: "shell".\nStart from a plan of this version.',
    },
    {
      wrong: 'something that is no plan',
      input: null,
      text: 'The plan does not fit: Invalid input: expected object, received null.\nStart from a plan of this version.',
    },
  ])('refuses $wrong and says what to do', ({ input, text }) => {
    expect(refusal(input)).toBe(text);
  });

  it('takes a plan of the first version, which knew no targets and no start methods', () => {
    const { target, ...workload } = plan.workload;
    const { startMethod, ...rest } = { ...plan, workload };
    expect([target, startMethod]).toEqual([null, null]);
    expect(parsePlan(rest)).toMatchObject({
      value: { startMethod: null, workload: { target: null } },
    });
  });

  it('refuses on Windows what Windows cannot do', () => {
    const windows: PlanSurroundings = { ...emptySystem, platform: 'win32' };
    expect(parsePlan({ ...plan, startMethod: 'fork' }, windows)).toMatchObject({
      problem: { message: 'Windows cannot start processes by "fork".' },
    });
    expect(parsePlan({ ...plan, startMethod: 'spawn' }, windows)).toMatchObject({ ok: true });
    const many = { ...plan, workerCounts: [2, 64], workload: { ...plan.workload, tasks: 64 } };
    expect(parsePlan({ ...many, strategies: ['process-pool'] }, windows)).toMatchObject({
      problem: {
        message:
          'Strategy "process-pool" cannot run "count-loop" here: Python\'s process pools have at most 61 workers on Windows.',
      },
    });
  });

  it('blames the workers, not the tasks that were taken over from them', () => {
    expect(refusal({ ...plan, workerCounts: [0], workload: { ...plan.workload, tasks: 0 } })).toMatch(
      /^workers is 0/,
    );
  });

  it('accepts exactly the limits and nothing beyond', () => {
    const [fewest, most] = planLimits.workers;
    const counts = [fewest - 1, fewest, most, most + 1];
    expect(counts.filter((count) => parsePlan({ ...plan, workerCounts: [count] }).ok)).toEqual([
      fewest,
      most,
    ]);
    for (const field of ['blocks', 'warmUpBlocks', 'timeoutMs', 'seed'] as const) {
      const [least, highest] = planLimits[field];
      const accepted = [least - 1, least, highest, highest + 1].filter(
        (value) => parsePlan({ ...plan, [field]: value }).ok,
      );
      expect(accepted, field).toEqual([least, highest]);
    }
  });

  it('answers any value with a plan or a problem, and never throws', () => {
    const almost = fc.record(
      {
        workload: fc.oneof(fc.constant(plan.workload), fc.anything()),
        strategies: fc.oneof(fc.constant(plan.strategies), fc.array(fc.anything())),
        workerCounts: fc.oneof(fc.anything(), fc.array(fc.integer({ min: -1, max: 300 }))),
        blocks: fc.anything(),
        pythonPath: fc.anything(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          almost.map((fields) => ({ ...plan, ...fields })),
        ),
        (input) => {
          const result = parsePlan(input);
          expect(result.ok || result.problem.message.length > 0).toBe(true);
          // What was accepted once is accepted again, unchanged: the app's page sends back what it was given.
          if (result.ok) expect(parsePlan(result.value)).toEqual(result);
        },
      ),
    );
  });
});
