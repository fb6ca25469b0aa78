import { describe, expect, it } from 'vitest';
import { PlanForm } from '../../../../src/renderer/state/plan-form.svelte.ts';
import { fail } from '../../../../src/shared/result.ts';
import { strategiesOf, strategyIds } from '../../../../src/shared/workload.ts';
import { drawnApp, drawnSurroundings } from '../../../support/drawn-app.ts';

describe('the launch panel', () => {
  it('starts with a comparison that can be run as it is', () => {
    const form = new PlanForm(drawnApp());
    expect(form.obstacle).toBeNull();
    expect(form.toPlan(42)).toEqual({
      workload: { id: 'count-loop', runtime: 'node', target: null, params: { rounds: 40 }, tasks: 8 },
      strategies: ['serial', 'threads', 'processes'],
      workerCounts: [1, 2, 4, 8],
      blocks: 7,
      controlPair: true,
      objective: 'balanced',
      warmUpBlocks: 1,
      timeoutMs: 60_000,
      seed: 42,
      pythonPath: null,
      startMethod: null,
    });
    // Serial once, threads and processes with four numbers of workers, eight blocks; seven more for the A/A pair.
    expect(form.runCount).toBe(9 * 8 + 7);
  });

  it('offers two workers even on one core, for that is the question', () => {
    expect(new PlanForm(drawnApp({ usableCores: 1 })).workerCounts).toEqual([1, 2, 4]);
  });

  it("takes the runtime's own defaults when the runtime changes", () => {
    const form = new PlanForm(drawnApp());
    form.chooseRuntime('python');
    expect(form.params).toEqual({ rounds: 1 });
  });

  it.each<[string, (form: PlanForm) => void, string]>([
    [
      'no strategy',
      (form) => {
        for (const id of strategyIds) form.strategies[id] = false;
      },
      'Choose at least one strategy.',
    ],
    [
      'no worker',
      (form) => (form.workersText = '0'),
      'Workers must be whole numbers from 1 to 256, such as 1, 2, 4.',
    ],
    [
      'half a worker',
      (form) => (form.workersText = '1, 1.5'),
      'Workers must be whole numbers from 1 to 256, such as 1, 2, 4.',
    ],
    [
      'an empty field',
      (form) => (form.chosenTasks = Number.NaN),
      'Tasks must be a whole number from 1 to 10 000.',
    ],
    ['no time', (form) => (form.options.timeoutSeconds = 0), 'Time limit must be from 0.1 to 86 400 s.'],
    [
      'a nice level beyond 19',
      (form) => (form.options.niceLevel = 20),
      'Nice level must be a whole number from -20 to 19.',
    ],
    [
      'a precision that no machine has',
      (form) => {
        form.blocks.thoroughness = 'auto';
        form.blocks.precisionPercent = 0.01;
      },
      'Precision must be from 0.1 to 100 %.',
    ],
    [
      'a parameter out of range',
      (form) => (form.params = { rounds: 1001 }),
      'Rounds must be a whole number from 1 to 1000.',
    ],
  ])('names what is wrong with %s', (_name, change, message) => {
    const form = new PlanForm(drawnApp());
    change(form);
    expect(form.obstacle).toBe(message);
  });

  it('reads numbers of workers as they are typed, each once', () => {
    const form = new PlanForm(drawnApp());
    form.workersText = '4 1;2,, 4';
    expect(form.workerCounts).toEqual([1, 2, 4]);
    expect(form.tasks).toBe(4);
    form.workersText = '3, 4';
    expect(form.tasks).toBe(12);
    form.chosenTasks = 5;
    form.workersText = '1, 8';
    expect(form.tasks).toBe(5);
    // Eight workers for five tasks are five.
    expect(form.runCount).toBe(5 * 8 + 7);
  });

  it('leaves the A/A pair out with one number of workers, unless it is asked for', () => {
    const form = new PlanForm(drawnApp());
    form.workersText = '4';
    expect(form.toPlan(1).controlPair).toBeUndefined();
    form.blocks.thoroughness = 'auto';
    expect(form.toPlan(1).controlPair).toBe(true);
    form.chosenControlPair = false;
    expect(form.toPlan(1).controlPair).toBeUndefined();
  });

  it('makes blocks that go on until the answer is narrow enough', () => {
    const form = new PlanForm(drawnApp());
    form.blocks.thoroughness = 'auto';
    form.blocks.precisionPercent = 5;
    form.blocks.budgetSeconds = 20;
    expect(form.toPlan(1)).toMatchObject({
      blocks: 100,
      adaptive: { targetHalfWidth: 0.05, timeMs: 20_000 },
    });
  });

  it('puts more options into the plan only where they were set', () => {
    const form = new PlanForm(drawnApp());
    expect(form.options.changedCount).toBe(0);
    form.options.timeoutSeconds = 0.5;
    form.options.memoryLimitMb = 500;
    form.options.niceLevel = -5;
    form.options.warmUpBlocks = 0;
    form.options.seed = 77;
    form.options.prepareCommand = ' make data ';
    expect(form.options.changedCount).toBe(6);
    expect(form.toPlan(1)).toMatchObject({
      timeoutMs: 500,
      memoryLimitBytes: 500e6,
      niceLevel: -5,
      warmUpBlocks: 0,
      seed: 77,
      prepareCommand: 'make data',
    });
    expect(form.toPlan(1).cleanupCommand).toBeUndefined();
  });

  it('gives a command what it reads and its variables', () => {
    const form = new PlanForm(drawnApp());
    form.chooseRuntime('command');
    form.own.commandLine = 'sort';
    form.own.stdinFile = '/data/words';
    form.own.environmentText = 'THREADS=1\n\n LC_ALL=C=x';
    expect(form.toPlan(1).workload.target).toMatchObject({
      stdinFile: '/data/words',
      environment: { THREADS: '1', LC_ALL: 'C=x' },
    });
    form.own.environmentText = 'THREADS';
    expect(form.obstacle).toBe('"THREADS" is no variable: write it like THREADS=1.');
  });

  it('needs not know the interpreters to make a plan: the engine finds them itself', () => {
    const form = new PlanForm(drawnApp());
    form.chooseRuntime('python');
    expect(form.python).toBeNull();
    expect(form.interpreter).toBeNull();
    expect(form.obstacle).toBeNull();
    expect(form.toPlan(1).pythonPath).toBeNull();
    form.surroundings = drawnSurroundings();
    expect(form.python?.version).toBe('1.0');
    expect(form.startMethods).toEqual(['fork', 'spawn']);
  });

  it('says that Python is missing only when Python is chosen', () => {
    const form = new PlanForm(drawnApp());
    const python = fail('python-not-found', 'No Python was found.', 'Install it.');
    form.surroundings = drawnSurroundings({ python });
    expect(form.obstacle).toBeNull();
    form.chooseRuntime('python');
    expect(form.obstacle).toBe('No Python was found.');
    expect(form.interpreterProblem?.advice).toBe('Install it.');
  });

  it('lists every strategy of the runtime, and what cannot run is not in the plan, however it was chosen', () => {
    const form = new PlanForm(drawnApp());
    form.strategies['async'] = true;
    form.strategies['cluster'] = true;
    expect(form.offers.map(({ strategy }) => strategy)).toEqual(strategiesOf.node);
    form.receiveOffers(
      form.question,
      form.offers.map(({ strategy }) =>
        strategy === 'cluster'
          ? { strategy, available: false, reason: 'It serves no port.' }
          : { strategy, available: true },
      ),
    );
    expect(form.toPlan(1).strategies).toEqual(['serial', 'async', 'threads', 'processes']);
  });

  it('does not take an answer about Node for one about Python', () => {
    const form = new PlanForm(drawnApp());
    form.receiveOffers(form.question, [{ strategy: 'serial', available: false, reason: 'No.' }]);
    form.chooseRuntime('python');
    expect(form.offers.map(({ strategy }) => strategy)).toEqual(strategiesOf.python);
    expect(form.offers.every(({ available }) => available)).toBe(true);
  });

  it('makes a plan of a module that was dropped', () => {
    const form = new PlanForm(drawnApp());
    form.chooseRuntime('command');
    expect(form.takeFile('/home/me/work.mts')).toBeNull();
    expect(form.toPlan(1).workload).toEqual({
      id: 'module',
      runtime: 'node',
      target: { kind: 'module', path: '/home/me/work.mts' },
      params: {},
      tasks: 8,
    });
  });

  it('makes a plan of a Python function once it has a name and arguments', () => {
    const form = new PlanForm(drawnApp());
    expect(form.takeFile('/home/me/work.py')).toBeNull();
    expect(form.obstacle).toBe('Name the function of your Python file.');
    form.own.functionName = 'simulate';
    form.own.argsText = '{"a": 1}';
    expect(form.obstacle).toBe('The arguments must be a JSON list, such as [1000, "{index}"].');
    form.own.argsText = '[1000, "{index}"]';
    expect(form.toPlan(1).workload).toMatchObject({
      id: 'function',
      runtime: 'python',
      target: {
        kind: 'function',
        path: '/home/me/work.py',
        functionName: 'simulate',
        args: [1000, '{index}'],
      },
    });
  });

  it('runs a Python file as a script, with the Python that would have run the function', () => {
    const form = new PlanForm(drawnApp());
    form.surroundings = drawnSurroundings();
    form.takeFile('/home/me/my work.py');
    form.runAsScript();
    expect(form.toPlan(1)).toMatchObject({
      workload: {
        id: 'command',
        runtime: 'command',
        target: { kind: 'command', argv: ['/usr/bin/x', '/home/me/my work.py'], cwd: null },
      },
      strategies: ['serial', 'copies'],
      pythonPath: null,
    });
  });

  it('refuses a file that it cannot run, and keeps the form as it was', () => {
    const form = new PlanForm(drawnApp());
    expect(form.takeFile('/home/me/work.rb')).toMatch(/takes .js, .ts and .py files/);
    expect(form.toPlan(1).workload.id).toBe('count-loop');
  });

  it('offers the start methods of the Python that will run, and none elsewhere', () => {
    const form = new PlanForm(drawnApp());
    form.surroundings = drawnSurroundings();
    expect(form.startMethods).toEqual([]);
    form.chooseRuntime('python');
    expect(form.startMethods).toEqual(['fork', 'spawn']);
  });

  it('names the Python that was picked, and only a start method that it has', () => {
    const form = new PlanForm(drawnApp());
    form.surroundings = drawnSurroundings();
    form.chooseRuntime('python');
    const other = {
      path: '/opt/python',
      version: '3.14.0',
      implementation: 'CPython',
      gilEnabled: false,
      freeThreadedBuild: true,
      startMethods: ['forkserver', 'spawn'] as const,
    };
    form.choosePython(other);
    form.startMethod = 'forkserver';
    expect(form.toPlan(1)).toMatchObject({ pythonPath: '/opt/python', startMethod: 'forkserver' });
    form.choosePython({ ...other, path: '/opt/other', startMethods: ['spawn'] });
    expect(form.toPlan(1)).toMatchObject({ pythonPath: '/opt/other', startMethod: null });
    form.choosePython({ ...other, path: '/usr/bin/x' });
    expect(form.toPlan(1).pythonPath).toBeNull();
  });
});
