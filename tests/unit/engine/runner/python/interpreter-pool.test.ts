import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { checksumOf, eventsOf, failureOf, finishOf, python, pythonFolder, runHost } from './python-host.ts';

const hasInterpreterPool = python !== null && Number(python.version.split('.')[1]) >= 14;

/** The strategy with a stand-in for the executor, which is a ThreadPoolExecutor as well: all but the interpreters. */
const script = `
import json, sys
sys.path.insert(0, sys.argv[1])
from concurrent.futures import ThreadPoolExecutor
import pickle
from corescope_host import event_channel
from corescope_host.collector import Collector
from corescope_host.plan import read_plan
from corescope_host.strategies import interpreter_pool

class Executor(ThreadPoolExecutor):
    """Pickles what goes in and out, as interpreters need it."""
    def __init__(self, initializer, initargs, **options):
        super().__init__(initializer=initializer, initargs=pickle.loads(pickle.dumps(initargs)), **options)
    def submit(self, function, *args):
        return super().submit(lambda: pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(function))(*args))))

event_channel.EVENT_DESCRIPTOR = 1
plan = read_plan(json.dumps({"protocol": 3, "workloadId": "sleep", "target": None, "params": {"seconds": 0.03},
    "tasks": 5, "strategy": "interpreter-pool", "workers": 3, "startMethod": None, "seed": 0,
    "onWorkerFailure": "stop"}))
collector = Collector(plan)
interpreter_pool.run(plan, collector, None, Executor)
print(json.dumps({"type": "results", "results": collector.results()[0]}))
`;

const toldSchema = z.object({
  type: z.string(),
  worker: z.union([z.object({ index: z.int(), kind: z.string() }), z.int().transform(() => null)]).optional(),
  task: z.int().optional(),
  results: z.array(z.string()).optional(),
});

describe.skipIf(python === null)('a pool of interpreters', () => {
  it('is told what it needs where Python is too old', async ({ skip }) => {
    if (hasInterpreterPool) skip('this Python has it');
    expect(failureOf(await runHost({ strategy: 'interpreter-pool' }))).toBe(
      `a pool of interpreters needs Python 3.14 or newer; this is ${python?.version ?? ''}`,
    );
  });

  it('runs where Python has it', async ({ skip }) => {
    if (!hasInterpreterPool) skip('needs Python 3.14');
    const run = await runHost({ strategy: 'interpreter-pool', tasks: 3 });
    expect(finishOf(run).checksum).toBe(checksumOf('499500', '499500', '499500'));
    expect(eventsOf(run, 'worker-ready').map(({ worker }) => worker.kind)).toEqual([
      'interpreter',
      'interpreter',
    ]);
  });

  it('tells by pipes and results what its workers do', () => {
    const ran = spawnSync(python?.path ?? '', ['-B', '-c', script, pythonFolder], { encoding: 'utf8' });
    expect(ran.stderr).toBe('');
    const told = ran.stdout
      .trim()
      .split('\n')
      .map((line) => toldSchema.parse(JSON.parse(line)));
    const ready = told.filter(({ type }) => type === 'worker-ready');
    expect(ready.map(({ worker }) => worker?.index).toSorted()).toEqual([0, 1, 2]);
    expect(new Set(ready.map(({ worker }) => worker?.kind))).toEqual(new Set(['interpreter']));
    for (const type of ['task-started', 'task-finished']) {
      expect(
        told
          .filter((event) => event.type === type)
          .map(({ task }) => task)
          .toSorted(),
      ).toEqual([0, 1, 2, 3, 4]);
    }
    expect(told.filter(({ type }) => type === 'worker-exited')).toHaveLength(3);
    expect(told.at(-1)?.results).toEqual(
      ['t1', 't2', 't3', 't4', 't5'].map((thread) => `greeting from - ${thread}`),
    );
  });
});
